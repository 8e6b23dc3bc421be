/** Signs requests as the administrator: those that are no AWS SDK's, and those whose SDK goes by another clock than the cloud's. */
import { type Claim, signatureOf } from './canonical.ts';
import type { WireRequest } from './message.ts';
import { claimOf } from './signature.ts';

export interface ToSign {
  readonly method: string;
  /** Percent-encoded. */
  readonly path: string;
  /** For example `127.0.0.1:4566`. */
  readonly host: string;
  readonly body: string;
}

/** @param now milliseconds since 1970 */
export function signed({ method, path, host, body }: ToSign, now: number): WireRequest & { headers: HeadersOf } {
  const time = stampOf(now);
  const headers = { host, 'content-type': 'application/json', 'x-amz-date': time };
  const request = { method, path, headers, body: Buffer.from(body) };
  // A route of the local cloud's own belongs to no service and no region; a signature must name some.
  const place = { day: time.slice(0, 8), region: 'us-east-1', service: 'cloudformation' };
  const signedHeaders = Object.keys(headers).sort();
  const claim = { accessKeyId: 'test', ...place, signedHeaders, signedNames: signedHeaders.join(';'), signature: '' };
  return { ...request, headers: { ...headers, authorization: authorizationOf(request, claim) } };
}

/**
 * The same request as if it were signed at another time: its SDK signs by this machine's clock. One that is not the
 * administrator's stays as it is.
 * @param now milliseconds since 1970
 */
export function signedAnew(request: WireRequest, now: number): WireRequest {
  const claim = claimOf(request);
  if (claim.accessKeyId !== 'test') return request;
  const time = stampOf(now);
  const dated = { ...request, headers: { ...request.headers, 'x-amz-date': time } };
  const authorization = authorizationOf(dated, { ...claim, day: time.slice(0, 8) });
  return { ...dated, headers: { ...dated.headers, authorization } };
}

/** As in `20260105T080000Z`. */
const stampOf = (now: number): string => new Date(now).toISOString().replace(/[-:]|\.\d{3}/g, '');

function authorizationOf(request: WireRequest, claim: Claim): string {
  const { day, region, service, signedNames } = claim;
  const signature = signatureOf(request, claim, 'test');
  return `AWS4-HMAC-SHA256 Credential=test/${day}/${region}/${service}/aws4_request, SignedHeaders=${signedNames}, Signature=${signature}`;
}

type HeadersOf = Record<string, string>;
