/**
 * One request in, one answer out, without a socket: who signed it, which action it asks for, the call, and the answer
 * in the words of the client's protocol. The live driver puts HTTP before it, the virtual driver calls it in process.
 * Everything up to the call happens before `answer` returns its promise, so calls are taken in the order of arrival.
 */
import { gunzipSync } from 'node:zlib';
import type { Cloud } from '../cloud.ts';
import { isServiceError, type Principal, ServiceError } from '../service.ts';
import { lookUp } from '../sts/credentials.ts';
import type { Claim } from './canonical.ts';
import { type Front, frontOf, frontOfTarget, serviceNames } from './fronts.ts';
import { NO_ANSWER, type WireRequest, type WireResponse } from './message.ts';
import { pageOf } from './page.ts';
import { json } from './protocols/json.ts';
import type { Protocol } from './protocols/protocol.ts';
import { query } from './protocols/query.ts';
import { restJson } from './protocols/rest-json.ts';
import { CLOCK_SKEW, claimOf, type KnownKey, verify } from './signature.ts';

export { NO_ANSWER, type WireRequest, type WireResponse } from './message.ts';

export interface AnswerOptions {
  /** Whose an access key is. Default: the keys that the cloud's STS issued, and `test`/`test`. */
  readonly lookUp?: (cloud: Cloud, accessKeyId: string) => KnownKey | undefined;
  /** By how many milliseconds a signature's time may differ from the cloud's. Default: 15 minutes. */
  readonly clockSkew?: number;
  /** Whether signatures are verified, beside all else that a request says of its caller. Default true. */
  readonly signed?: boolean;
  /** The invocation that an execution environment is at, if the principal is one. Default: none. */
  readonly currentInvocation?: (cloud: Cloud, region: string, principal: Principal) => string | undefined;
  /** What `GET /health` says beside the rest. */
  readonly about?: Readonly<Record<string, unknown>>;
  /** Called when a call has been taken, committed or parked, and is not yet answered: the live driver takes the agenda forward here. */
  readonly afterStep?: () => void;
  /** Called with an error that no service meant to throw; the client has a 500 for it. */
  readonly onBug?: (error: unknown, where: string) => void;
}

/** Answers a request; never rejects. */
export async function answer(cloud: Cloud, request: WireRequest, options: AnswerOptions = {}): Promise<WireResponse> {
  const page = pageOf(cloud, request, options.about);
  if (page) return dated(page, cloud);
  const reply = { request, requestId: cloud.dice.uuid('request id') };
  const protocol = protocolOf(request);
  let front = frontOfTarget(targetOf(request));
  let where = `${request.method} ${request.path}`;
  try {
    const claim = claimOf(request);
    front = frontFor(claim, protocol);
    const principal = principalOf(cloud, request, { claim, options });
    const operation = protocol.find(request, front);
    where = `${front.service}:${operation.name}`;
    const input = protocol.read(request, inflated(request), operation);
    const invocation = options.currentInvocation?.(cloud, claim.region, principal);
    const taken = cloud.request({
      service: front.service,
      region: claim.region,
      action: operation.name,
      input,
      principal,
      ...(invocation === undefined ? {} : { invocation }),
    });
    afterStep(options);
    return dated(protocol.write(await taken, { front, operation }, reply), cloud);
  } catch (error) {
    if (isServiceError(error)) {
      if (error.status === NO_ANSWER) return { status: NO_ANSWER, headers: {}, body: '' };
      return dated(protocol.refuse(error, front, reply), cloud);
    }
    options.onBug?.(error, where);
    const message = error instanceof Error ? error.message : String(error);
    return dated(protocol.refuse(new ServiceError('InternalFailure', message, { status: 500 }), front, reply), cloud);
  }
}

/** A fault in what falls due now is not the fault of the request that set it off. */
function afterStep(options: AnswerOptions): void {
  try {
    options.afterStep?.();
  } catch (error) {
    options.onBug?.(error, 'agenda');
  }
}

function targetOf({ headers: { 'x-amz-target': target = '' } }: WireRequest): string {
  const dot = target.indexOf('.');
  return dot < 0 ? target : target.slice(0, dot);
}

function protocolOf(request: WireRequest): Protocol {
  if (request.headers['x-amz-target'] !== undefined) return json;
  const form = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded');
  return form || /[?&]Action=/.test(request.path) ? query : restJson;
}

/** @throws ServiceError `NotImplemented`, 501, for a service, or for a protocol of the service, that the front does not speak */
function frontFor(claim: Claim, protocol: Protocol): Front {
  const front = frontOf(claim.service);
  if (!front) {
    throw notImplemented(`the local cloud has no service ${claim.service}; it has ${serviceNames.join(', ')}`);
  }
  const speaks =
    (protocol === json && front.speaks === 'json') ||
    (protocol === query && front.namespace !== undefined) ||
    (protocol === restJson && front.speaks === 'rest-json');
  if (speaks) return front;
  throw notImplemented(`the local cloud does not speak this protocol with ${front.service}; use ${front.speaks}`);
}

const notImplemented = (message: string) => new ServiceError('NotImplemented', message, { status: 501 });

/** Who signed a request. @throws ServiceError as AWS does, when nobody did as they should */
export function principalOf(
  cloud: Cloud,
  request: WireRequest,
  by: { claim: Claim; options: AnswerOptions },
): Principal {
  const { claim, options } = by;
  judgeRegion(claim.region);
  const key = (options.lookUp ?? lookUp)(cloud, claim.accessKeyId);
  const { clockSkew = CLOCK_SKEW, signed = true } = options;
  return verify(request, claim, { key, now: cloud.now(), clockSkew, signed });
}

/**
 * A region exists once it is used: without this, every misspelt one would.
 * @throws ServiceError `InvalidSignatureException`
 */
export function judgeRegion(region: string): void {
  if (/^[a-z]{2}(-[a-z]+)+-\d+$/.test(region)) return;
  const message = `Credential should be scoped to a valid region, not '${region}'`;
  throw new ServiceError('InvalidSignatureException', message, { status: 403 });
}

/** CloudWatch's clients compress metric data above 10 KB; the signature covers the compressed form. */
function inflated(request: WireRequest): Uint8Array {
  const encoding = request.headers['content-encoding'] ?? 'identity';
  if (encoding === 'identity') return request.body;
  if (encoding !== 'gzip')
    throw notImplemented(`the local cloud does not support Content-Encoding ${encoding}; it knows gzip`);
  try {
    return gunzipSync(request.body);
  } catch (error) {
    throw new ServiceError('SerializationException', `the body is not gzip: ${(error as Error).message}`);
  }
}

/** The cloud's time goes with every answer: clients correct their clocks by it. */
function dated(response: WireResponse, cloud: Cloud): WireResponse {
  const second = Math.floor(cloud.now() / 1000);
  if (second !== lastSecond) {
    lastSecond = second;
    lastDate = new Date(second * 1000).toUTCString();
  }
  return { status: response.status, headers: { ...response.headers, date: lastDate }, body: response.body };
}

let lastSecond = Number.NaN;
let lastDate = '';
