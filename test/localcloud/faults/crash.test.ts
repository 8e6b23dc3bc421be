import { expect, test } from 'vitest';
import { type CrashOptions, createCrash } from '../../../localcloud/faults/crash.ts';
import { EnvironmentKilled } from '../../../localcloud/faults/killed.ts';
import type { Call } from '../../../localcloud/service.ts';
import { createDice } from '../../../localcloud/world.ts';

const callOf = (action: string, changes: Partial<Call> = {}): Call => ({
  service: 'dynamodb',
  region: 'eu-west-1',
  action,
  input: {},
  principal: { kind: 'role', account: '1', arn: '', role: 'worker', session: 'pack-parcel.0a1b2c3d' },
  invocation: 'request',
  ...changes,
});

const crashing = (options: Partial<CrashOptions> = {}) =>
  createCrash({ dice: createDice('seed'), probability: 0.2, ...options });

/** What becomes of each of `times` calls: `-`, or when it killed. */
function fates(crash: ReturnType<typeof crashing>, call: () => Call, times = 200): string[] {
  return Array.from({ length: times }, () => {
    const one = call();
    for (const when of ['before', 'after'] as const) {
      try {
        crash.gate[when]!(one);
      } catch (error) {
        expect(error).toBeInstanceOf(EnvironmentKilled);
        return when;
      }
    }
    return '-';
  });
}

test('a crash strikes as often as it was told, before and after the call', () => {
  const crash = crashing();
  const all = fates(crash, () => callOf('TransactWriteItems'), 1000);
  const { calls, before, after, midCommit, at } = crash.counts;
  expect(calls).toBe(1000);
  expect(before + after).toBeGreaterThan(150);
  expect(before + after).toBeLessThan(250);
  expect(Math.min(before, after)).toBeGreaterThan(60);
  expect(all.filter((fate) => fate === 'before')).toHaveLength(before);
  expect(midCommit).toBe(before + after);
  expect(at.get('pack-parcel TransactWriteItems')).toBe(midCommit);
});

test('what strikes one action does not depend on how often others are called', () => {
  const alone = fates(crashing(), () => callOf('PutItem'));
  const crash = crashing();
  const among = fates(crash, () => {
    fates(crash, () => callOf('GetItem'), 3);
    return callOf('PutItem');
  });
  expect(among).toEqual(alone);
  expect(fates(crashing({ dice: createDice('other') }), () => callOf('PutItem'))).not.toEqual(alone);
});

test('only calls that a function makes itself can kill its environment', () => {
  const crash = crashing({ probability: 1 });
  const service: Call['principal'] = { kind: 'service', account: '1', service: 'events.amazonaws.com' };
  const outside = callOf('PutItem');
  delete (outside as { invocation?: string }).invocation;
  const others = [outside, callOf('SendMessage', { principal: service }), callOf('Decrypt', { service: 'kms' })];
  for (const call of others) expect(fates(crash, () => call, 5)).toEqual(['-', '-', '-', '-', '-']);
  expect(crash.counts.calls).toBe(0);
});

test('a fault that was healed, or limited to other calls, strikes no more', () => {
  const crash = crashing({ probability: 1, only: ({ action }) => action === 'PutItem' });
  expect(fates(crash, () => callOf('GetItem'), 3)).toEqual(['-', '-', '-']);
  expect(fates(crash, () => callOf('PutItem'), 3)).not.toContain('-');
  crash.heal();
  expect(fates(crash, () => callOf('PutItem'), 3)).toEqual(['-', '-', '-']);
});
