/** A few seconds of seeds at every run of the tests, the same ones each time, and a mutant that they must find out. */
import { describe, expect, it } from 'vitest';
import { alwaysOf } from '../../bin/simulate/always.ts';
import { runOf } from '../../bin/simulate/asked.ts';
import { explain } from '../../bin/simulate/explain.ts';
import { mutants } from '../../bin/simulate/mutants/index.ts';
import { prepareChanged } from '../../bin/simulate/mutate.ts';
import { outcomeOf } from '../../bin/simulate/outcome.ts';
import { checkRoles } from '../../bin/simulate/roles.ts';
import { scenarios } from '../../bin/simulate/scenario.ts';
import { variants } from '../../bin/simulate/variants.ts';
import { createSteps } from '../../bin/start/steps.ts';
import { complaints, placed } from './prepared.ts';

/** Seconds of processor time; long runs are for `npm run simulate`. */
const BUDGET = 8;

describe('the budget', () => {
  const place = placed();

  it(`holds for a run of every scenario in one region, and for as many more as fit into ${BUDGET} s`, async () => {
    const began = process.cpuUsage();
    const spent = () => process.cpuUsage(began).user / 1_000_000;
    for (let n = 0; n < inOneRegion.length || spent() < BUDGET; n++) {
      const options = { seed: `s${n}`, scenario: inOneRegion[n % inOneRegion.length]!.name, size: 3 };
      expect(complaints(await outcomeOf(place().prepared, options))).toEqual([]);
    }
  }, 120_000);

  it.each(['s0', 's6', 's7', 's8', 's12'])(
    'holds for two regions, seed %s',
    async (seed) => {
      // These and no others: what is open of two regions is kept in the corpus.
      const outcome = await outcomeOf(place().prepared, { seed, scenario: 'regions' });
      expect(complaints(outcome)).toEqual([]);
      expect(outcome.fired.length).toBeGreaterThan(0);
    },
    60_000,
  );

  it('holds for the roles: none may do more than its owner declares', async () => {
    expect(await checkRoles(place().prepared)).toEqual([]);
  }, 60_000);
});

describe.each(variants)('the variant $name', (variant) => {
  const place = placed((folder) => prepareChanged(variant, folder));

  it('holds as well: its limits must not matter', async () => {
    for (const [seed, scenario] of [
      ['s0', 'all'],
      ['s1', 'storm'],
      ['s0', 'crowd'],
    ] as const) {
      const asked = { scenario, libraries: 'shared', always: alwaysOf('late-event,late-request', scenario) } as const;
      const outcome = await outcomeOf(place().prepared, runOf(seed, asked));
      expect(complaints(outcome, { ...asked, variant: variant.name })).toEqual([]);
    }
  }, 120_000);
});

describe('the variant curt, in two regions', () => {
  const place = placed((folder) => prepareChanged(variants.find(({ name }) => name === 'curt')!, folder));
  const waits = 'an event that may have been applied in a lost region, and waited for its return';

  // Over items that tell of all their writes it takes a rush upon one of them at the very moment of a loss.
  it.each(['s1', 's13'])(
    'what waits for the return of a region ends when all has come, seed %s',
    async (seed) => {
      const asked = { scenario: 'regions', libraries: 'shared' } as const;
      const outcome = await outcomeOf(place().prepared, runOf(seed, asked));
      expect(complaints(outcome, { ...asked, variant: 'curt' })).toEqual([]);
      expect(outcome.facts).toContain(waits);
    },
    60_000,
  );
});

const inOneRegion = scenarios.filter(({ regions }) => !regions);

const named = (name: string) => mutants.find((mutant) => mutant.name === name)!;

describe('the canary', () => {
  const place = placed((folder) => prepareChanged(named('no-transaction'), folder));

  it('is found out: a write beside the transaction breaks what it should, in a run that comes to its end', async () => {
    const { violations } = await outcomeOf(place().prepared, { seed: 's0', scenario: 'calm', size: 1 });
    expect(violations.map(({ invariant }) => invariant)).toContain('effect-once');
  }, 60_000);

  it('is made small, and told as a story that a person can follow', async () => {
    const asked = { scenario: 'crashes', libraries: 'shared', size: 2, mutant: 'no-transaction' } as const;
    const { prepared } = place();
    const failed = await outcomeOf(prepared, runOf('s1', asked));
    const story = await explain(prepared, failed, { asked, steps: createSteps({ quiet: true }) });
    expect(story).toMatch(/effect-once.*: .* was written outside a commit/);
    expect(story).toContain('with 1 event and 0 faults');
    expect(story).toMatch(/Again: npm run simulate -- --seed s1 --scenario crashes .*--events \d+ --plan ''/);
    expect(story).toContain('What became of them:');
    expect(story.split('\n').length).toBeLessThan(60);
  }, 120_000);
});

describe('a role that may do too much', () => {
  const place = placed((folder) => prepareChanged(named('role-too-wide'), folder));

  it('is found out before anything runs', async () => {
    const [violation] = await checkRoles(place().prepared);
    expect(violation!.invariant).toBe('no-wider-role');
    expect(violation!.examples[0]).toMatch(/may dynamodb:\* on dynamodb:table/);
  }, 60_000);
});
