/**
 * The ZIP file of a function's code, read and written without a disk: its central directory, and its members stored or deflated
 * (PKWARE's APPNOTE, sections 4.3 and 4.4.5), which is what every tool writes for Lambda.
 */
import { createHash } from 'node:crypto';
import { crc32, inflateRawSync } from 'node:zlib';
import { invalid } from './names.ts';

export interface Archive {
  /** The members as text, by their path. A function's code is text; nothing else of a package can be reached here. */
  readonly files: Readonly<Record<string, string>>;
  /** The file itself, in base64. */
  readonly zip: string;
  /** Bytes of the file. */
  readonly size: number;
  /** Of the file, in base64: what AWS calls `CodeSha256`. */
  readonly sha256: string;
}

/** 50 MB for a file that travels in the request, 250 MB once it is unpacked (Lambda quotas, "Deployment package size"). */
const LIMITS = { zipped: 52_428_800, unzipped: 262_144_000 };

const END = 0x06054b50;
const ENTRY = 0x02014b50;
const LOCAL = 0x04034b50;
const END_SIZE = 22;
const ENTRY_SIZE = 46;
const LOCAL_SIZE = 30;
const STORED = 0;
const DEFLATED = 8;

/** @throws ServiceError `InvalidParameterValueException` when it is no ZIP file, an empty one, or one that is too large */
export function readArchive(bytes: Uint8Array): Archive {
  if (bytes.byteLength === 0) throw invalid('Uploaded file must be a non-empty zip');
  if (bytes.byteLength > LIMITS.zipped) {
    throw invalid(`Zipped size must be smaller than ${LIMITS.zipped} bytes`);
  }
  const zip = Buffer.from(bytes);
  let files: Record<string, string>;
  try {
    files = Object.fromEntries(members(zip));
  } catch (error) {
    if (error === tooLarge) throw invalid(`Unzipped size must be smaller than ${LIMITS.unzipped} bytes`);
    throw invalid('Could not unzip uploaded file. Please check your file, then try to upload again.');
  }
  if (Object.keys(files).length === 0) throw invalid('Uploaded file must be a non-empty zip');
  const sha256 = createHash('sha256').update(zip).digest('base64');
  return { files, zip: zip.toString('base64'), size: zip.byteLength, sha256 };
}

const tooLarge = new Error('too large');

function* members(zip: Buffer): Generator<[string, string]> {
  const end = zip.lastIndexOf(signature(END));
  if (end < 0 || end + END_SIZE > zip.byteLength) throw new Error('no end of central directory');
  let at = zip.readUInt32LE(end + 16);
  let total = 0;
  for (let left = zip.readUInt16LE(end + 10); left > 0; left--) {
    if (zip.readUInt32LE(at) !== ENTRY) throw new Error('no entry');
    total += zip.readUInt32LE(at + 24);
    if (total >= LIMITS.unzipped) throw tooLarge;
    const [name, extra, comment] = [28, 30, 32].map((offset) => zip.readUInt16LE(at + offset)) as [
      number,
      number,
      number,
    ];
    const path = zip.toString('utf8', at + ENTRY_SIZE, at + ENTRY_SIZE + name);
    if (!path.endsWith('/')) yield [path, content(zip, at)];
    at += ENTRY_SIZE + name + extra + comment;
  }
}

/** What the entry of the central directory at `at` stands for. */
function content(zip: Buffer, at: number): string {
  const method = zip.readUInt16LE(at + 10);
  const local = zip.readUInt32LE(at + 42);
  // The lengths of name and extra field may differ between the two headers.
  const from = local + LOCAL_SIZE + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
  const packed = zip.subarray(from, from + zip.readUInt32LE(at + 20));
  if (method !== STORED && method !== DEFLATED) throw new Error(`compression method ${method}`);
  const plain = method === STORED ? packed : inflateRawSync(packed, { maxOutputLength: LIMITS.unzipped });
  if (crc32(plain) !== zip.readUInt32LE(at + 16)) throw new Error('checksum');
  return plain.toString('utf8');
}

/** A ZIP file of one member, stored. */
export function writeArchive(path: string, text: string): Uint8Array {
  const name = Buffer.from(path);
  const content = Buffer.from(text);
  // Version 2.0, UTF-8 names, stored, 1980-01-01, checksum, both sizes, length of the name, no extra field.
  const common = Buffer.alloc(26);
  common.writeUInt16LE(20, 0);
  common.writeUInt16LE(0x0800, 2);
  common.writeUInt16LE(0x21, 8);
  common.writeUInt32LE(crc32(content), 10);
  common.writeUInt32LE(content.byteLength, 14);
  common.writeUInt32LE(content.byteLength, 18);
  common.writeUInt16LE(name.byteLength, 22);
  const local = Buffer.concat([signature(LOCAL), common, name, content]);
  const entry = Buffer.concat([signature(ENTRY), Buffer.from([20, 3]), common, Buffer.alloc(14), name]);
  // Readable by everyone, which Lambda needs of a member.
  entry.writeUInt32LE(0o100644 * 0x10000, 38);
  const end = Buffer.alloc(END_SIZE);
  end.writeUInt32LE(END, 0);
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(entry.byteLength, 12);
  end.writeUInt32LE(local.byteLength, 16);
  return new Uint8Array(Buffer.concat([local, entry, end]));
}

function signature(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
