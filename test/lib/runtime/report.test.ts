import { beforeAll, expect, it, vi } from 'vitest';
import { type CloudEvent, enteredAt } from '../../../lib/model/envelope.ts';
import { inPipeline, inService } from '../../../lib/model/metrics.ts';
import { goingOn } from '../../../lib/model/release.ts';
import type { metrics as Metrics } from '../../../lib/runtime/log.ts';
import type { report as Report, Reported, reportReleased as ReportReleased } from '../../../lib/runtime/report.ts';
import { torn } from '../../../lib/runtime/torn.ts';

// Powertools reads its settings when it is imported: here it is to be heard.
let report: typeof Report;
let reportReleased: typeof ReportReleased;
let metrics: typeof Metrics;
beforeAll(async () => {
  vi.stubEnv('POWERTOOLS_METRICS_DISABLED', 'false');
  vi.stubEnv('POWERTOOLS_METRICS_NAMESPACE', 'bank');
  vi.stubEnv('POWERTOOLS_DEV', 'true');
  vi.stubEnv('PIPELINE', 'bank');
  vi.stubEnv('ENVIRONMENT', 'test');
  vi.stubEnv('STAGE', 'pay');
  ({ report, reportReleased } = await import('../../../lib/runtime/report.ts'));
  ({ metrics } = await import('../../../lib/runtime/log.ts'));
  return () => vi.unstubAllEnvs();
});

const entered = '2026-01-05T08:00:00.000Z';
const event = (more: object = {}) =>
  ({ id: 'e', type: 'a.asked', time: entered, correlationid: 'e', ...more }) as CloudEvent;
const delivery = { messageId: 'm', receiptHandle: 'r', body: '', group: 'g', receives: 1, redrives: 0 };
const decision = (more: object = {}) => ({ events: [], writes: [], ...more });

/** The lines of metrics that an invocation ends with, having reported these. */
function told(...reported: readonly ((Partial<Reported> & { readonly of?: CloudEvent }) | (() => void))[]): any[] {
  const lines: any[] = [];
  const spy = vi.spyOn(console, 'log').mockImplementation((line) => void lines.push(JSON.parse(line)));
  for (const one of reported) {
    if (typeof one === 'function') {
      one();
      continue;
    }
    const { of = event(), settled = { done: true, outcomes: [] } as const, error, exits = [] } = one;
    report({ arrival: { delivery, event: of, token: 't' } }, { settled, error, exits });
  }
  if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
  spy.mockRestore();
  return lines.filter(({ _aws }) => _aws);
}

const outcome = (more: object = {}) => ({ delivery, event: event(), decision: decision(), again: false, ...more });
const done = (...outcomes: object[]) => ({ settled: { done: true, outcomes } as never });

it('counts no word of the stage to itself, which is no event', () => {
  const word = goingOn(event({ partitionkey: 'a' }), { stage: 'pay', time: entered, behind: 'a1' });
  expect(told(done(outcome({ event: word }), outcome({ event: word, again: true })))).toEqual([]);
});

it('counts each end, for the stage and for the pipeline', () => {
  const [line, ...more] = told(
    done(outcome(), outcome({ again: true })),
    done(outcome({ decision: decision({ failure: { code: 'rejected', message: '', messageId: 'm' } }) })),
  );
  expect(more).toEqual([]);
  expect(line).toMatchObject({ Completed: 1, Repeated: 1, DeadLettered: 1 });
  const [{ Dimensions, Namespace }] = line._aws.CloudWatchMetrics;
  expect(Namespace).toBe('bank');
  const sets = [
    inService({ environment: 'test', service: 'pay' }),
    inPipeline({ pipeline: 'bank', environment: 'test' }),
  ];
  expect(Dimensions).toEqual(sets.map((set) => Object.keys(set)));
  for (const set of sets) expect(line).toMatchObject(set);
});

it('keeps its dimensions when an invocation counts more than Powertools holds', () => {
  const lines = told(done(...Array.from({ length: 150 }, () => outcome())));
  expect(lines.length).toBeGreaterThan(1);
  for (const { _aws } of lines) expect(_aws.CloudWatchMetrics[0].Dimensions).toHaveLength(2);
  expect(lines.flatMap(({ Completed }) => Completed)).toHaveLength(150);
});

it.each(['IdempotencyAlreadyInProgressError', 'LeaseLost', 'CommitsMet'])('counts a conflict: %s', (name) => {
  const error = Object.assign(new Error('met'), { name });
  expect(told({ error })[0]).toMatchObject({ Conflicts: 1, Retried: 1 });
  expect(told({ error: new Error('around it', { cause: error }) })[0]).toMatchObject({ Conflicts: 1 });
});

it('counts no conflict for what fails by itself', () => {
  expect(told({ error: new Error('timeout') })[0]).not.toHaveProperty('Conflicts');
  const failure = { code: 'id-reused', message: '', messageId: 'm' };
  expect(told(done(outcome({ decision: decision({ failure }) })))[0]).toMatchObject({ Conflicts: 1, DeadLettered: 1 });
});

it('counts what waits for the return of a lost region, whatever the error is wrapped in', () => {
  const error = torn('pay#e', 'an item does not tell of all its writes');
  expect(told({ error })[0]).toMatchObject({ Torn: 1, Retried: 1 });
  const around = new Error('around it', { cause: error });
  expect(told({ error: around }, { error: new Error('timeout') })[0]).toMatchObject({ Torn: 1, Retried: [1, 1] });
  for (const one of [around, error]) expect(told({ error: one })[0]).not.toHaveProperty('Conflicts');
  expect(told({ error: new Error('timeout') }, done(outcome()))[0]).not.toHaveProperty('Torn');
});

it('tells what was parked and what was released under one time, so that the difference waits', () => {
  const at = Date.now() - 3_600_000;
  const parked = told({ settled: { done: true, outcomes: [], parkedAt: at } });
  const released = told(done(outcome({ decision: decision({ parkedAt: at }) })));
  expect(parked).toMatchObject([{ Parked: 1, service: 'pay', _aws: { Timestamp: at } }]);
  expect(released.find(({ Released }) => Released)).toMatchObject({ Released: 1, _aws: { Timestamp: at } });
  // One that is passed over has no outcome of its own.
  expect(told({}, () => reportReleased(at))).toMatchObject([{ Released: 1, _aws: { Timestamp: at } }]);
  expect(told({}, () => reportReleased(undefined))).toEqual([]);
  // A message that comes again for what waits already is no second event.
  expect(told({ settled: { done: true, outcomes: [] } })).toEqual([]);
});

it('measures an exit from the time of the entry, and once', () => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse(entered) + 5000 });
  const exits = ['a.done'];
  const said = { events: [event({ type: 'a.done' }), event({ type: 'a.noted' })] };
  expect(told({ ...done(outcome({ decision: decision(said) })), exits })[0].EndToEnd).toBe(5000);
  const later = event({ time: '2026-01-05T08:00:03.000Z', causationid: 'c', entrytime: entered });
  expect(told({ ...done(outcome({ decision: decision(said), event: later })), exits })[0].EndToEnd).toBe(5000);
  expect(told({ ...done(outcome({ decision: decision(said), again: true })), exits })[0]).not.toHaveProperty(
    'EndToEnd',
  );
  vi.useRealTimers();
  expect(enteredAt(event({ causationid: 'c' }))).toBeUndefined();
});
