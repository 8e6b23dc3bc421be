/** A few seconds of fresh seeds at every run of the tests, and a mutant that they must find out. */
import { describe, expect, it } from 'vitest';
import { mutants } from '../../bin/simulate/mutants/index.ts';
import { prepareMutant } from '../../bin/simulate/mutate.ts';
import { outcomeOf } from '../../bin/simulate/outcome.ts';
import { complaints, placed } from './prepared.ts';

/** Seconds of processor time; long runs are for `npm run simulate`. */
const BUDGET = 3;
const AT_LEAST = 2;

describe('the budget', () => {
  const place = placed();

  it(`holds for as many small runs as fit into ${BUDGET} s`, async () => {
    const began = process.cpuUsage();
    const spent = () => process.cpuUsage(began).user / 1_000_000;
    for (let n = 0; n < AT_LEAST || spent() < BUDGET; n++) {
      const options = { seed: `s${n}`, scenario: 'all', size: 3 };
      expect(complaints(await outcomeOf(place().prepared, options))).toEqual([]);
    }
  }, 60_000);
});

describe('the canary', () => {
  const mutant = mutants.find(({ name }) => name === 'no-transaction')!;
  const place = placed((folder) => prepareMutant(mutant, folder));

  it('is found out: a write beside the transaction breaks what it should, in a run that comes to its end', async () => {
    const { violations } = await outcomeOf(place().prepared, { seed: 's0', scenario: 'calm', size: 1 });
    expect(violations.map(({ invariant }) => invariant)).toContain('effect-once');
  }, 60_000);
});

it('a mutant whose text is not found says so', async () => {
  const stale = {
    name: 'stale',
    summary: '',
    sources: [{ file: 'lib/runtime/line.ts', from: 'no such text', to: '' }],
  };
  await expect(prepareMutant(stale, 'never-made')).rejects.toThrow(/stale replaces a text .* there 0 times/);
});
