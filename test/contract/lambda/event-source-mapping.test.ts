import {
  CreateAliasCommand,
  CreateEventSourceMappingCommand,
  DeleteEventSourceMappingCommand,
  GetEventSourceMappingCommand,
  ListEventSourceMappingsCommand,
  PublishVersionCommand,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import { expect } from 'vitest';
import { behaviour, refused } from '../contract.ts';
import { givenFunction, givenMapping, givenQueue, holds, mappingIs, send, told } from './given.ts';

const page = 'https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html';
const parameters = 'https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-parameters.html';
const recording =
  'https://github.com/localstack/localstack/blob/main/tests/aws/services/lambda_/event_source_mapping/test_lambda_integration_sqs.snapshot.json';
const absent = '11111111-2222-4333-8444-555555555555';

behaviour(
  'a mapping is described as it was made, and is found by queue and by function',
  {
    source: page,
    covers: ['lambda:CreateEventSourceMapping', 'lambda:GetEventSourceMapping', 'lambda:ListEventSourceMappings'],
  },
  async (aws) => {
    const { FunctionName, FunctionArn } = await givenFunction(aws);
    const { arn } = await givenQueue(aws);
    const created = await givenMapping(aws, { FunctionName, EventSourceArn: arn });
    expect(created).toMatchObject({
      EventSourceArn: arn,
      FunctionArn,
      BatchSize: 10,
      MaximumBatchingWindowInSeconds: 0,
      FunctionResponseTypes: [],
      State: 'Creating',
      StateTransitionReason: 'USER_INITIATED',
    });
    const { UUID } = created;
    expect(await aws.lambda.send(new GetEventSourceMappingCommand({ UUID }))).toMatchObject({ UUID, State: 'Enabled' });
    for (const by of [{ FunctionName }, { EventSourceArn: arn }, { FunctionName, EventSourceArn: arn }]) {
      const { EventSourceMappings } = await aws.lambda.send(new ListEventSourceMappingsCommand(by));
      expect(EventSourceMappings!.map((one) => one.UUID)).toEqual([UUID]);
    }
  },
);

behaviour(
  'a queue feeds a function once: a second mapping of the two is refused',
  { source: page, covers: ['lambda:CreateEventSourceMapping!ResourceConflictException'] },
  async (aws) => {
    const { FunctionName } = await givenFunction(aws);
    const { arn: EventSourceArn } = await givenQueue(aws);
    const { UUID } = await givenMapping(aws, { FunctionName, EventSourceArn });
    await refused(
      aws.lambda.send(new CreateEventSourceMappingCommand({ FunctionName, EventSourceArn })),
      'ResourceConflictException',
      new RegExp(`already exists. Please update or delete the existing mapping with UUID ${UUID}$`),
    );
  },
);

behaviour(
  'a mapping needs a function and a queue that are there',
  { source: recording, covers: ['lambda:CreateEventSourceMapping!InvalidParameterValueException'] },
  async (aws) => {
    const { FunctionName } = await givenFunction(aws);
    const { arn: EventSourceArn } = await givenQueue(aws);
    const create = (changes: { FunctionName?: string; EventSourceArn?: string }) =>
      aws.lambda.send(new CreateEventSourceMappingCommand({ FunctionName, EventSourceArn, ...changes }));
    await refused(
      create({ FunctionName: aws.name('nowhere') }),
      'InvalidParameterValueException',
      'Function does not exist',
    );
    await refused(
      create({ EventSourceArn: `${EventSourceArn}-not` }),
      'InvalidParameterValueException',
      /does not exist/,
    );
    await refused(
      aws.lambda.send(new CreateEventSourceMappingCommand({ FunctionName })),
      'InvalidParameterValueException',
      'Unrecognized event source.',
    );
  },
);

behaviour(
  'a queue of another region cannot feed a function',
  {
    source: 'https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html',
    covers: ['lambda:CreateEventSourceMapping!InvalidParameterValueException'],
  },
  async (aws) => {
    const { FunctionName } = await givenFunction(aws);
    const { arn } = await givenQueue(aws);
    const elsewhere = arn.replace(aws.region, aws.region === 'eu-central-1' ? 'eu-west-1' : 'eu-central-1');
    await refused(
      aws.lambda.send(new CreateEventSourceMappingCommand({ FunctionName, EventSourceArn: elsewhere })),
      'InvalidParameterValueException',
    );
  },
);

behaviour(
  'the queue must hide messages at least as long as the function may take',
  {
    source: 'https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html',
    covers: ['lambda:CreateEventSourceMapping!InvalidParameterValueException'],
  },
  async (aws) => {
    const { FunctionName } = await givenFunction(aws, undefined, { Timeout: 31 });
    const { arn: EventSourceArn } = await givenQueue(aws);
    await refused(
      aws.lambda.send(new CreateEventSourceMappingCommand({ FunctionName, EventSourceArn })),
      'InvalidParameterValueException',
      /Queue visibility timeout: 30 seconds is less than Function timeout: 31 seconds/,
    );
  },
);

behaviour(
  'a FIFO queue gives batches of ten at most and no window; a standard one gives more than ten only with a window',
  {
    source: parameters,
    covers: [
      'lambda:CreateEventSourceMapping!InvalidParameterValueException',
      'lambda:UpdateEventSourceMapping!InvalidParameterValueException',
    ],
  },
  async (aws) => {
    const { FunctionName } = await givenFunction(aws);
    const fifo = (await givenQueue(aws, { FifoQueue: 'true' })).arn;
    const standard = (await givenQueue(aws)).arn;
    const create = (settings: object) =>
      refused(
        aws.lambda.send(new CreateEventSourceMappingCommand({ FunctionName, ...settings })),
        'InvalidParameterValueException',
      );
    await create({ EventSourceArn: fifo, BatchSize: 11 });
    await create({ EventSourceArn: fifo, MaximumBatchingWindowInSeconds: 1 });
    await create({ EventSourceArn: standard, BatchSize: 11 });
    const { UUID } = await givenMapping(aws, { FunctionName, EventSourceArn: fifo });
    await refused(
      aws.lambda.send(new UpdateEventSourceMappingCommand({ UUID, BatchSize: 11 })),
      'InvalidParameterValueException',
    );
  },
);

behaviour(
  'MaximumConcurrency is from 2 to 1000, and an empty ScalingConfig takes it away',
  {
    source: 'https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html',
    covers: ['lambda:CreateEventSourceMapping', 'lambda:UpdateEventSourceMapping'],
  },
  async (aws) => {
    const { FunctionName } = await givenFunction(aws);
    const { arn: EventSourceArn } = await givenQueue(aws);
    for (const MaximumConcurrency of [1, 1001]) {
      const wanted = { FunctionName, EventSourceArn, ScalingConfig: { MaximumConcurrency } };
      await refused(aws.lambda.send(new CreateEventSourceMappingCommand(wanted)), 'ValidationException');
    }
    const ScalingConfig = { MaximumConcurrency: 2 };
    const { UUID, ScalingConfig: first } = await givenMapping(aws, { FunctionName, EventSourceArn, ScalingConfig });
    expect(first).toEqual(ScalingConfig);
    await aws.lambda.send(new UpdateEventSourceMappingCommand({ UUID, ScalingConfig: {} }));
    expect((await mappingIs(aws, UUID, 'Enabled')).ScalingConfig?.MaximumConcurrency).toBeUndefined();
  },
);

behaviour(
  'a mapping that is off leaves the queue alone until it is switched on, and again when it is switched off',
  { source: page, covers: ['lambda:CreateEventSourceMapping', 'lambda:UpdateEventSourceMapping'] },
  async (aws) => {
    const { FunctionName } = await givenFunction(aws, 'exports.handler = async () => console.log("told", 1);');
    const { QueueUrl, arn: EventSourceArn } = await givenQueue(aws);
    const { UUID } = await givenMapping(aws, { FunctionName, EventSourceArn, Enabled: false }, 'Disabled');
    await send(aws, QueueUrl, ['a']);
    await aws.pass(10_000);
    await holds(aws, QueueUrl, 1);
    await aws.lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: true }));
    await mappingIs(aws, UUID, 'Enabled');
    expect(await told(aws, FunctionName, 1)).toHaveLength(1);
    await holds(aws, QueueUrl, 0);
    await aws.lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: false }));
    await mappingIs(aws, UUID, 'Disabled');
    await send(aws, QueueUrl, ['b']);
    await aws.pass(10_000);
    await holds(aws, QueueUrl, 1);
  },
);

