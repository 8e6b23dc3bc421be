import { UpdateEventSourceMappingCommand } from '@aws-sdk/client-lambda';
import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { expect } from 'vitest';
import { type Aws, behaviour } from '../contract.ts';
import { givenFunction, givenMapping, givenQueueWithDeadLetters, holds, send } from './given.ts';

const page = 'https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html';

/** Feeds a FIFO queue's `good` and `bad`, in one batch, to a function that answers so; returns the queues. */
async function answered(aws: Aws, answer: string) {
  const { FunctionName } = await givenFunction(
    aws,
    `exports.handler = async ({ Records }) => {
      const id = (body) => Records.find((one) => one.body === body)?.messageId;
      return ${answer};
    };`,
  );
  const queue = await givenQueueWithDeadLetters(aws, { FifoQueue: 'true' });
  const FunctionResponseTypes = ['ReportBatchItemFailures' as const];
  const mapping = { FunctionName, EventSourceArn: queue.arn, FunctionResponseTypes, Enabled: false };
  const { UUID } = await givenMapping(aws, mapping, 'Disabled');
  await send(aws, queue.QueueUrl, ['good', 'bad'], ['g', 'g']);
  await aws.lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: true }));
  await holds(aws, queue.QueueUrl, 0);
  return queue;
}

behaviour(
  'what is reported comes again, and what is not is deleted',
  { source: page, covers: ['lambda:CreateEventSourceMapping'] },
  async (aws) => {
    const { dead } = await answered(
      aws,
      'id("bad") ? { batchItemFailures: [{ itemIdentifier: id("bad") }] } : { batchItemFailures: [] }',
    );
    await holds(aws, dead.QueueUrl, 1);
    const { Messages } = await aws.sqs.send(new ReceiveMessageCommand({ QueueUrl: dead.QueueUrl }));
    expect(Messages!.map(({ Body }) => Body)).toEqual(['bad']);
  },
);

for (const [what, answer] of [
  ['null', 'null'],
  ['nothing', 'undefined'],
  ['an empty object', '{}'],
  ['an empty list', '{ batchItemFailures: [] }'],
  ['null for a list', '{ batchItemFailures: null }'],
] as const) {
  behaviour(
    `a response of ${what} means that all went well`,
    { source: page, covers: ['lambda:CreateEventSourceMapping'] },
    async (aws) => {
      const { dead } = await answered(aws, answer);
      await holds(aws, dead.QueueUrl, 0);
    },
  );
}

for (const [what, answer] of [
  ['an identifier that is not of the batch', '{ batchItemFailures: [{ itemIdentifier: "of another batch" }] }'],
  ['an empty identifier', '{ batchItemFailures: [{ itemIdentifier: "" }] }'],
  ['null for an identifier', '{ batchItemFailures: [{ itemIdentifier: null }] }'],
  ['an identifier under another name', '{ batchItemFailures: [{ messageId: id("bad") }] }'],
  [
    'one good and one bad identifier',
    '{ batchItemFailures: [{ itemIdentifier: id("bad") }, { itemIdentifier: "?" }] }',
  ],
  ['a word in place of an object', '"all is well"'],
] as const) {
  behaviour(
    `a response with ${what} fails the whole batch`,
    { source: page, covers: ['lambda:CreateEventSourceMapping'] },
    async (aws) => {
      const { dead } = await answered(aws, answer);
      await holds(aws, dead.QueueUrl, 2);
    },
  );
}
