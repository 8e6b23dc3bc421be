import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import { readArchive, writeArchive } from '../../../localcloud/lambda/archive.ts';

const SOURCE = 'exports.handler = async () => "ü";\n';

test('what was written is read', () => {
  const { files, size } = readArchive(writeArchive('index.js', SOURCE));
  expect(files).toEqual({ 'index.js': SOURCE });
  expect(size).toBe(writeArchive('index.js', SOURCE).byteLength);
});

test('a deflated member is inflated', () => {
  const packed = deflateRawSync(SOURCE);
  const stored = Buffer.from(writeArchive('index.js', SOURCE));
  const plain = Buffer.byteLength(SOURCE);
  const [at, from] = [stored.indexOf(Buffer.from('PK\x01\x02')), 30 + 'index.js'.length];
  const head = Buffer.from(stored.subarray(0, from));
  const tail = Buffer.from(stored.subarray(at));
  head.writeUInt16LE(8, 8);
  head.writeUInt32LE(packed.byteLength, 18);
  tail.writeUInt16LE(8, 10);
  tail.writeUInt32LE(packed.byteLength, 20);
  tail.writeUInt32LE(at - plain + packed.byteLength, tail.byteLength - 6);
  expect(readArchive(Buffer.concat([head, packed, tail])).files).toEqual({ 'index.js': SOURCE });
});

/** Python's reader and writer of ZIP files stand for everybody else's. */
const python = (code: string, path: string): string | undefined => {
  try {
    return execFileSync('python3', ['-c', code, path], { encoding: 'utf8' });
  } catch {
    return undefined;
  }
};

test('other tools read what was written, and what they write is read', ({ skip }) => {
  if (python('print(1)', '') === undefined) skip('there is no python3 here');
  const folder = mkdtempSync(join(tmpdir(), 'archive-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'code.zip');
  writeFileSync(path, writeArchive('index.js', SOURCE));
  expect(python('import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); print(z.testzip(), z.namelist())', path)).toBe(
    "None ['index.js']\n",
  );
  const write =
    'import sys, zipfile, base64; z = zipfile.ZipFile(sys.argv[1], "w", zipfile.ZIP_DEFLATED); z.mkdir("lib"); z.writestr("lib/a.js", "a" * 1000); z.writestr("index.js", "x"); z.close(); print(base64.b64encode(open(sys.argv[1], "rb").read()).decode())';
  const zip = Buffer.from(python(write, path)!, 'base64');
  expect(readArchive(zip).files).toEqual({ 'lib/a.js': 'a'.repeat(1000), 'index.js': 'x' });
});

test('what is no ZIP file, is empty, or was damaged is refused', () => {
  const damaged = writeArchive('index.js', SOURCE);
  damaged[45] = damaged[45]! ^ 1;
  for (const bytes of [Buffer.from('exports.handler = 1'), damaged, writeArchive('index.js', SOURCE).subarray(0, 60)]) {
    expect(() => readArchive(bytes)).toThrow('Could not unzip uploaded file');
  }
  expect(() => readArchive(new Uint8Array(0))).toThrow('Uploaded file must be a non-empty zip');
});
