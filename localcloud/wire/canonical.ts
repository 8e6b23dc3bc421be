/**
 * What the signature of a request must be: the canonical request, the text to sign and the signing key of AWS Signature
 * Version 4 (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html).
 */
import { createHmac, hash } from 'node:crypto';
import { ServiceError } from '../service.ts';
import { HmacKey } from './hmac.ts';
import type { WireRequest } from './message.ts';

/** What a signature claims, before it is verified. */
export interface Claim {
  readonly accessKeyId: string;
  /** `20260105`. */
  readonly day: string;
  readonly region: string;
  readonly service: string;
  readonly signedHeaders: readonly string[];
  /** The same as it was written, `host;x-amz-date`. */
  readonly signedNames: string;
  readonly signature: string;
}

/** A refusal of the caller, which is 403 in every protocol. */
export const refused = (code: string, message: string) => new ServiceError(code, message, { status: 403 });

/** The signature that the holder of the secret would have given. */
export function signatureOf(request: WireRequest, claim: Claim, secret: string): string {
  const [path, query = ''] = split(request.path);
  let headers = '';
  for (const name of claim.signedHeaders) headers += `${name}:${squeezed(request.headers[name] ?? '')}\n`;
  const place = `${request.method}\n${canonicalPath(path)}\n${canonicalQuery(query)}`;
  const canonical = `${place}\n${headers}\n${claim.signedNames}\n${hash('sha256', request.body)}`;
  const scope = `${claim.day}/${claim.region}/${claim.service}/aws4_request`;
  const text = `AWS4-HMAC-SHA256\n${request.headers['x-amz-date']}\n${scope}\n${hash('sha256', canonical)}`;
  return signingKey(claim, secret, scope).digest(text);
}

/** A header's value as it is signed: without blanks around it, and one where there are several. */
const squeezed = (value: string): string =>
  value.includes('  ') || value.startsWith(' ') || value.endsWith(' ') ? value.trim().replace(/ +/g, ' ') : value;

const split = (path: string): [string, string?] => {
  const mark = path.indexOf('?');
  return mark < 0 ? [path] : [path.slice(0, mark), path.slice(mark + 1)];
};

/** Encoded once more than it travels: every service but S3 does so. */
const canonicalPath = (path: string): string =>
  path === '/'
    ? path
    : path
        .replace(/\/{2,}/g, '/')
        .split('/')
        .map(encode)
        .join('/');

function canonicalQuery(query: string): string {
  if (query === '') return '';
  const pairs = query.split('&').map((pair) => {
    const mark = pair.indexOf('=');
    const [name, value] = mark < 0 ? [pair, ''] : [pair.slice(0, mark), pair.slice(mark + 1)];
    return [encode(decoded(name)), encode(decoded(value))] as const;
  });
  pairs.sort(([a, x], [b, y]) => (a === b ? compare(x, y) : compare(a, b)));
  return pairs.map(([name, value]) => `${name}=${value}`).join('&');
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw refused('IncompleteSignatureException', `'${text}' in the query is not percent-encoded UTF-8`);
  }
}

const encode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);

const signingKeys = new Map<string, HmacKey>();
const SIGNING_KEYS_KEPT = 1_000;

/** Four HMACs, the same for all requests of a key, day, region and service; kept, the oldest going first. */
function signingKey({ day, region, service }: Claim, secret: string, scope: string): HmacKey {
  const name = `${scope}/${secret}`;
  const known = signingKeys.get(name);
  if (known) return known;
  let bytes: Buffer = Buffer.from(`AWS4${secret}`);
  for (const part of [day, region, service, 'aws4_request']) bytes = createHmac('sha256', bytes).update(part).digest();
  if (signingKeys.size >= SIGNING_KEYS_KEPT) signingKeys.delete(signingKeys.keys().next().value!);
  const key = new HmacKey(bytes);
  signingKeys.set(name, key);
  return key;
}
