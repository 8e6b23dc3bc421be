/** Outcomes are counted as they end, in whatever order; and what a run of many did not show is said. */
import { describe, expect, it } from 'vitest';
import { replayOf } from '../../../bin/simulate/asked.ts';
import { examinable } from '../../../bin/simulate/checkers.ts';
import { notRun, type Outcome } from '../../../bin/simulate/outcome.ts';
import { renderFailure, renderProgress, renderSummary, summaryToJson } from '../../../bin/simulate/report.ts';
import { sometimes } from '../../../bin/simulate/sometimes.ts';
import { createTally, type Tally } from '../../../bin/simulate/tally.ts';
import { missedBy } from '../../../bin/simulate/vacuous.ts';

const violated = (invariant: string) => ({ invariant, claim: 'all is well', examples: ['o-1 is not'] });
const outcome = (seed: string, more: Partial<Outcome> = {}): Outcome => ({
  ...notRun({ seed, scenario: 'all' }),
  examined: ['accounted'],
  invocations: 10,
  hash: seed,
  ...more,
});
const tallyOf = (...outcomes: readonly Outcome[]) => {
  const counting = createTally();
  outcomes.forEach((one, n) => {
    counting.add(one, n);
  });
  return counting.tally;
};

describe('the tally', () => {
  it('counts runs, invocations, faults by name, and facts by runs', () => {
    const tally = tallyOf(
      outcome('a', { fired: ['hang|f|PutItem|-|1', 'hang|f|PutItem|-|2'], facts: ['an alarm'] }),
      outcome('b', { fired: ['hang|g|PutItem|-|1', 'redrive|q|redrive|-|1'], facts: ['an alarm'] }),
    );
    expect(tally).toMatchObject({ runs: 2, invocations: 20, failures: 0 });
    expect([...tally.struck]).toEqual([
      ['hang', 3],
      ['redrive', 1],
    ]);
    expect(tally.happened.get('an alarm')).toBe(2);
  });

  it('has the failures in the order of the runs, however they end', () => {
    const counting = createTally();
    for (const n of [7, 3, 5]) counting.add(outcome(`s${n}`, { violations: [violated('accounted')] }), n);
    expect(counting.tally.failed.map(({ n }) => n)).toEqual([3, 5, 7]);
  });

  it('keeps the first failures of many, and counts them all', () => {
    const counting = createTally();
    for (let n = 0; n < 150; n++) counting.add(outcome(`s${n}`, { violations: [violated('accounted')] }), n);
    expect(counting.tally.failures).toBe(150);
    expect(counting.tally.failed.length).toBe(100);
    expect(counting.tally.failed.at(-1)!.n).toBe(99);
  });

  it('knows what no run used; a run that broke off says nothing of it', () => {
    const { unused } = tallyOf(
      outcome('a', { unused: ['x', 'y'] }),
      outcome('b', { unused: ['y', 'z'] }),
      outcome('c', { unused: [], examined: [] }),
    );
    expect([...unused]).toEqual(['y']);
  });

  it('has the hash of a run where there is but one', () => {
    expect(tallyOf(outcome('a')).hash).toBe('a');
    expect(tallyOf(outcome('a'), outcome('b')).hash).toBeUndefined();
  });
});

describe('the report', () => {
  const pace = { seconds: 2, planned: 10 };
  const summary = { scenario: 'all', pace, commit: 'abc', counted: true, roles: [] };
  const all = { facts: sometimes.map(({ name }) => name), examined: examinable };

  it('says what never happened, and which invariant never had anything to look at', () => {
    expect(missedBy(tallyOf(outcome('a', all)), 'all')).toEqual([]);
    const [fact, ...facts] = all.facts;
    expect(missedBy(tallyOf(outcome('a', { ...all, facts })), 'all')).toEqual([fact]);
    const missed = missedBy(tallyOf(outcome('a', { ...all, examined: examinable.slice(1) })), 'all');
    expect(missed).toEqual([`anything for ${examinable[0]} to look at`]);
  });

  it('calls a run vacuous only where there were enough of it', () => {
    const tally = tallyOf(outcome('a'));
    expect(renderSummary({ ...summary, tally })).toContain('Vacuous');
    expect(renderSummary({ ...summary, tally, counted: false })).not.toContain('Vacuous');
  });

  it('claims no more than that nothing was found', () => {
    expect(renderSummary({ ...summary, tally: tallyOf(outcome('a', all)) })).toContain(
      'No violation in 1 seed of this model.',
    );
  });

  it('of one seed tells what happened; of many, what never did as well', () => {
    const [fact, other] = all.facts as [string, string];
    const told = (tally: Tally) => renderSummary({ ...summary, counted: false, tally });
    const one = told(tallyOf(outcome('a', { facts: [fact] })));
    expect(one).toContain(`sometimes:\n    ${fact}\n`);
    expect(one).not.toContain(other);
    expect(told(tallyOf(outcome('a')))).not.toContain('sometimes');
    expect(told(tallyOf(outcome('a', { facts: [fact] }), outcome('b')))).toMatch(new RegExp(`\\n +0 +${other}\\n`));
  });

  it('says seed, commit and command of a failure', () => {
    const asked = { scenario: 'all', libraries: 'shared' } as const;
    const text = renderFailure(outcome('s7', { violations: [violated('accounted')] }), {
      command: replayOf('s7', { ...asked, plan: ['hang|f|PutItem|-|1'], events: [0, 3] }),
      commit: 'abc123',
    });
    for (const part of ['s7', 'abc123', 'accounted', 'o-1 is not']) expect(text).toContain(part);
    expect(text).toContain("npm run simulate -- --seed s7 --scenario all --events 0,3 --plan 'hang|f|PutItem|-|1'");
  });

  it('says how fast it goes, and how much of its time is over', () => {
    expect(renderProgress(tallyOf(outcome('a'), outcome('b')), pace)).toBe(
      '  2 of 10 seeds · 1.0 seeds/s · 600 invocations/min',
    );
    const endless = { seconds: 2, planned: Number.POSITIVE_INFINITY, budget: 60 };
    expect(renderProgress(tallyOf(outcome('a')), endless)).toContain('1 seed · 0.5 seeds/s');
    expect(renderProgress(tallyOf(outcome('a')), endless)).toContain('2 of 60 s');
  });

  it('is data as well, with a command for each failure', () => {
    const tally = tallyOf(outcome('s1', { violations: [violated('money')] }));
    const json = summaryToJson({ ...summary, tally }, { scenario: 'all', libraries: 'deployed', size: 4 });
    expect(json).toMatchObject({ seeds: 1, violated: 1, vacuous: true, commit: 'abc' });
    expect(json.failures[0]!.replay).toBe('npm run simulate -- --seed s1 --scenario all --libraries deployed --size 4');
  });
});
