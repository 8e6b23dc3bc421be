import { GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import { CreateQueueCommand, DeleteQueueCommand } from '@aws-sdk/client-sqs';
import { expect } from 'vitest';
import { type Aws, behaviour } from '../contract.ts';
import { captured, fifoQueue, pipe, publish, queue, rule } from './given.ts';

const page = 'https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html';
const MINUTE = 60_000;

/** What a rule of a bus counted, all told; undefined where nothing was ever counted. */
async function sum(aws: Aws, where: { bus?: string; rule: string }, MetricName: string): Promise<number | undefined> {
  const now = (await aws.events.config.systemClockOffset) + Date.now();
  const byBus = where.bus === undefined ? [] : [{ Name: 'EventBusName', Value: where.bus }];
  const { Datapoints = [] } = await aws.cloudwatch.send(
    new GetMetricStatisticsCommand({
      Namespace: 'AWS/Events',
      MetricName,
      Dimensions: [...byBus, { Name: 'RuleName', Value: where.rule }],
      StartTime: new Date(now - 30 * MINUTE),
      EndTime: new Date(now + 30 * MINUTE),
      Period: 60,
      Statistics: ['Sum'],
    }),
  );
  return Datapoints.length === 0 ? undefined : Datapoints.reduce((total, { Sum }) => total + Sum!, 0);
}

/** The ARN of a queue that is no more. */
async function goneQueue(aws: Aws): Promise<string> {
  const { QueueUrl } = await aws.sqs.send(new CreateQueueCommand({ QueueName: aws.name('gone') }));
  await aws.sqs.send(new DeleteQueueCommand({ QueueUrl }));
  await aws.pass(MINUTE);
  return `arn:aws:sqs:${aws.region}:${aws.account}:${QueueUrl!.split('/').at(-1)}`;
}

behaviour(
  'a rule counts what it matched and delivered, under its bus and its name; what never happened has no data',
  { source: page, covers: ['events:PutEvents'], notRemote: 'metrics take minutes' },
  async (aws) => {
    const to = await pipe(aws, { detail: { n: [1] } });
    for (const n of [1, 1, 2]) await publish(aws, { EventBusName: to.bus, Detail: JSON.stringify({ n }) });
    await aws.pass(2 * MINUTE);
    expect(await sum(aws, to, 'MatchedEvents')).toBe(2);
    expect(await sum(aws, to, 'Invocations')).toBe(2);
    expect(await sum(aws, to, 'FailedInvocations')).toBeUndefined();
    expect(await sum(aws, { rule: to.rule }, 'MatchedEvents')).toBeUndefined();
  },
);

behaviour(
  'rules of the default bus count under their name alone',
  { source: captured('metrics'), covers: ['events:PutEvents'], notRemote: 'metrics take minutes' },
  async (aws) => {
    const inbox = await queue(aws);
    const name = await rule(aws, undefined, { targets: [{ Id: 't', Arn: inbox.arn }] });
    await publish(aws, {});
    await aws.pass(2 * MINUTE);
    expect(await sum(aws, { rule: name }, 'MatchedEvents')).toBe(1);
    expect(await sum(aws, { rule: name, bus: 'default' }, 'MatchedEvents')).toBeUndefined();
  },
);

behaviour(
  'an event that cannot be delivered and has a dead-letter queue counts as failed and as sent there',
  { source: page, covers: ['events:PutTargets'], notRemote: 'metrics take minutes' },
  async (aws) => {
    const failed = await queue(aws);
    const to = await pipe(aws, undefined, { Arn: await goneQueue(aws), DeadLetterConfig: { Arn: failed.arn } });
    await publish(aws, { EventBusName: to.bus });
    await aws.pass(2 * MINUTE);
    expect(await sum(aws, to, 'Invocations')).toBe(1);
    expect(await sum(aws, to, 'FailedInvocations')).toBe(1);
    expect(await sum(aws, to, 'InvocationsSentToDlq')).toBe(1);
    expect(await sum(aws, to, 'InvocationsFailedToBeSentToDlq')).toBeUndefined();
  },
);

behaviour(
  'a dead-letter queue that cannot be reached, as a FIFO queue cannot, is counted: the event is lost',
  { source: page, covers: ['events:PutTargets'], notRemote: 'metrics take minutes' },
  async (aws) => {
    const failed = await fifoQueue(aws);
    const to = await pipe(aws, undefined, { Arn: await goneQueue(aws), DeadLetterConfig: { Arn: failed.arn } });
    await publish(aws, { EventBusName: to.bus });
    await aws.pass(2 * MINUTE);
    expect(await sum(aws, to, 'InvocationsFailedToBeSentToDlq')).toBe(1);
    expect(await sum(aws, to, 'InvocationsSentToDlq')).toBeUndefined();
  },
);

behaviour(
  'without a dead-letter queue a lost event shows in FailedInvocations alone',
  { source: page, covers: ['events:PutTargets'], notRemote: 'metrics take minutes' },
  async (aws) => {
    const to = await pipe(aws, undefined, { Arn: await goneQueue(aws) });
    await publish(aws, { EventBusName: to.bus });
    await aws.pass(2 * MINUTE);
    expect(await sum(aws, to, 'FailedInvocations')).toBe(1);
    expect(await sum(aws, to, 'InvocationsSentToDlq')).toBeUndefined();
  },
);
