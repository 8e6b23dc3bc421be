/** Signs a request as the administrator, for the few calls that are no AWS SDK's. */
import { signatureOf } from './canonical.ts';
import type { WireRequest } from './message.ts';

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
  const time = new Date(now).toISOString().replace(/[-:]|\.\d{3}/g, '');
  const headers = { host, 'content-type': 'application/json', 'x-amz-date': time };
  const request = { method, path, headers, body: Buffer.from(body) };
  // A route of the local cloud's own belongs to no service and no region; a signature must name some.
  const place = { day: time.slice(0, 8), region: 'us-east-1', service: 'cloudformation' };
  const signedHeaders = Object.keys(headers).sort();
  const claim = { accessKeyId: 'test', ...place, signedHeaders, signedNames: signedHeaders.join(';'), signature: '' };
  const signature = signatureOf(request, claim, 'test');
  const credential = `test/${place.day}/${place.region}/${place.service}/aws4_request`;
  const authorization = `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${claim.signedNames}, Signature=${signature}`;
  return { ...request, headers: { ...headers, authorization } };
}

type HeadersOf = Record<string, string>;
