/** A stage stops and goes on by its event source mappings, and who asks waits until it is so. */
import { PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { expect, it } from 'vitest';
import { ACTIVE } from '../../../lib/model/authority.ts';
import { names } from '../../../lib/model/names.ts';
import { listAudit } from '../../../lib/operate/audit.ts';
import { mustBeActive } from '../../../lib/operate/authority.ts';
import { pause, resume } from '../../../lib/operate/pause.ts';
import { showSettings } from '../../../lib/operate/show-settings.ts';
import { status } from '../../../lib/operate/status.ts';
import { ServiceError } from '../../../localcloud/service.ts';
import { deployment } from '../runtime/workbench.ts';
import { accountEvent, desk, inbox, queue } from './desk.ts';
import { slowLambda } from './slow-lambda.ts';

const problemsOf = async (...[target]: Parameters<typeof showSettings>) =>
  (await showSettings(target, 'open')).flatMap(({ problems }) => problems);

it('a stage is paused when its mapping is off, and status says so', async () => {
  const { service, updates } = slowLambda(2);
  const { target } = await desk({ services: [service] });
  const done = await pause(target, 'open', { note: 'the vault is locked' });
  expect(done).toEqual({
    switched: [{ queue, function: 'bank-test-open', state: 'Disabled', reached: true, before: false }],
    unwritten: undefined,
    elsewhere: [],
  });
  expect((await status(target)).stages.map(({ stage, paused }) => [stage, ...paused])).toEqual([
    ['open', 'stage'],
    ['close'],
  ]);
  expect(await listAudit(target)).toMatchObject([{ what: 'pause', why: 'the vault is locked', on: { stage: 'open' } }]);
  expect((await pause(target, 'open', { note: 'again' })).switched).toMatchObject([{ before: true }]);
  expect(updates).toHaveLength(1);
  const resumed = await resume(target, 'open', { note: 'open again' });
  expect(resumed.switched).toMatchObject([{ state: 'Enabled', reached: true }]);
});

it('with its intake, the sequencer does not read its inbox either', async () => {
  const { service, updates } = slowLambda(1);
  const { target } = await desk({ services: [service] });
  await pause(target, 'open', { note: 'all of it', intake: true });
  expect(updates.sort()).toEqual([`uuid-of-${inbox}`, `uuid-of-${queue}`]);
  expect((await status(target)).stages[0]!.paused).toEqual(['stage', 'intake']);
});

it('in the region that is not active nothing is told, and status says which one is', async () => {
  const { service, switchOn } = slowLambda(1);
  const { target } = await desk({ services: [service] });
  await mustBeActive(target);
  expect((await status(target)).active).toBe('eu-west-1');
  await pause(target, 'open', { note: 'x' });
  switchOn();
  expect(await problemsOf(target)).toHaveLength(1);
  const elsewhere = {
    TableName: names.authority(deployment),
    Item: marshall({ id: ACTIVE, region: 'eu-central-1', epoch: 2, from: 0, since: 0, home: 'eu-west-1' }),
  };
  await target.dynamodb.send(new PutItemCommand(elsewhere));
  expect((await status(target)).active).toBe('eu-central-1');
  expect(await problemsOf(target)).toEqual([]);
  await expect(mustBeActive(target)).rejects.toMatchObject({
    name: 'RefusedError',
    message: expect.stringContaining('Say it with --region eu-central-1'),
  });
});

it('says when it is not so in time; a dry run switches nothing', async () => {
  const { service, updates } = slowLambda(1000);
  const { target } = await desk({ services: [service] });
  const dry = await pause(target, 'open', { note: undefined, dryRun: true });
  expect(dry.switched).toMatchObject([{ state: 'Enabled' }]);
  await expect(pause(target, 'open', { note: undefined })).rejects.toThrow('say why');
  await expect(pause(target, 'shut', { note: 'x' })).rejects.toThrow('stages are open, close');
  expect(updates).toEqual([]);
  const { switched } = await pause(target, 'open', { note: 'x', patience: 0.02 });
  expect(switched).toMatchObject([{ state: 'Disabling', reached: false }]);
});

it('that it is paused on purpose is kept, so that somebody notices when its mapping is switched on by another', async () => {
  const { service, switchOn } = slowLambda(1);
  const { target } = await desk({ services: [service] });
  await pause(target, 'open', { note: 'the vault is locked' });
  expect(await problemsOf(target)).toEqual([]);
  switchOn();
  expect(await problemsOf(target)).toEqual([
    'set to be paused, but its event source is Enabled: pause it again, or resume it',
  ]);
  expect((await status(target)).stages[0]).toMatchObject({ paused: [], pauseSet: true });
  await pause(target, 'open', { note: 'again' });
  expect(await problemsOf(target)).toEqual([]);
  await resume(target, 'open', { note: 'open again' });
  expect(await problemsOf(target)).toEqual([]);
  expect((await status(target)).stages[0]).toMatchObject({ paused: [], pauseSet: false });
});

it('a stage stops and goes on though Parameter Store is down, and it is told that nobody will know', async () => {
  const { target, bench } = await desk({ services: [slowLambda(1).service] });
  bench.faults.before = ({ service }) => {
    if (service === 'ssm') throw new ServiceError('AccessDeniedException', 'no');
  };
  for (const [verb, state] of [
    [pause, 'Disabled'],
    [resume, 'Enabled'],
  ] as const) {
    const { switched, unwritten } = await verb(target, 'open', { note: 'x' });
    expect(switched).toMatchObject([{ state, reached: true }]);
    expect(unwritten).toBe('AccessDeniedException: no');
  }
  expect((await listAudit(target)).map(({ result }) => result)).toEqual([
    `${queue} Disabled; the setting: AccessDeniedException: no`,
    `${queue} Enabled; the setting: AccessDeniedException: no`,
  ]);
  expect((await status(target)).stages[0]!.pauseSet).toBeUndefined();
});

it('status counts what waits, what was given up, and what is parked', async () => {
  const { target, ...at } = await desk({ services: [slowLambda(1).service] });
  await at.giveUp(accountEvent('1'));
  await at.put(queue, '{}', { group: 'a' });
  await at.put(inbox, '{}');
  const Dimensions = [
    { Name: 'environment', Value: 'test' },
    { Name: 'service', Value: 'open' },
  ];
  const Timestamp = new Date(Date.now() - 90_000);
  const MetricData = [{ MetricName: 'Completed', Dimensions, Timestamp, Value: 40 }];
  await target.cloudwatch.send(new PutMetricDataCommand({ Namespace: 'bank', MetricData }));
  const { stages, quarantined, alarms } = await status(target);
  expect(stages[0]).toMatchObject({
    ...{ arrived: 0, completed: 8 },
    ...{ stage: 'open', inbox: { visible: 1 }, queue: { visible: 1 }, deadLetters: 1 },
    ...{ parked: { count: 0, atLeast: false }, paused: [], breakers: [] },
  });
  expect([quarantined, alarms]).toEqual([0, []]);
});
