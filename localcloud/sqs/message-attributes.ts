/** Message attributes: what is allowed, what they weigh, AWS's checksum over them, and which of them a receive asks for. */
import { createHash } from 'node:crypto';
import type { MessageAttributeValue } from '@aws-sdk/client-sqs';
import { ServiceError } from '../service.ts';
import { hasForbiddenCharacters, VALID_CHARACTERS } from './characters.ts';
import { invalidParameter } from './errors.ts';

type Attributes = Readonly<Record<string, MessageAttributeValue>>;

/**
 * @throws ServiceError `InvalidParameterValue`; `UnsupportedOperation` for lists, which AWS reserves for future use
 */
export function checkMessageAttributes(attributes: Attributes | undefined): void {
  if (attributes === undefined) return;
  const names = Object.keys(attributes);
  if (names.length > 10) {
    throw invalidParameter(`Number of message attributes [${names.length}] exceeds the allowed maximum [10].`);
  }
  for (const name of names) {
    checkName(name);
    checkValue(name, attributes[name]!);
  }
}

function checkName(name: string): void {
  if (name.length < 1 || name.length > 256) {
    throw invalidParameter('Length of message attribute name must be less than 256 bytes.');
  }
  if (/^(aws|amazon)\./i.test(name)) {
    throw invalidParameter(
      "You can't use message attribute names beginning with 'AWS.' or 'Amazon.'. These strings are reserved for internal use.",
    );
  }
  // AWS was recorded to take letters of any alphabet, whatever its own text says.
  if (!/^(?!\.)(?!.*\.\.)[\p{L}\p{N}_.-]+(?<!\.)$/u.test(name)) {
    throw invalidParameter(
      `The message attribute name '${name}' is invalid. Attribute name can contain A-Z, a-z, 0-9, underscore (_), hyphen (-), and period (.) characters.`,
    );
  }
}

function checkValue(name: string, value: MessageAttributeValue): void {
  const { DataType: type, StringValue: text, BinaryValue: bytes } = value;
  if (value.StringListValues?.length || value.BinaryListValues?.length) {
    throw new ServiceError(
      'UnsupportedOperation',
      'Message attribute list values in SendMessage operation are not supported.',
    );
  }
  if (!type) throw invalidParameter(`The message attribute '${name}' must contain non-empty message attribute type.`);
  const kind = type.split('.')[0]!;
  if (!['String', 'Number', 'Binary'].includes(kind) || type.length > 256) {
    throw invalidParameter(
      `The message attribute '${name}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.`,
    );
  }
  if (kind === 'Binary' ? !bytes || bytes.length === 0 : !text) {
    throw invalidParameter(`Message (user) attribute '${name}' must contain a non-empty value of type '${kind}'.`);
  }
  if (kind !== 'Binary' && hasForbiddenCharacters(text!)) {
    throw invalidParameter(
      `The message (user) attribute '${name}' has invalid characters in its value. Valid unicode characters are ${VALID_CHARACTERS}`,
    );
  }
  if (kind === 'Number' && !/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text!)) {
    throw invalidParameter(`Can't cast the value of message (user) attribute '${name}' to a number.`);
  }
}

/** Bytes that count towards the size of the message: names, types and values. */
export function sizeOf(attributes: Attributes | undefined): number {
  let size = 0;
  for (const name in attributes) {
    const value = attributes[name]!;
    size += Buffer.byteLength(name) + Buffer.byteLength(value.DataType!) + bytesOf(value).length;
  }
  return size;
}

/**
 * AWS's MD5 over message attributes: names in order, each as length and bytes of name and of type, a byte for the kind
 * of value, length and bytes of the value (SQS developer guide, "Calculating the MD5 message digest for message
 * attributes"). Undefined without attributes.
 */
export function md5OfAttributes(attributes: Attributes | undefined): string | undefined {
  if (attributes === undefined) return undefined;
  const names = Object.keys(attributes).sort();
  if (names.length === 0) return undefined;
  const hash = createHash('md5');
  const add = (bytes: Uint8Array) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    hash.update(length).update(bytes);
  };
  for (const name of names) {
    const value = attributes[name]!;
    add(Buffer.from(name));
    add(Buffer.from(value.DataType!));
    hash.update(Buffer.of(isBinary(value) ? 2 : 1));
    add(bytesOf(value));
  }
  return hash.digest('hex');
}

/** The attributes that a receive asks for: by name, by prefix (`order.*`), or all of them (`All`, `.*`). */
export function selectAttributes(
  attributes: Attributes | undefined,
  wanted: readonly string[],
): Attributes | undefined {
  if (attributes === undefined || wanted.length === 0) return undefined;
  if (wanted.includes('All') || wanted.includes('.*')) return attributes;
  const exact = new Set(wanted);
  const prefixes = wanted.filter((name) => name.endsWith('.*')).map((name) => name.slice(0, -2));
  const names = Object.keys(attributes).filter(
    (name) => exact.has(name) || prefixes.some((prefix) => name.startsWith(prefix)),
  );
  return names.length === 0 ? undefined : Object.fromEntries(names.map((name) => [name, attributes[name]!]));
}

const isBinary = (value: MessageAttributeValue) => value.DataType!.startsWith('Binary');

/** A binary value that came over HTTP is still the base64 of the wire. */
function bytesOf(value: MessageAttributeValue): Uint8Array {
  if (!isBinary(value)) return Buffer.from(value.StringValue!);
  const bytes: unknown = value.BinaryValue;
  return typeof bytes === 'string' ? Buffer.from(bytes, 'base64') : (bytes as Uint8Array);
}
