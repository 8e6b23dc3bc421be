import { UpdateEventSourceMappingCommand } from '@aws-sdk/client-lambda';
import { expect } from 'vitest';
import { type Aws, behaviour } from '../contract.ts';
import {
  givenFunction,
  givenMapping,
  givenQueue,
  givenQueueWithDeadLetters,
  holds,
  program,
  send,
  told,
} from './given.ts';

const scaling = 'https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html';
const partial = 'https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html';

interface Run {
  readonly body: string;
  readonly from: number;
  readonly to: number;
}

const WORK = program('work-a-second');

/** A queue that already holds the messages when its mapping is switched on. */
async function fed(aws: Aws, source: string, messages: Record<string, string>, settings: object) {
  const { FunctionName } = await givenFunction(aws, source);
  const queue = await givenQueueWithDeadLetters(aws, { FifoQueue: 'true' });
  const mapping = { FunctionName, EventSourceArn: queue.arn, Enabled: false, ...settings };
  const { UUID } = await givenMapping(aws, mapping, 'Disabled');
  await send(aws, queue.QueueUrl, Object.keys(messages), Object.values(messages));
  await aws.lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: true }));
  await holds(aws, queue.QueueUrl, 0);
  return { FunctionName, ...queue };
}

const meet = (a: Run, b: Run) => a.from < b.to && b.from < a.to;

behaviour(
  'the messages of a group are worked on one after the other, those of different groups side by side',
  { source: scaling, covers: ['lambda:CreateEventSourceMapping'] },
  async (aws) => {
    const messages = { a1: 'a', b1: 'b', a2: 'a', b2: 'b', a3: 'a' };
    const { FunctionName } = await fed(aws, WORK, messages, { BatchSize: 1 });
    const runs = await told<Run>(aws, FunctionName, 5);
    const of = (group: string) => runs.filter(({ body }) => body.startsWith(group)).sort((x, y) => x.from - y.from);
    expect(of('a').map(({ body }) => body)).toEqual(['a1', 'a2', 'a3']);
    expect(of('b').map(({ body }) => body)).toEqual(['b1', 'b2']);
    for (const group of ['a', 'b']) {
      const own = of(group);
      for (const [at, run] of own.entries()) if (at > 0) expect(meet(run, own[at - 1]!)).toBe(false);
    }
    expect(of('a').some((run) => of('b').some((other) => meet(run, other)))).toBe(true);
  },
);

behaviour(
  'a message that fails holds up its own group and no other',
  { source: scaling, covers: ['lambda:CreateEventSourceMapping'] },
  async (aws) => {
    const { FunctionName, dead } = await fed(aws, WORK, { '!a1': 'a', a2: 'a', b1: 'b' }, { BatchSize: 1 });
    const runs = await told<Run>(aws, FunctionName, 3);
    const order = runs.sort((x, y) => x.to - y.to).map(({ body }) => body);
    expect(order).toEqual(['b1', '!a1', 'a2']);
    await holds(aws, dead.QueueUrl, 0);
  },
);

behaviour(
  'a batch may hold several groups, and keeps the order within each',
  {
    source: 'https://github.com/aws-powertools/powertools-lambda-python/issues/2981',
    covers: ['lambda:CreateEventSourceMapping'],
    notRemote: 'which groups come together is for the queue to choose',
  },
  async (aws) => {
    const source = `exports.handler = async ({ Records }) =>
      console.log("told", JSON.stringify(Records.map(({ body }) => body)));`;
    const { FunctionName } = await fed(aws, source, { a1: 'a', b1: 'b', a2: 'a', b2: 'b' }, { BatchSize: 10 });
    const [batch, ...more] = await told<string[]>(aws, FunctionName, 1);
    expect(more).toEqual([]);
    expect(batch!.filter((body) => body.startsWith('a'))).toEqual(['a1', 'a2']);
    expect(batch!.filter((body) => body.startsWith('b'))).toEqual(['b1', 'b2']);
  },
);

/** Fails on `m2` once; says of the batch what `failures` makes of the position. */
const reporting = (failures: string) => `exports.handler = async ({ Records }) => {
  const at = Records.findIndex(({ body, attributes }) => body === "m2" && attributes.ApproximateReceiveCount === "1");
  const failed = at < 0 ? [] : ${failures};
  for (const one of Records) if (!failed.includes(one)) console.log("told", JSON.stringify(one.body));
  return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
};`;

behaviour(
  'order is kept by a function that returns the first failure and all that it has not touched',
  { source: partial, covers: ['lambda:CreateEventSourceMapping'] },
  async (aws) => {
    const settings = { FunctionResponseTypes: ['ReportBatchItemFailures'] };
    const messages = { m1: 'g', m2: 'g', m3: 'g' };
    const { FunctionName } = await fed(aws, reporting('Records.slice(at)'), messages, settings);
    expect(await told(aws, FunctionName, 3)).toEqual(['m1', 'm2', 'm3']);
  },
);

behaviour(
  'order is lost by a function that returns only what failed: what followed in the group is deleted before it',
  { source: partial, covers: ['lambda:CreateEventSourceMapping'] },
  async (aws) => {
    const settings = { FunctionResponseTypes: ['ReportBatchItemFailures'] };
    const messages = { m1: 'g', m2: 'g', m3: 'g' };
    const { FunctionName } = await fed(aws, reporting('[Records[at]]'), messages, settings);
    expect(await told(aws, FunctionName, 3)).toEqual(['m1', 'm3', 'm2']);
  },
);

behaviour(
  'MaximumConcurrency holds back further batches in the queue, and nothing is received in vain',
  { source: scaling, covers: ['lambda:CreateEventSourceMapping'] },
  async (aws) => {
    const { FunctionName } = await givenFunction(aws, WORK);
    const { QueueUrl, arn: EventSourceArn } = await givenQueue(aws);
    await givenMapping(aws, { FunctionName, EventSourceArn, BatchSize: 1, ScalingConfig: { MaximumConcurrency: 2 } });
    await send(aws, QueueUrl, ['1', '2', '3', '4', '5', '6']);
    await holds(aws, QueueUrl, 0);
    const runs = await told<Run & { count: string }>(aws, FunctionName, 6);
    for (const run of runs) expect(runs.filter((other) => meet(run, other)).length).toBeLessThanOrEqual(3);
    const moments = runs.map(({ from }) => runs.filter((other) => other.from <= from && from < other.to).length);
    expect(Math.max(...moments)).toBe(2);
    expect(new Set(runs.map(({ count }) => count))).toEqual(new Set(['1']));
  },
);
