/** Mutants that no longer break what they say they break would be killed by nobody, or by chance. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, it, test } from 'vitest';
import { mutants } from '../../../bin/simulate/mutants/index.ts';
import { prepareMutant } from '../../../bin/simulate/mutate.ts';

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

it('each is in a file of its name, and in the table of the guide', () => {
  const files = readdirSync('bin/simulate/mutants').map((file) => file.replace(/\.ts$/, ''));
  expect(mutants.map(({ name }) => name).toSorted()).toEqual(
    files.filter((file) => file !== 'index' && file !== 'mutant').toSorted(),
  );
  const guide = read('docs/guides/simulate.md');
  for (const { name } of mutants) expect(guide).toContain(`| ${name} |`);
});

it('a mutant whose text is not found says so', async () => {
  const sources = [{ file: 'lib/runtime/line.ts', from: 'no such text', to: '' }];
  await expect(prepareMutant({ name: 'stale', summary: '', sources }, 'never-made')).rejects.toThrow(
    /stale replaces a text .* there 0 times/,
  );
});
