import {
  CreateAliasCommand,
  DeleteFunctionCommand,
  GetAliasCommand,
  PublishVersionCommand,
  UpdateAliasCommand,
  UpdateFunctionCodeCommand,
} from '@aws-sdk/client-lambda';
import { expect } from 'vitest';
import { type Aws, behaviour, refused } from '../contract.ts';
import { givenFunction, givenMapping, givenQueue, invoke, ready, send, told, zipOf } from './given.ts';

const source = 'https://docs.aws.amazon.com/lambda/latest/dg/configuring-alias-routing.html';

const TELLING = `exports.handler = async (_, { functionVersion }) => {
  console.log('told', JSON.stringify(functionVersion));
  return functionVersion;
};`;

/** A function with two versions, and an alias that gives the second this weight. */
async function givenWeights(aws: Aws, weight: number) {
  const { FunctionName } = await givenFunction(aws, TELLING);
  await aws.lambda.send(new PublishVersionCommand({ FunctionName }));
  await aws.lambda.send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile: zipOf(`${TELLING}\n//`) }));
  await ready(aws, FunctionName);
  await aws.lambda.send(new PublishVersionCommand({ FunctionName }));
  const alias = { FunctionName, Name: 'live' };
  const RoutingConfig = { AdditionalVersionWeights: { 2: weight } };
  await aws.lambda.send(new CreateAliasCommand({ ...alias, FunctionVersion: '1', RoutingConfig }));
  return alias;
}

async function versionsOf(aws: Aws, FunctionName: string, times: number): Promise<string[]> {
  const seen: string[] = [];
  for (let left = times; left > 0; left--) {
    const { ExecutedVersion, payload } = await invoke(aws, `${FunctionName}:live`);
    expect(payload).toBe(ExecutedVersion);
    seen.push(ExecutedVersion!);
  }
  return seen;
}

behaviour(
  'an alias stands for two versions, each with its share of the invocations, until it is told otherwise',
  { source, covers: ['lambda:CreateAlias', 'lambda:GetAlias', 'lambda:UpdateAlias', 'lambda:Invoke'] },
  async (aws) => {
    const { FunctionName, Name } = await givenWeights(aws, 0.5);
    const look = () => aws.lambda.send(new GetAliasCommand({ FunctionName, Name }));
    expect((await look()).RoutingConfig).toEqual({ AdditionalVersionWeights: { 2: 0.5 } });
    const seconds = (await versionsOf(aws, FunctionName, 40)).filter((version) => version === '2').length;
    expect(seconds).toBeGreaterThan(8);
    expect(seconds).toBeLessThan(32);

    await aws.lambda.send(new UpdateAliasCommand({ FunctionName, Name, Description: 'the weights stay' }));
    expect((await look()).RoutingConfig).toEqual({ AdditionalVersionWeights: { 2: 0.5 } });
    const RoutingConfig = { AdditionalVersionWeights: {} };
    await aws.lambda.send(new UpdateAliasCommand({ FunctionName, Name, FunctionVersion: '2', RoutingConfig }));
    expect((await look()).RoutingConfig).toBeUndefined();
    expect(new Set(await versionsOf(aws, FunctionName, 10))).toEqual(new Set(['2']));
  },
);

behaviour(
  'a weight of nothing keeps the second version from running',
  { source, covers: ['lambda:Invoke'] },
  async (aws) => {
    const { FunctionName } = await givenWeights(aws, 0);
    expect(new Set(await versionsOf(aws, FunctionName, 20))).toEqual(new Set(['1']));
  },
);

behaviour(
  'a queue that feeds an alias is worked off by both versions, each batch by one: a message group may see them in turn',
  { source, covers: ['lambda:CreateEventSourceMapping', 'lambda:UpdateAlias'] },
  async (aws) => {
    const { FunctionName } = await givenWeights(aws, 0.5);
    const queue = await givenQueue(aws, { FifoQueue: 'true', VisibilityTimeout: '30' });
    const mapping = await givenMapping(aws, {
      EventSourceArn: queue.arn,
      FunctionName: `${FunctionName}:live`,
      BatchSize: 1,
    });
    expect(mapping.FunctionArn).toBe(`arn:aws:lambda:${aws.region}:${aws.account}:function:${FunctionName}:live`);
    const bodies = Array.from({ length: 10 }, (_, at) => `m${at}`);
    await send(
      aws,
      queue.QueueUrl,
      bodies,
      bodies.map(() => 'one-entity'),
    );
    expect(new Set(await told<string>(aws, FunctionName, 10))).toEqual(new Set(['1', '2']));
  },
);

behaviour(
  'a second version must be another one, published, with a share of 0 to 1; and is kept',
  {
    source: 'https://docs.aws.amazon.com/lambda/latest/api/API_AliasRoutingConfiguration.html',
    covers: [
      'lambda:CreateAlias!InvalidParameterValueException',
      'lambda:UpdateAlias!InvalidParameterValueException',
      'lambda:UpdateAlias!ResourceNotFoundException',
      'lambda:DeleteFunction!ResourceConflictException',
    ],
  },
  async (aws) => {
    const { FunctionName, Name } = await givenWeights(aws, 0.1);
    const update = (weights: Record<string, number>) =>
      aws.lambda.send(
        new UpdateAliasCommand({ FunctionName, Name, RoutingConfig: { AdditionalVersionWeights: weights } }),
      );
    await refused(update({ 1: 0.1 }), 'InvalidParameterValueException', /already included in routing configuration/);
    await refused(update({ $LATEST: 0.1 }), 'InvalidParameterValueException', /\$LATEST is not supported/);
    await refused(update({ 2: 0.1, 1: 0.1 }), 'InvalidParameterValueException', /greater than 1/);
    await refused(update({ 9: 0.1 }), 'ResourceNotFoundException');
    await refused(update({ 2: 1.1 }), 'ValidationException');
    const RoutingConfig = { AdditionalVersionWeights: { 1: 0.1 } };
    await refused(
      aws.lambda.send(new CreateAliasCommand({ FunctionName, Name: 'x', FunctionVersion: '$LATEST', RoutingConfig })),
      'InvalidParameterValueException',
    );
    await refused(
      aws.lambda.send(new DeleteFunctionCommand({ FunctionName, Qualifier: '2' })),
      'ResourceConflictException',
    );
  },
);
