/** The canary: what it says, what it hears, and what it makes of a region that is silent. */
import { beforeAll, beforeEach, expect, it, vi } from 'vitest';
import type { canary as Canary, CanaryCall } from '../../../lib/runtime/canary.ts';
import { ServiceError } from '../../../localcloud/service.ts';
import { invocation, type Workbench, workbench } from './workbench.ts';

// Powertools reads its settings when it is imported: here it is to be heard.
let canary: typeof Canary;
let bench: Workbench;
beforeAll(async () => {
  vi.stubEnv('POWERTOOLS_METRICS_DISABLED', 'false');
  vi.stubEnv('POWERTOOLS_METRICS_NAMESPACE', 'bank');
  vi.stubEnv('POWERTOOLS_DEV', 'true');
  vi.stubEnv('STAGE', 'canary');
  vi.stubEnv('PEER_REGION', 'eu-central-1');
  ({ canary } = await import('../../../lib/runtime/canary.ts'));
  return () => vi.unstubAllEnvs();
});
beforeEach(async () => {
  bench = await workbench({ stage: 'open' });
});

const tick: CanaryCall = { 'detail-type': 'Scheduled Event', region: 'eu-west-1', detail: {} };
const heard = (region: string, detail: object): CanaryCall => ({ 'detail-type': 'canary', region, detail });

/** What an invocation tells CloudWatch; and how it ended, where it failed. */
async function called(event: CanaryCall): Promise<{ told: any; failed: string | undefined }> {
  const lines: any[] = [];
  const spy = vi.spyOn(console, 'log').mockImplementation((line) => void lines.push(JSON.parse(line)));
  const failed = await canary()(event, { ...invocation(), getRemainingTimeInMillis: () => 20_000 } as never).then(
    () => undefined,
    (error: Error) => error.message,
  );
  spy.mockRestore();
  return { told: lines.find(({ _aws }) => _aws), failed };
}

it('says an event that is its own, on the bus of its region', async () => {
  expect((await called(tick)).failed).toBeUndefined();
  expect(bench.calls('events', 'PutEvents')).toMatchObject([
    { Entries: [{ EventBusName: 'bank-test', Source: 'bank.canary', DetailType: 'canary' }] },
  ]);
  expect(bench.said()).toEqual([{ said: expect.any(Number) }]);
});

it('tells how long what it hears was on its way, from its region and from the other', async () => {
  const said = Date.now() - 1200;
  expect((await called(heard('eu-west-1', { said }))).told.RoundTrip).toBeGreaterThanOrEqual(1200);
  const { told } = await called(heard('eu-central-1', { said }));
  expect(told.PeerRoundTrip).toBeGreaterThanOrEqual(1200);
  expect(told).not.toHaveProperty('RoundTrip');
  // Two clocks differ.
  expect((await called(heard('eu-central-1', { said: Date.now() + 60_000 }))).told.PeerRoundTrip).toBe(0);
  expect((await called(heard('eu-west-1', {}))).failed).toMatch(/without the time at which it was said/);
});

it('counts the services of the other region that do not answer; a refusal is an answer', async () => {
  expect((await called(tick)).told.PeerSilent).toBe(0);
  for (const [code, status, silent] of [
    ['AccessDeniedException', 400, 0],
    ['InternalServerError', 500, 2],
  ] as const) {
    bench.faults.before = ({ region, service }) => {
      if (region === 'eu-central-1' && service !== 'sqs') throw new ServiceError(code, code, { status });
    };
    expect((await called(tick)).told.PeerSilent, code).toBe(silent);
  }
});

it('asks the other region although its own bus refuses, and fails for that all the same', async () => {
  bench.faults.before = ({ action }) => {
    if (action === 'PutEvents') throw new ServiceError('AccessDeniedException', 'not you', { status: 400 });
  };
  const { told, failed } = await called(tick);
  expect([told.PeerSilent, failed]).toEqual([0, expect.stringContaining('not you')]);
});
