/** A stage stops and goes on by its event source mappings, and who asks waits until it is so. */
import { expect, it } from 'vitest';
import { listAudit } from '../../../lib/operate/audit.ts';
import { pause, resume } from '../../../lib/operate/pause.ts';
import { status } from '../../../lib/operate/status.ts';
import type { Service } from '../../../localcloud/service.ts';
import { accountEvent, desk, inbox, queue } from './desk.ts';

/** As AWS does it: what is asked for is so only some looks later. */
function slowLambda(looks: number): { readonly service: Service<any>; readonly updates: unknown[] } {
  const updates: unknown[] = [];
  const feeds = [
    ['bank-test-open', queue],
    ['bank-test-sequencer', inbox],
    ['bank-test-close', 'bank-test-close.fifo'],
    ['bank-test-sequencer', 'bank-test-close-inbox'],
  ] as const;
  const mappings = feeds.map(([name, source]) => ({
    UUID: `uuid-of-${source}`,
    EventSourceArn: `arn:aws:sqs:eu-west-1:123456789012:${source}`,
    FunctionArn: `arn:aws:lambda:eu-west-1:123456789012:function:${name}:live`,
    State: 'Enabled',
    becomes: 'Enabled',
    left: 0,
  }));
  const described = ({ becomes: _becomes, left: _left, ...mapping }: (typeof mappings)[number]) => ({ ...mapping });
  const find = (uuid: string) => mappings.find(({ UUID }) => UUID === uuid)!;
  const service: Service<any> = {
    name: 'lambda',
    create: () => ({}),
    actions: {
      ListEventSourceMappings: ({ FunctionName }: any) => ({
        EventSourceMappings: mappings
          .filter(({ FunctionArn }) => FunctionArn.endsWith(`:${FunctionName}`))
          .map(described),
      }),
      UpdateEventSourceMapping: ({ UUID, Enabled }: any) => {
        updates.push(UUID);
        const one = find(UUID);
        Object.assign(one, {
          State: Enabled ? 'Enabling' : 'Disabling',
          becomes: Enabled ? 'Enabled' : 'Disabled',
          left: looks,
        });
        return described(one);
      },
      GetEventSourceMapping: ({ UUID }: any) => {
        const one = find(UUID);
        if (one.left-- <= 1) one.State = one.becomes;
        return described(one);
      },
    },
  };
  return { service, updates };
}

it('a stage is paused when its mapping is off, and status says so', async () => {
  const { service, updates } = slowLambda(2);
  const { target } = await desk({ services: [service] });
  const done = await pause(target, 'open', { note: 'the vault is locked' });
  expect(done).toEqual([{ queue, function: 'bank-test-open', state: 'Disabled', reached: true, before: false }]);
  expect((await status(target)).stages.map(({ stage, paused }) => [stage, ...paused])).toEqual([
    ['open', 'stage'],
    ['close'],
  ]);
  expect(await listAudit(target)).toMatchObject([{ what: 'pause', why: 'the vault is locked', on: { stage: 'open' } }]);
  expect(await pause(target, 'open', { note: 'again' })).toMatchObject([{ before: true }]);
  expect(updates).toHaveLength(1);
  expect(await resume(target, 'open', { note: 'open again' })).toMatchObject([{ state: 'Enabled', reached: true }]);
});

it('with its intake, the sequencer does not read its inbox either', async () => {
  const { service, updates } = slowLambda(1);
  const { target } = await desk({ services: [service] });
  await pause(target, 'open', { note: 'all of it', intake: true });
  expect(updates.sort()).toEqual([`uuid-of-${inbox}`, `uuid-of-${queue}`]);
  expect((await status(target)).stages[0]!.paused).toEqual(['stage', 'intake']);
});

it('says when it is not so in time; a dry run switches nothing', async () => {
  const { service, updates } = slowLambda(1000);
  const { target } = await desk({ services: [service] });
  expect(await pause(target, 'open', { note: undefined, dryRun: true })).toMatchObject([{ state: 'Enabled' }]);
  await expect(pause(target, 'open', { note: undefined })).rejects.toThrow('say why');
  await expect(pause(target, 'shut', { note: 'x' })).rejects.toThrow('stages are open, close');
  expect(updates).toEqual([]);
  expect(await pause(target, 'open', { note: 'x', patience: 0.02 })).toMatchObject([
    { state: 'Disabling', reached: false },
  ]);
});

it('status counts what waits, what was given up, and what is parked', async () => {
  const { target, ...at } = await desk({ services: [slowLambda(1).service] });
  await at.giveUp(accountEvent('1'));
  await at.put(queue, '{}', { group: 'a' });
  await at.put(inbox, '{}');
  const { stages, quarantined, alarms } = await status(target);
  expect(stages[0]).toMatchObject({
    ...{ stage: 'open', inbox: { visible: 1 }, queue: { visible: 1 }, deadLetters: 1 },
    ...{ parked: { count: 0, atLeast: false }, paused: [], breakers: [] },
  });
  expect([quarantined, alarms]).toEqual([0, []]);
});
