import { InvokeCommand } from '@aws-sdk/client-lambda';
import { expect } from 'vitest';
import { behaviour, refused } from '../contract.ts';
import { givenFunction, invoke, told } from './given.ts';

const page = 'https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html';
const nodejs = 'https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html';

behaviour(
  'Invoke answers with what the handler returned, and with the version that ran',
  { source: page, covers: ['lambda:Invoke', 'lambda:CreateFunction'] },
  async (aws) => {
    const { FunctionName } = await givenFunction(aws, 'exports.handler = async ({ n }) => ({ doubled: 2 * n });');
    const answer = await invoke(aws, FunctionName, { n: 21 });
    expect(answer).toMatchObject({ StatusCode: 200, ExecutedVersion: '$LATEST', payload: { doubled: 42 } });
    expect(answer.FunctionError).toBeUndefined();
  },
);

behaviour(
  'a handler that returns nothing answers null, and an invocation without a payload has an empty event',
  { source: 'https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html', covers: ['lambda:Invoke'] },
  async (aws) => {
    const { FunctionName } = await givenFunction(
      aws,
      'exports.handler = async (event) => { if (Object.keys(event).length > 0) return 1; };',
    );
    const { Payload } = await aws.lambda.send(new InvokeCommand({ FunctionName }));
    expect(Buffer.from(Payload!).toString()).toBe('null');
  },
);

behaviour(
  'the context tells the request, the function as it was called, its memory, and the time that is left',
  { source: nodejs, covers: ['lambda:Invoke'] },
  async (aws) => {
    const { FunctionName, FunctionArn } = await givenFunction(
      aws,
      'exports.handler = async (_, context) => ({ ...context, left: context.getRemainingTimeInMillis() });',
      { Timeout: 10, MemorySize: 256 },
    );
    const { payload } = await invoke(aws, FunctionName);
    expect(payload).toMatchObject({
      functionName: FunctionName,
      functionVersion: '$LATEST',
      invokedFunctionArn: FunctionArn,
      memoryLimitInMB: '256',
      logGroupName: `/aws/lambda/${FunctionName}`,
    });
    expect(payload.awsRequestId).toMatch(/^[0-9a-f-]{36}$/);
    expect(payload.left).toBeGreaterThan(5000);
    expect(payload.left).toBeLessThanOrEqual(10_000);
  },
);

behaviour(
  'what a function keeps outside its handler is there in the next invocation',
  {
    source: 'https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html',
    covers: ['lambda:Invoke'],
  },
  async (aws) => {
    const { FunctionName } = await givenFunction(aws, 'let calls = 0; exports.handler = async () => ++calls;');
    expect((await invoke(aws, FunctionName)).payload).toBe(1);
    expect((await invoke(aws, FunctionName)).payload).toBe(2);
  },
);

behaviour(
  'with LogType Tail, the answer carries the end of the log',
  { source: page, covers: ['lambda:Invoke'] },
  async (aws) => {
    const { FunctionName } = await givenFunction(aws, 'exports.handler = async () => console.log("here I am");');
    const { LogResult } = await invoke(aws, FunctionName, {}, { LogType: 'Tail' });
    const log = Buffer.from(LogResult!, 'base64').toString();
    expect(log).toMatch(/START RequestId: \S+ Version: \$LATEST/);
    expect(log).toContain('here I am');
    expect(log).toMatch(/END RequestId: \S+\n/);
    expect(log).toMatch(/REPORT RequestId: \S+\tDuration: .*\tMemory Size: 128 MB/);
  },
);

behaviour(
  'an Event is accepted at once, and runs later',
  { source: 'https://docs.aws.amazon.com/lambda/latest/dg/invocation-async.html', covers: ['lambda:Invoke'] },
  async (aws) => {
    const { FunctionName } = await givenFunction(
      aws,
      'exports.handler = async (event) => console.log("told", JSON.stringify(event));',
    );
    const answer = await invoke(aws, FunctionName, { n: 1 }, { InvocationType: 'Event' });
    expect(answer).toMatchObject({ StatusCode: 202, payload: undefined });
    expect(await told(aws, FunctionName, 1)).toEqual([{ n: 1 }]);
  },
);

behaviour(
  'an Event whose function fails is tried three times in all, under one request id',
  {
    source: 'https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html',
    covers: ['lambda:Invoke'],
  },
  async (aws) => {
    const { FunctionName } = await givenFunction(
      aws,
      `exports.handler = async (_, { awsRequestId }) => {
        console.log("told", JSON.stringify(awsRequestId));
        throw new Error("no");
      };`,
    );
    await invoke(aws, FunctionName, {}, { InvocationType: 'Event' });
    await aws.pass(240_000);
    const requests = await told(aws, FunctionName, 3);
    expect(requests).toHaveLength(3);
    expect(new Set(requests).size).toBe(1);
  },
);

behaviour(
  'a DryRun only looks whether the call would be allowed',
  { source: page, covers: ['lambda:Invoke'] },
  async (aws) => {
    const { FunctionName } = await givenFunction(aws, 'let calls = 0; exports.handler = async () => ++calls;');
    expect((await invoke(aws, FunctionName, {}, { InvocationType: 'DryRun' })).StatusCode).toBe(204);
    expect((await invoke(aws, FunctionName)).payload).toBe(1);
  },
);

behaviour(
  'Invoke refuses a payload that is not JSON',
  { source: page, covers: ['lambda:Invoke!InvalidRequestContentException'] },
  async (aws) => {
    const { FunctionName } = await givenFunction(aws);
    await refused(
      aws.lambda.send(new InvokeCommand({ FunctionName, Payload: Buffer.from('{"a":') })),
      'InvalidRequestContentException',
      /^Could not parse request body into json/,
    );
  },
);

behaviour(
  'Invoke takes 6 MB from who waits, and 1 MB from who does not',
  {
    source: 'https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html',
    covers: ['lambda:Invoke!RequestTooLargeException'],
  },
  async (aws) => {
    const { FunctionName } = await givenFunction(aws, 'exports.handler = async (text) => text.length;');
    const sized = (bytes: number) => 'x'.repeat(bytes - 2);
    expect((await invoke(aws, FunctionName, sized(1_100_000))).payload).toBe(1_099_998);
    await refused(invoke(aws, FunctionName, sized(6_291_457)), 'RequestTooLargeException');
    await refused(
      invoke(aws, FunctionName, sized(1_100_000), { InvocationType: 'Event' }),
      'RequestTooLargeException',
      /is too large for the Event invocation type/,
    );
  },
);

behaviour(
  'Invoke refuses a function, a version and an alias that are not there, and two qualifiers that differ',
  {
    source: page,
    covers: ['lambda:Invoke!ResourceNotFoundException', 'lambda:Invoke!InvalidParameterValueException'],
  },
  async (aws) => {
    const { FunctionName, FunctionArn } = await givenFunction(aws);
    const nowhere = aws.name('nowhere');
    await refused(
      invoke(aws, nowhere),
      'ResourceNotFoundException',
      `Function not found: arn:aws:lambda:${aws.region}:${aws.account}:function:${nowhere}`,
    );
    for (const Qualifier of ['7', 'live']) {
      await refused(
        invoke(aws, FunctionName, {}, { Qualifier }),
        'ResourceNotFoundException',
        `Function not found: ${FunctionArn}:${Qualifier}`,
      );
    }
    await refused(
      invoke(aws, `${FunctionName}:1`, {}, { Qualifier: '2' }),
      'InvalidParameterValueException',
      'The derived qualifier from the function name does not match the specified qualifier.',
    );
  },
);
