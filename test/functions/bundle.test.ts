/** The functions that are deployed. What bundling does to any function is told by test/lib/infra. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { orders } from '../../functions/index.ts';
import { type Bundle, bundle } from '../../lib/infra/bundle.ts';

const outdir = mkdtempSync(join(tmpdir(), 'functions-'));
let bundles: readonly Bundle[];
beforeAll(async () => {
  bundles = await bundle({ outdir });
});
afterAll(() => rmSync(outdir, { recursive: true, force: true }));

test('every stage is a function, and the sequencer, the check, the canary and the failover; nothing else is', () => {
  const expected = [...orders.stages.map(({ name }) => name), 'sequencer', 'check', 'canary', 'failover'].sort();
  expect(bundles.map(({ name }) => name)).toEqual(expected);
  expect(readdirSync(outdir).sort()).toEqual(expected);
});

test('each starts from one file of less than a megabyte and a half', () => {
  for (const { name, bytes } of bundles) expect(bytes, name).toBeLessThan(1.5 * 1024 * 1024);
});

test('each has a handler, and no import() left', () => {
  const require = createRequire(import.meta.url);
  for (const { name } of bundles) {
    const file = join(outdir, name, 'index.js');
    expect(readFileSync(file, 'utf8'), name).not.toMatch(/\bimport\(/);
    expect(require(file).handler, name).toBeTypeOf('function');
  }
});
