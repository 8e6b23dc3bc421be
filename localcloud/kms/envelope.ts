/**
 * Ciphertext: which key made it, a nonce, and AES-256-GCM over the plaintext with the encryption context as additional
 * data, so that a wrong context, a foreign key or a changed bit cannot be read, here as on AWS.
 *
 * ┌─────────┬────────────┬───────┬────────────┬─────┐
 * │ version │ key's UUID │ nonce │ ciphertext │ tag │
 * │ 1 byte  │ 16         │ 12    │ n          │ 16  │
 * └─────────┴────────────┴───────┴────────────┴─────┘
 */
import { createCipheriv, createDecipheriv } from 'node:crypto';
import { type Context, ServiceError } from '../service.ts';
import { invalid, type StoredKey } from './state.ts';

const VERSION = 1;
const HEAD = 17;
const NONCE = 12;
const TAG = 16;

/** What the caller binds to the ciphertext. The order of its members does not matter. */
export type EncryptionContext = Readonly<Record<string, string>>;

/** Encrypts under a key. Nonces come from the dice: a run repeats to the byte. */
export function seal(key: StoredKey, plaintext: Uint8Array, bound: EncryptionContext, context: Context): Uint8Array {
  const nonce = Buffer.from(context.dice.hex(2 * NONCE, 'kms', 'nonce', key.id), 'hex');
  const head = headOf(key.id);
  const cipher = createCipheriv('aes-256-gcm', key.material, nonce);
  cipher.setAAD(additional(head, bound));
  const body = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  return plain(Buffer.concat([head, nonce, body, cipher.getAuthTag()]));
}

/**
 * Decrypts under the key that made the blob.
 * @throws ServiceError `InvalidCiphertextException`, which says no more, as AWS's does not
 */
export function open(key: StoredKey, blob: Uint8Array, bound: EncryptionContext): Uint8Array {
  const nonce = blob.subarray(HEAD, HEAD + NONCE);
  const decipher = createDecipheriv('aes-256-gcm', key.material, nonce);
  decipher.setAAD(additional(headOf(key.id), bound));
  decipher.setAuthTag(blob.subarray(blob.length - TAG));
  try {
    return plain(Buffer.concat([decipher.update(blob.subarray(HEAD + NONCE, blob.length - TAG)), decipher.final()]));
  } catch {
    throw unreadable();
  }
}

/**
 * The id of the key that made a blob.
 * @throws ServiceError `InvalidCiphertextException` when it is no blob of ours
 */
export function keyIdIn(blob: Uint8Array): string {
  if (blob.length < HEAD + NONCE + TAG || blob[0] !== VERSION) throw unreadable();
  const digits = Buffer.from(blob.subarray(1, HEAD)).toString('hex');
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** @throws ServiceError `ValidationException` when it is not bytes, or not as many as allowed */
export function bytes(value: Uint8Array | undefined, what: string, longest: number): Uint8Array {
  if (value instanceof Uint8Array && value.length >= 1 && value.length <= longest) return value;
  let rule = 'Member must not be null';
  if (value instanceof Uint8Array) {
    rule = `Member must have length ${value.length < 1 ? 'greater than or equal to 1' : `less than or equal to ${longest}`}`;
  }
  throw invalid(`1 validation error detected: Value at '${what}' failed to satisfy constraint: ${rule}`);
}

/** @throws ServiceError `InvalidKeyUsageException` for the algorithms of asymmetric keys, of which there are none */
export function onlySymmetric(algorithm = 'SYMMETRIC_DEFAULT'): void {
  if (algorithm === 'SYMMETRIC_DEFAULT') return;
  const message = `Algorithm ${algorithm} is incompatible with key spec SYMMETRIC_DEFAULT.`;
  throw new ServiceError('InvalidKeyUsageException', message);
}

/**
 * Asked as the last thing of a cryptographic action: whether it was only to be tried (KMS Developer Guide, "Testing your
 * permissions").
 * @throws ServiceError `DryRunOperationException`, which is the answer of one that would have succeeded
 */
export function refuseDryRun({ DryRun: dryRun }: { readonly DryRun?: boolean | undefined }): void {
  if (!dryRun) return;
  const message = 'The request would have succeeded, but the DryRun option is set.';
  throw new ServiceError('DryRunOperationException', message, { status: 412 });
}

const headOf = (id: string): Buffer => Buffer.concat([Buffer.of(VERSION), Buffer.from(id.replaceAll('-', ''), 'hex')]);

const additional = (head: Buffer, bound: EncryptionContext): Buffer => {
  const pairs = Object.entries(bound).sort(([a], [b]) => (a < b ? -1 : 1));
  return Buffer.concat([head, Buffer.from(JSON.stringify(pairs))]);
};

/** A Uint8Array of its own memory: Buffers share a pool, and their siblings would go along when cloned. */
const plain = (buffer: Buffer): Uint8Array => new Uint8Array(buffer);

const unreadable = () => new ServiceError('InvalidCiphertextException', '');
