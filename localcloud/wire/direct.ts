/**
 * A call that says who makes it and is not put into words: what functions with shared libraries send in place of an HTTP
 * request. It meets the same keys, clocks, gates and cores; an error comes back in words, for the SDK to read.
 */
import type { Cloud } from '../cloud.ts';
import { isServiceError, type Principal, ServiceError } from '../service.ts';
import { lookUp } from '../sts/credentials.ts';
import { judgeRegion } from './answer.ts';
import { frontOf } from './fronts.ts';
import { NO_ANSWER, type WireResponse } from './message.ts';
import { json } from './protocols/json.ts';
import { CLOCK_SKEW, judgeKey } from './signature.ts';

export interface DirectRequest {
  /** The signing name of a service that speaks JSON. */
  readonly service: string;
  readonly region: string;
  readonly action: string;
  /** As the SDK types it, and the caller's no longer. */
  readonly input: unknown;
  readonly accessKeyId: string;
  readonly sessionToken?: string | undefined;
  /** Milliseconds since 1970, by the caller's clock. */
  readonly signedAt: number;
}

export interface DirectAnswer {
  readonly requestId: string;
  /** The cloud's time, which goes with every answer, in whole seconds. */
  readonly date: number;
  /** What was answered; the cloud's own. Undefined for an error. */
  readonly output?: unknown;
  /** An error as the client reads it; with the status `NO_ANSWER`, there is none to read. */
  readonly refusal?: WireResponse;
}

export interface DirectOptions {
  readonly currentInvocation: (cloud: Cloud, region: string, principal: Principal) => string | undefined;
  /** Called with an error that no service meant to throw; the client has a 500 for it. */
  readonly onBug: (error: unknown) => void;
}

export const isDirect = (service: string): boolean => frontOf(service)?.speaks === 'json';

/** As it would stand in `x-amz-target`. */
export const targetOf = ({ service, action }: DirectRequest): string => `${frontOf(service)?.target}.${action}`;

/** Answers a call; never rejects. */
export async function answerDirect(
  cloud: Cloud,
  request: DirectRequest,
  options: DirectOptions,
): Promise<DirectAnswer> {
  const { service, region, action, input } = request;
  const requestId = cloud.dice.uuid('request id');
  const stamped = () => ({ requestId, date: Math.floor(cloud.now() / 1000) * 1000 });
  try {
    const principal = principalOf(cloud, request);
    const invocation = options.currentInvocation(cloud, region, principal);
    const call = { service, region, action, input, principal };
    const output = await cloud.request(invocation === undefined ? call : { ...call, invocation });
    return { ...stamped(), output: output ?? {} };
  } catch (thrown) {
    const error = isServiceError(thrown) ? thrown : bug(thrown, options);
    if (error.status === NO_ANSWER) return { ...stamped(), refusal: { status: NO_ANSWER, headers: {}, body: '' } };
    const asked = { method: 'POST', path: '/', headers: { 'x-amzn-query-mode': 'true' }, body: NOTHING };
    const refusal = json.refuse(error, frontOf(service), { request: asked, requestId });
    return { ...stamped(), refusal };
  }
}

const NOTHING = new Uint8Array();

function bug(thrown: unknown, { onBug }: DirectOptions): ServiceError {
  onBug(thrown);
  return new ServiceError('InternalFailure', thrown instanceof Error ? thrown.message : String(thrown), {
    status: 500,
  });
}

function principalOf(cloud: Cloud, { region, accessKeyId, sessionToken, signedAt }: DirectRequest): Principal {
  judgeRegion(region);
  const key = lookUp(cloud, accessKeyId);
  return judgeKey({ sessionToken, signedAt }, { key, now: cloud.now(), clockSkew: CLOCK_SKEW }).principal;
}
