/**
 * Stands in shared libraries for `@smithy/signature-v4`: says who asks, when, and of which service in which region, but
 * leaves the signature out, which is three hashes of every request. What it never did before it does as ever.
 */
import { HttpRequest } from '@smithy/core/protocols';
import { SignatureV4 as Real } from '@smithy/signature-v4';

export * from '@smithy/signature-v4';

interface Signing {
  readonly signingDate?: Date;
  readonly signingRegion?: string;
  readonly signingService?: string;
}

/** The place of a signature; the cloud does not look at it where it lets such requests in. */
const NO_SIGNATURE = '0'.repeat(64);

export class SignatureV4 extends Real {
  override async sign(toSign: any, options: any = {}): Promise<any> {
    return typeof toSign === 'object' && 'hostname' in toSign
      ? this.#name(toSign, options)
      : super.sign(toSign, options);
  }

  async #name(toSign: HttpRequest, { signingDate = new Date(), signingRegion, signingService }: Signing) {
    const { accessKeyId, sessionToken } = await (this as any).credentialProvider();
    const region = signingRegion ?? (await (this as any).regionProvider());
    const request = HttpRequest.clone(toSign);
    // 2026-01-05T08:00:00.000Z as 20260105T080000Z.
    const time = signingDate.toISOString();
    const day = time.slice(0, 4) + time.slice(5, 7) + time.slice(8, 10);
    request.headers['x-amz-date'] = `${day}T${time.slice(11, 13)}${time.slice(14, 16)}${time.slice(17, 19)}Z`;
    if (sessionToken) request.headers['x-amz-security-token'] = sessionToken;
    const scope = `${accessKeyId}/${day}/${region}/${signingService ?? (this as any).service}/aws4_request`;
    request.headers.authorization = `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=${NO_SIGNATURE}`;
    return request;
  }
}
