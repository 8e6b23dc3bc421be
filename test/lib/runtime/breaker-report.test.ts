import { beforeAll, expect, it, vi } from 'vitest';
import { breakerOpen } from '../../../lib/infra/metrics.ts';
import { outside } from '../../../lib/model/uses.ts';
import type { createReporter as Create } from '../../../lib/runtime/breaker/report.ts';
import { CLOSED, closed, opened, reopened } from '../../../lib/runtime/breaker/state.ts';

const settings = outside('gateway').breaker;
const at = Date.now();
const open = opened(CLOSED, settings, { at, by: 'x' });

// Powertools reads its settings when it is imported: here, unlike elsewhere, it is to be heard.
let createReporter: typeof Create;
beforeAll(async () => {
  vi.stubEnv('POWERTOOLS_LOG_LEVEL', 'INFO');
  vi.stubEnv('POWERTOOLS_METRICS_DISABLED', 'false');
  vi.stubEnv('POWERTOOLS_METRICS_NAMESPACE', 'bank');
  // To `console` itself.
  vi.stubEnv('POWERTOOLS_DEV', 'true');
  ({ createReporter } = await import('../../../lib/runtime/breaker/report.ts'));
  return () => vi.unstubAllEnvs();
});

/** What goes to the log while `run` runs, line by line. */
function linesOf(run: () => void): any[] {
  const lines: string[] = [];
  const write = (line: unknown) => void lines.push(String(line));
  const spies = (['log', 'info', 'warn', 'error'] as const).map((kind) =>
    vi.spyOn(console, kind).mockImplementation(write),
  );
  try {
    run();
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
  return lines.map((line) => JSON.parse(line));
}

it('every transition is a line of log', () => {
  const report = createReporter({ stage: 'pay', system: 'gateway', environment: 'test' });
  const lines = linesOf(() => {
    report.opened(open, new Error('503'));
    report.probing(open);
    report.reopened(reopened(open, settings, { at, by: 'x' }), new Error('504'));
    report.closed(closed(open, { at, by: 'x' }));
  }).filter(({ message }) => message);
  expect(lines.map(({ level, breaker: { system, seconds } }) => [level, system, seconds])).toEqual([
    ['ERROR', 'gateway', 30],
    ['INFO', 'gateway', 30],
    ['WARN', 'gateway', 60],
    ['INFO', 'gateway', 0],
  ]);
  expect(lines.map(({ error }) => error?.message)).toEqual(['503', undefined, '504', undefined]);
});

it('the metric is the one that the alarm looks at: 1 while it is open, 0 when it closes; refusals keep it going', () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  const report = createReporter({ stage: 'pay', system: 'gateway', environment: 'test' });
  const metrics = linesOf(() => {
    report.opened(open, new Error('503'));
    report.refused(open);
    vi.setSystemTime(Date.now() + 30_000);
    report.refused(open);
    report.refused(open);
    report.closed(open);
  }).filter(({ _aws }) => _aws);
  vi.useRealTimers();

  expect(metrics.map(({ BreakerOpen }) => [BreakerOpen].flat())).toEqual([[1], [1], [0]]);
  const alarmed = breakerOpen({ pipeline: 'bank', environment: 'test' }, { stage: 'pay', system: 'gateway' });
  for (const { _aws, ...values } of metrics) {
    const [{ Dimensions, Metrics, Namespace }] = _aws.CloudWatchMetrics;
    expect(Namespace).toBe(alarmed.namespace);
    expect(Metrics[0].Name).toBe(alarmed.metricName);
    expect(Dimensions.map((set: string[]) => [...set].sort())).toEqual([Object.keys(alarmed.dimensions!).sort()]);
    expect(values).toMatchObject(alarmed.dimensions!);
  }
});
