/** Mutants that no longer break what they say they break would be killed by nobody, or by chance. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, it, test } from 'vitest';
import { regionFindings } from '../../../bin/drill/regions.ts';
import { examinable } from '../../../bin/simulate/checkers.ts';
import { mutants } from '../../../bin/simulate/mutants/index.ts';
import { prepareChanged } from '../../../bin/simulate/mutate.ts';
import { examinableIn } from '../../../bin/simulate/vacuous.ts';
import { variants } from '../../../bin/simulate/variants.ts';

const read = (path: string) => readFileSync(path, 'utf8');

test.each(mutants.map((mutant) => [mutant.name, mutant] as const))(
  '%s finds the text that it replaces',
  (_, mutant) => {
    for (const { file, from, to } of mutant.sources ?? []) {
      expect(read(file).split(from).length - 1, `${file}: ${from}`).toBe(1);
      expect(to).not.toBe(from);
    }
    expect(mutant.sources !== undefined || mutant.resources !== undefined).toBe(true);
  },
);

it('each is in a file of its name', () => {
  const files = readdirSync('bin/simulate/mutants').map((file) => file.replace(/\.ts$/, ''));
  expect(mutants.map(({ name }) => name).toSorted()).toEqual(
    files.filter((file) => file !== 'index' && file !== 'mutant').toSorted(),
  );
});

/** The rows of the table whose first column is headed so. */
const rowsOf = (page: string, heading: string): string[][] => {
  const lines = read(page).split('\n');
  const from = lines.findIndex((line) => line.startsWith(`| ${heading} |`));
  const after = lines.slice(from + 2);
  const rows = after.slice(
    0,
    after.findIndex((line) => !line.startsWith('|')),
  );
  return rows.map((row) => row.slice(2, -2).split(' | '));
};

/** What finds things out beside the claims that are examined in every run. */
const beside = ['nothing-left', 'deployed', 'no-wider-role', ...regionFindings];

it('the table of the guide has each of them, with who found it out, and within two hundred seeds', () => {
  const rows = rowsOf('docs/guides/simulate.md', 'mutant');
  expect(rows.map(([name, summary]) => ({ name, summary }))).toEqual(
    mutants.map(({ name, summary }) => ({ name, summary })),
  );
  // The table is of the sample; a pipeline with other laws, or without any, finds out with what it has.
  const finders = [...examinable, ...beside];
  for (const [name, , killers, seed] of rows) {
    expect(
      killers!.split(', ').some((killer) => finders.includes(killer)),
      name,
    ).toBe(true);
    expect(seed, name).toMatch(/^(s1?\d{1,2}|deployment)$/);
  }
});

it('the table of the README says the same, in fewer words', () => {
  const [guide, readme] = [rowsOf('docs/guides/simulate.md', 'mutant'), rowsOf('README.md', 'broken on purpose')];
  expect(readme).toEqual(guide.map(([name, , killers, seed]) => [name, killers, seed]));
});

it('what counts for a mutant is examined in its scenario', () => {
  for (const { foundBy = [], scenario = 'all' } of mutants) {
    for (const invariant of foundBy) expect(examinableIn(scenario)).toContain(invariant);
  }
});

it.each(variants)('the variant $name changes a limit that there is, each once', ({ sources }) => {
  expect(sources.length).toBeGreaterThan(0);
  for (const { file, from, to } of sources) {
    expect(readFileSync(file, 'utf8').split(from).length - 1, `${file}: ${from}`).toBe(1);
    expect(to).not.toBe(from);
  }
});

it('a mutant whose text is not found says so', async () => {
  const sources = [{ file: 'lib/runtime/line.ts', from: 'no such text', to: '' }];
  await expect(prepareChanged({ name: 'stale', sources }, 'never-made')).rejects.toThrow(
    /stale replaces a text .* there 0 times/,
  );
});
