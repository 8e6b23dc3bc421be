import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bundle, bundling } from '../../../lib/infra/bundle.ts';

const scratch = mkdtempSync(join(tmpdir(), 'bundle-'));
const functions = join(scratch, 'functions');
const outdir = join(scratch, 'out');

beforeAll(() => {
  for (const [file, text] of [
    [
      'greet/handler.ts',
      `import { word } from '../word.ts';\nexport const handler = async (): Promise<string> => (await import('../late.ts')).late + word;`,
    ],
    ['leave/handler.ts', `export const handler = async (name: string): Promise<object> => await import(name);`],
    ['port/port.ts', 'export interface Port { readonly ask: string }'],
    ['word.ts', `export const word: string = 'hello';`],
    ['late.ts', `export const late: string = 'oh, ';`],
  ] as const) {
    mkdirSync(join(functions, file, '..'), { recursive: true });
    writeFileSync(join(functions, file), text);
  }
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

describe('bundling', () => {
  test('makes one CommonJS file of each folder that has a handler, and says how large it is', async () => {
    mkdirSync(join(outdir, 'removed'), { recursive: true });
    const made = await bundle({ functions, outdir });
    expect(made).toEqual(
      ['greet', 'leave'].map((name) => ({ name, bytes: statSync(join(outdir, name, 'index.js')).size })),
    );
    expect(existsSync(join(outdir, 'removed'))).toBe(false);
    expect(JSON.parse(readFileSync(join(outdir, 'greet/package.json'), 'utf8'))).toEqual({ type: 'commonjs' });
    const { handler } = createRequire(import.meta.url)(join(outdir, 'greet/index.js'));
    expect(await handler()).toBe('oh, hello');
  });

  test('leaves no import() behind, which a sandbox without a module loader could not answer', async () => {
    await bundle({ functions, outdir, minify: false });
    for (const name of ['greet', 'leave']) {
      expect(readFileSync(join(outdir, name, 'index.js'), 'utf8')).not.toMatch(/\bimport\(/);
    }
  });

  test('makes the same bytes of the same functions, so that an asset keeps its hash', async () => {
    const read = () => readFileSync(join(outdir, 'greet/index.js'), 'utf8');
    await bundle({ functions, outdir });
    const first = read();
    await bundle({ functions, outdir: join(scratch, 'elsewhere') });
    expect(readFileSync(join(scratch, 'elsewhere/greet/index.js'), 'utf8')).toBe(first);
  });

  test('writes a source map only when asked', async () => {
    await bundle({ functions, outdir });
    expect(existsSync(join(outdir, 'greet/index.js.map'))).toBe(false);
    await bundle({ functions, outdir, sourcemap: true });
    expect(existsSync(join(outdir, 'greet/index.js.map'))).toBe(true);
  });

  test('refuses a check for which there is no sample', () => {
    const place = join(scratch, 'checked');
    const at = { functions: join(place, 'functions') };
    mkdirSync(join(at.functions, 'check'), { recursive: true });
    writeFileSync(join(at.functions, 'check/handler.ts'), 'export const handler = 1;');
    const refusal = /no sample in .*events.samples, and the check .*: write <stage>\.json for each stage/;
    expect(() => bundling(at)).toThrow(refusal);
    mkdirSync(join(place, 'events/samples'), { recursive: true });
    expect(() => bundling(at)).toThrow(refusal);
    writeFileSync(join(place, 'events/samples/greet.json'), '{}');
    expect(() => bundling(at)).not.toThrow();
  });

  test('refuses a folder without functions', async () => {
    await expect(bundle({ functions: join(functions, 'port'), outdir })).rejects.toThrow(
      /no function in .*; one is a folder with a handler\.ts/,
    );
  });
});