behaviour(
  'a mapping made for an alias invokes the version that the alias stands for',
  {
    source: 'https://docs.aws.amazon.com/lambda/latest/dg/configuration-aliases.html',
    covers: ['lambda:CreateEventSourceMapping'],
  },
  async (aws) => {
    const source = `exports.handler = async (_, { functionVersion, invokedFunctionArn }) =>
      console.log("told", JSON.stringify({ functionVersion, invokedFunctionArn }));`;
    const { FunctionName, FunctionArn } = await givenFunction(aws, source);
    const { Version: FunctionVersion } = await aws.lambda.send(new PublishVersionCommand({ FunctionName }));
    await aws.lambda.send(new CreateAliasCommand({ FunctionName, Name: 'live', FunctionVersion }));
    const { QueueUrl, arn: EventSourceArn } = await givenQueue(aws);
    const mapping = await givenMapping(aws, { FunctionName: `${FunctionName}:live`, EventSourceArn });
    expect(mapping.FunctionArn).toBe(`${FunctionArn}:live`);
    await send(aws, QueueUrl, ['a']);
    expect(await told(aws, FunctionName, 1)).toEqual([
      { functionVersion: FunctionVersion, invokedFunctionArn: `${FunctionArn}:live` },
    ]);
  },
);

behaviour(
  'a deleted mapping feeds nothing more, and is gone',
  {
    source: 'https://docs.aws.amazon.com/lambda/latest/api/API_DeleteEventSourceMapping.html',
    covers: ['lambda:DeleteEventSourceMapping', 'lambda:GetEventSourceMapping!ResourceNotFoundException'],
  },
  async (aws) => {
    const { FunctionName } = await givenFunction(aws);
    const { QueueUrl, arn: EventSourceArn } = await givenQueue(aws);
    const { UUID } = await aws.lambda.send(new CreateEventSourceMappingCommand({ FunctionName, EventSourceArn }));
    await mappingIs(aws, UUID!, 'Enabled');
    expect((await aws.lambda.send(new DeleteEventSourceMappingCommand({ UUID }))).State).toBe('Deleting');
    await aws.pass(30_000);
    await refused(
      aws.lambda.send(new GetEventSourceMappingCommand({ UUID })),
      'ResourceNotFoundException',
      'The resource you requested does not exist.',
    );
    await send(aws, QueueUrl, ['a']);
    await aws.pass(10_000);
    await holds(aws, QueueUrl, 1);
  },
);

behaviour(
  'a mapping that is not there cannot be changed or deleted, and cannot be moved to a function that is not there',
  {
    source: recording,
    covers: [
      'lambda:UpdateEventSourceMapping!ResourceNotFoundException',
      'lambda:DeleteEventSourceMapping!ResourceNotFoundException',
    ],
  },
  async (aws) => {
    const message = 'The resource you requested does not exist.';
    const update = new UpdateEventSourceMappingCommand({ UUID: absent, BatchSize: 1 });
    await refused(aws.lambda.send(update), 'ResourceNotFoundException', message);
    const deletion = new DeleteEventSourceMappingCommand({ UUID: absent });
    await refused(aws.lambda.send(deletion), 'ResourceNotFoundException', message);
  },
);
