import {
  DeleteFunctionConcurrencyCommand,
  GetFunctionCommand,
  GetFunctionConcurrencyCommand,
  GetFunctionRecursionConfigCommand,
  ListTagsCommand,
  PutFunctionConcurrencyCommand,
  PutFunctionRecursionConfigCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { expect } from 'vitest';
import { behaviour, refused } from '../contract.ts';
import { givenFunction, invoke } from './given.ts';

const variables = 'https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html';
const concurrency = 'https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html';
const tags = 'https://docs.aws.amazon.com/lambda/latest/dg/configuration-tags.html';

behaviour(
  'a function finds its own variables, and those that Lambda defines',
  { source: variables, covers: ['lambda:CreateFunction'] },
  async (aws) => {
    const Environment = { Variables: { COLOUR: 'blue' } };
    const { FunctionName } = await givenFunction(aws, 'exports.handler = async () => process.env;', { Environment });
    const { payload } = await invoke(aws, FunctionName);
    expect(payload).toMatchObject({
      COLOUR: 'blue',
      AWS_REGION: aws.region,
      AWS_DEFAULT_REGION: aws.region,
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs22.x',
      AWS_LAMBDA_FUNCTION_NAME: FunctionName,
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '128',
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
      AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${FunctionName}`,
      LAMBDA_TASK_ROOT: '/var/task',
      _HANDLER: 'index.handler',
      TZ: ':UTC',
    });
    for (const name of [
      'AWS_ACCESS_KEY_ID',
      'AWS_SECRET_ACCESS_KEY',
      'AWS_SESSION_TOKEN',
      'AWS_LAMBDA_LOG_STREAM_NAME',
    ])
      expect(payload[name], name).toEqual(expect.any(String));
  },
);

behaviour(
  'variables that Lambda defines cannot be set, and all of them together hold 4 KB',
  {
    source: variables,
    covers: ['lambda:UpdateFunctionConfiguration!InvalidParameterValueException', 'lambda:UpdateFunctionConfiguration'],
  },
  async (aws) => {
    const { FunctionName } = await givenFunction(aws);
    const set = (Variables: Record<string, string>) =>
      aws.lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Environment: { Variables } }));
    await refused(
      set({ AWS_REGION: 'x' }),
      'InvalidParameterValueException',
      /reserved keys that are currently not supported for modification\. Reserved keys used in this request: AWS_REGION$/,
    );
    await refused(
      set({ LARGE: 'x'.repeat(4096) }),
      'InvalidParameterValueException',
      /^Lambda was unable to configure your environment variables because the environment variables you have provided exceeded the 4KB limit\./,
    );
    await refused(set({ '1': 'x' }), 'ValidationException');
  },
);

behaviour(
  'a function whose reserved concurrency is 0 is switched off',
  {
    source: concurrency,
    covers: [
      'lambda:PutFunctionConcurrency',
      'lambda:DeleteFunctionConcurrency',
      'lambda:Invoke!TooManyRequestsException',
    ],
  },
  async (aws) => {
    const { FunctionName } = await givenFunction(aws);
    await aws.lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 0 }));
    const thrown = await invoke(aws, FunctionName).catch((error) => error);
    expect(thrown).toMatchObject({
      name: 'TooManyRequestsException',
      Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded',
    });
    expect(thrown.message).toMatch(/^Rate Exceeded/i);
    await aws.lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName }));
    expect((await invoke(aws, FunctionName, 1)).payload).toBe(1);
  },
);

behaviour(
  'a reservation is told until it is taken back; it may not leave the other functions less than 100',
  {
    source: concurrency,
    covers: [
      'lambda:GetFunctionConcurrency',
      'lambda:DeleteFunctionConcurrency',
      'lambda:PutFunctionConcurrency!InvalidParameterValueException',
    ],
  },
  async (aws) => {
    const { FunctionName } = await givenFunction(aws);
    const get = () => aws.lambda.send(new GetFunctionConcurrencyCommand({ FunctionName }));
    const put = (ReservedConcurrentExecutions: number) =>
      aws.lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions }));
    expect((await get()).ReservedConcurrentExecutions).toBeUndefined();
    await put(1);
    expect((await get()).ReservedConcurrentExecutions).toBe(1);
    const { Concurrency } = await aws.lambda.send(new GetFunctionCommand({ FunctionName }));
    expect(Concurrency).toEqual({ ReservedConcurrentExecutions: 1 });
    await refused(
      put(1_000_000),
      'InvalidParameterValueException',
      /^Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of \[\d+\]\.$/,
    );
    await aws.lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName }));
    expect((await get()).ReservedConcurrentExecutions).toBeUndefined();
  },
);

behaviour(
  'whether a function may go round in circles is told, and is no unless somebody said so',
  {
    source: 'https://docs.aws.amazon.com/lambda/latest/api/API_PutFunctionRecursionConfig.html',
    covers: [
      'lambda:PutFunctionRecursionConfig',
      'lambda:GetFunctionRecursionConfig',
      'lambda:PutFunctionRecursionConfig!InvalidParameterValueException',
    ],
  },
  async (aws) => {
    const { FunctionName } = await givenFunction(aws);
    const get = async () =>
      (await aws.lambda.send(new GetFunctionRecursionConfigCommand({ FunctionName }))).RecursiveLoop;
    const put = (RecursiveLoop: any) =>
      aws.lambda.send(new PutFunctionRecursionConfigCommand({ FunctionName, RecursiveLoop }));
    expect(await get()).toBe('Terminate');
    expect(await put('Allow')).toMatchObject({ RecursiveLoop: 'Allow' });
    expect(await get()).toBe('Allow');
    await refused(put('Sometimes'), 'InvalidParameterValueException');
    expect(await get()).toBe('Allow');
  },
);

behaviour(
  'tags are added, changed and taken off, and there are 50 at most',
  {
    source: tags,
    covers: [
      'lambda:TagResource',
      'lambda:UntagResource',
      'lambda:ListTags',
      'lambda:TagResource!InvalidParameterValueException',
    ],
  },
  async (aws) => {
    const { FunctionArn: Resource } = await givenFunction(aws, undefined, { Tags: { a: '1', b: '2' } });
    await aws.lambda.send(new TagResourceCommand({ Resource, Tags: { b: '3', c: '4' } }));
    await aws.lambda.send(new UntagResourceCommand({ Resource, TagKeys: ['a', 'never'] }));
    expect((await aws.lambda.send(new ListTagsCommand({ Resource }))).Tags).toEqual({ b: '3', c: '4' });
    const Tags = Object.fromEntries(Array.from({ length: 49 }, (_, n) => [`t${n}`, '']));
    await refused(
      aws.lambda.send(new TagResourceCommand({ Resource, Tags })),
      'InvalidParameterValueException',
      'Number of tags exceeds resource tag limit.',
    );
  },
);
