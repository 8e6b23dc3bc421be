/**
 * Who signed a request: AWS Signature Version 4 in the Authorization header, checked as AWS checks it
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html). The scope of the
 * signature also says which service and which region are meant, so that one port serves all of them.
 */
import { type Principal, ServiceError } from '../service.ts';
import { type Claim, refused, signatureOf } from './canonical.ts';
import type { WireRequest } from './message.ts';

/** What is known of an access key. */
export interface KnownKey {
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly principal: Principal;
  /** Milliseconds since 1970. */
  readonly expiresAt?: number;
}

/** How much a request's time may differ from the cloud's, in milliseconds. */
export const CLOCK_SKEW = 15 * 60_000;

const HEADER = /^AWS4-HMAC-SHA256\s+Credential=([^,\s]+),\s*SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]{64})$/;

/**
 * Reads the Authorization header.
 * @throws ServiceError by the names of AWS's JSON protocols; the query protocol writes its own (`error-codes.ts`)
 */
export function claimOf(request: WireRequest): Claim {
  const header = request.headers.authorization;
  if (header === undefined) {
    if (/[?&]X-Amz-(Signature|Algorithm)=/i.test(request.path)) {
      throw notSupported('a presigned URL (X-Amz-Signature in the query)');
    }
    throw refused('MissingAuthenticationTokenException', 'Missing Authentication Token');
  }
  if (header.startsWith('AWS4-ECDSA-P256-SHA256')) throw notSupported('AWS4-ECDSA-P256-SHA256 (SigV4A)');
  const end = header.length - SIGNATURE_LENGTH;
  const scope = header.slice(0, end);
  const known = scopes.get(scope);
  if (known) return { ...known, signature: header.slice(end) };
  const [, credential, signedHeaders, signature] = HEADER.exec(header) ?? [];
  const [accessKeyId, day, region, service, terminator] = credential?.split('/') ?? [];
  if (!accessKeyId || !day || !region || !service || terminator !== 'aws4_request') {
    throw refused(
      'IncompleteSignatureException',
      'Authorization header requires AWS4-HMAC-SHA256 with Credential=<key>/<day>/<region>/<service>/aws4_request, SignedHeaders and Signature',
    );
  }
  const names = { signedHeaders: signedHeaders!.split(';'), signedNames: signedHeaders! };
  const claimed = { accessKeyId, day, region, service, ...names };
  if (scopes.size >= SCOPES_KEPT) scopes.delete(scopes.keys().next().value!);
  scopes.set(scope, claimed);
  return { ...claimed, signature: signature! };
}

/** Hexadecimal digits of a SHA-256. */
const SIGNATURE_LENGTH = 64;
/** What a client claims is the same all day, but for the signature itself. */
const scopes = new Map<string, Omit<Claim, 'signature'>>();
const SCOPES_KEPT = 1000;

const notSupported = (what: string) =>
  new ServiceError(
    'NotImplemented',
    `the local cloud does not support ${what}; sign the header with AWS4-HMAC-SHA256`,
    {
      status: 501,
    },
  );

/** What a claim is judged by. */
export interface Evidence {
  readonly key: KnownKey | undefined;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Milliseconds; infinite to leave the time unjudged. */
  readonly clockSkew: number;
  /** Whether the signature itself is verified. */
  readonly signed: boolean;
}

/**
 * Verifies a claim and returns whose it is.
 * @throws ServiceError `UnrecognizedClientException`, `ExpiredTokenException`, `InvalidSignatureException`,
 *   `IncompleteSignatureException`
 */
export function verify(request: WireRequest, claim: Claim, evidence: Evidence): Principal {
  const signedAt = request.headers['x-amz-date'] ?? '';
  const time = timeOf(signedAt);
  if (Number.isNaN(time) || signedAt.slice(0, 8) !== claim.day) {
    throw refused(
      'IncompleteSignatureException',
      `X-Amz-Date must be given, as 20260105T080000Z, on the day of the Credential; it is '${signedAt}'`,
    );
  }
  const sessionToken = request.headers['x-amz-security-token'];
  const key = judgeKey({ sessionToken, signedAt: time }, evidence);
  if (evidence.signed && signatureOf(request, claim, key.secretAccessKey) !== claim.signature) {
    throw refused(
      'InvalidSignatureException',
      'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
    );
  }
  return key.principal;
}

/**
 * Judges all that a caller says of itself but for the signature.
 * @throws ServiceError `UnrecognizedClientException`, `ExpiredTokenException`, `InvalidSignatureException`
 */
export function judgeKey(
  said: { readonly sessionToken: string | undefined; readonly signedAt: number },
  { key, now, clockSkew }: Omit<Evidence, 'signed'>,
): KnownKey {
  if (!key || key.sessionToken !== said.sessionToken) {
    throw refused('UnrecognizedClientException', 'The security token included in the request is invalid.');
  }
  if (key.expiresAt !== undefined && key.expiresAt <= now) {
    throw refused('ExpiredTokenException', 'The security token included in the request is expired');
  }
  judgeTime(said.signedAt, now, clockSkew);
  return key;
}

/** Milliseconds since 1970 of `20260105T080000Z`. Requests of one second have the same, so the last is kept. */
function timeOf(text: string): number {
  if (text !== lastText) {
    lastText = text;
    lastTime = parsed(text);
  }
  return lastTime;
}

let lastText = '';
let lastTime = Number.NaN;

function parsed(text: string): number {
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text) ?? [];
  return Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
}

function judgeTime(time: number, now: number, clockSkew: number): void {
  const minutes = clockSkew / 60_000;
  if (time < now - clockSkew) {
    const limit = `${stamp(now - clockSkew)} (${stamp(now)} - ${minutes} min.)`;
    throw refused('InvalidSignatureException', `Signature expired: ${stamp(time)} is now earlier than ${limit}`);
  }
  if (time > now + clockSkew) {
    const limit = `${stamp(now + clockSkew)} (${stamp(now)} + ${minutes} min.)`;
    throw refused(
      'InvalidSignatureException',
      `Signature not yet current: ${stamp(time)} is still later than ${limit}`,
    );
  }
}

const stamp = (time: number): string => new Date(time).toISOString().replace(/[-:]|\.\d{3}/g, '');
