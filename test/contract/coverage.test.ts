/** The page of what the local cloud does, and does not, is the one that its suite gives; and nothing on it is left open. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { blanks, coverage, page } from './coverage.ts';

it('every action is tested with each of its documented errors, or says why one never comes up', async () => {
  expect(blanks(await coverage())).toEqual([]);
});

it('docs/coverage.md is up to date; if not, run node test/contract/coverage.ts', async () => {
  expect(readFileSync('docs/coverage.md', 'utf8')).toBe(page(await coverage()));
});
