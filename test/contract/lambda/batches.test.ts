import { PutFunctionConcurrencyCommand, UpdateEventSourceMappingCommand } from '@aws-sdk/client-lambda';
import { ReceiveMessageCommand, SetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { expect } from 'vitest';
import { behaviour } from '../contract.ts';
import {
  givenFunction,
  givenMapping,
  givenQueue,
  givenQueueWithDeadLetters,
  holds,
  mappingIs,
  program,
  send,
  told,
} from './given.ts';

const page = 'https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html';
const errors = 'https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html';

/** Tells the bodies of each batch. */
const TELL = `exports.handler = async ({ Records }) => console.log("told", JSON.stringify(Records.map((one) => one.body)));`;

behaviour(
  'a message comes as a record, and is deleted when the function has succeeded, whatever it returned',
  { source: page, covers: ['lambda:CreateEventSourceMapping'] },
  async (aws) => {
    const { FunctionName } = await givenFunction(
      aws,
      `exports.handler = async ({ Records }) => {
        console.log("told", JSON.stringify(Records[0]));
        return { batchItemFailures: [{ itemIdentifier: Records[0].messageId }] };
      };`,
    );
    const { QueueUrl, arn: EventSourceArn } = await givenQueue(aws, { FifoQueue: 'true' });
    await givenMapping(aws, { FunctionName, EventSourceArn });
    await send(aws, QueueUrl, ['hello'], ['g']);
    const [record] = await told(aws, FunctionName, 1);
    expect(record).toMatchObject({
      body: 'hello',
      md5OfBody: '5d41402abc4b2a76b9719d911017c592',
      attributes: { ApproximateReceiveCount: '1', MessageGroupId: 'g', MessageDeduplicationId: 'hello' },
      messageAttributes: {},
      eventSource: 'aws:sqs',
      eventSourceARN: EventSourceArn,
      awsRegion: aws.region,
    });
    for (const name of ['SentTimestamp', 'SequenceNumber', 'SenderId', 'ApproximateFirstReceiveTimestamp']) {
      expect(record.attributes[name], name).toEqual(expect.any(String));
    }
    await holds(aws, QueueUrl, 0);
  },
);

behaviour(
  'no batch is larger than BatchSize',
  { source: page, covers: ['lambda:CreateEventSourceMapping'] },
  async (aws) => {
    const { FunctionName } = await givenFunction(aws, TELL);
    const { QueueUrl, arn: EventSourceArn } = await givenQueue(aws, { FifoQueue: 'true' });
    const mapping = { FunctionName, EventSourceArn, BatchSize: 2, Enabled: false };
    const { UUID } = await givenMapping(aws, mapping, 'Disabled');
    await send(aws, QueueUrl, ['1', '2', '3', '4', '5'], ['g', 'g', 'g', 'g', 'g']);
    await aws.lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: true }));
    await holds(aws, QueueUrl, 0);
    expect(await told(aws, FunctionName, 3)).toEqual([['1', '2'], ['3', '4'], ['5']]);
  },
);

behaviour(
  'a batching window gathers what comes meanwhile into one batch',
  {
    source: 'https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-parameters.html',
    covers: ['lambda:CreateEventSourceMapping'],
    notRemote: 'five pollers gather there, each for itself',
  },
  async (aws) => {
    const { FunctionName } = await givenFunction(aws, TELL);
    const { QueueUrl, arn: EventSourceArn } = await givenQueue(aws);
    await givenMapping(aws, { FunctionName, EventSourceArn, BatchSize: 100, MaximumBatchingWindowInSeconds: 5 });
    await send(aws, QueueUrl, ['1', '2']);
    await aws.pass(2000);
    await send(aws, QueueUrl, ['3']);
    const [batch, ...more] = await told<string[]>(aws, FunctionName, 1);
    expect([batch?.toSorted(), more]).toEqual([['1', '2', '3'], []]);
  },
);

behaviour(
  'a full batch does not wait for the end of its window',
  {
    source:
      'https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventsourcemapping.html#invocation-eventsourcemapping-batching',
    covers: ['lambda:CreateEventSourceMapping'],
    notRemote: 'five pollers gather there, each for itself',
  },
  async (aws) => {
    const { FunctionName } = await givenFunction(aws, TELL);
    const { QueueUrl, arn: EventSourceArn } = await givenQueue(aws);
    await givenMapping(aws, { FunctionName, EventSourceArn, BatchSize: 2, MaximumBatchingWindowInSeconds: 300 });
    await send(aws, QueueUrl, ['1', '2']);
    expect(await told(aws, FunctionName, 1)).toHaveLength(1);
  },
);

behaviour(
  'when a function throws, the whole batch comes again: a poisonous message takes its neighbours to the dead-letter queue',
  { source: errors, covers: ['lambda:CreateEventSourceMapping'] },
  async (aws) => {
    const { FunctionName } = await givenFunction(
      aws,
      `exports.handler = async ({ Records }) => {
        console.log("told", JSON.stringify(Records.map(({ body, attributes }) => body + attributes.ApproximateReceiveCount)));
        if (Records.some(({ body }) => body === "poison")) throw new Error("poisoned");
      };`,
    );
    const { QueueUrl, dead, arn: EventSourceArn } = await givenQueueWithDeadLetters(aws, { FifoQueue: 'true' });
    const { UUID } = await givenMapping(aws, { FunctionName, EventSourceArn, Enabled: false }, 'Disabled');
    await send(aws, QueueUrl, ['poison', 'innocent'], ['g', 'g']);
    await aws.lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: true }));
    await holds(aws, dead.QueueUrl, 2);
    expect(await told(aws, FunctionName, 2)).toEqual([
      ['poison1', 'innocent1'],
      ['poison2', 'innocent2'],
    ]);
  },
);

behaviour(
  'a throttled batch is not lost, but each try counts as a receive',
  {
    source: 'https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html',
    covers: ['lambda:PutFunctionConcurrency'],
  },
  async (aws) => {
    const { FunctionName } = await givenFunction(aws, TELL);
    await aws.lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 0 }));
    const { QueueUrl, dead, arn: EventSourceArn } = await givenQueueWithDeadLetters(aws);
    await givenMapping(aws, { FunctionName, EventSourceArn });
    await send(aws, QueueUrl, ['a']);
    await holds(aws, dead.QueueUrl, 1);
    const { Messages } = await aws.sqs.send(
      new ReceiveMessageCommand({ QueueUrl: dead.QueueUrl, MessageSystemAttributeNames: ['ApproximateReceiveCount'] }),
    );
    expect(Number(Messages![0]!.Attributes!.ApproximateReceiveCount)).toBeGreaterThanOrEqual(2);
  },
);

behaviour(
  'a function that ends after the message has become visible again has worked for nothing on a FIFO queue: it comes again',
  {
    source: 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-visibility-timeout.html',
    covers: ['lambda:CreateEventSourceMapping'],
  },
  async (aws) => {
    const { FunctionName } = await givenFunction(aws, program('slow-at-first'));
    const { QueueUrl, arn: EventSourceArn } = await givenQueue(aws, { FifoQueue: 'true', VisibilityTimeout: '3' });
    const { UUID } = await givenMapping(aws, { FunctionName, EventSourceArn });
    // Only so can it come to that: the mapping itself is not made where the timeout is too short.
    await aws.sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { VisibilityTimeout: '1' } }));
    await mappingIs(aws, UUID, 'Enabled');
    await send(aws, QueueUrl, ['a'], ['g']);
    expect((await told<number>(aws, FunctionName, 2)).slice(0, 2)).toEqual([1, 2]);
    await holds(aws, QueueUrl, 0);
  },
);
