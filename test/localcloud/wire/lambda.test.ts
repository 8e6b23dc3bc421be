/** Lambda's REST protocol: members travel in the path, the query, headers and the body. */
import {
  DeleteFunctionCommand,
  GetFunctionCommand,
  GetProvisionedConcurrencyConfigCommand,
  InvokeCommand,
  LambdaClient,
  ListEventSourceMappingsCommand,
  ListFunctionsCommand,
  ListProvisionedConcurrencyConfigsCommand,
  ListTagsCommand,
  TagResourceCommand,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ServiceError } from '../../../localcloud/service.ts';
import { NOW, type Stub, serveStub } from './stub.ts';

const ARN = 'arn:aws:lambda:eu-west-1:123456789012:function:charge';
const text = (content: string) => new TextEncoder().encode(content);

let stub: Stub;
let lambda: LambdaClient;
beforeAll(async () => {
  stub = await serveStub({
    lambda: {
      Invoke: ({ InvocationType, Payload }) =>
        InvocationType === 'Event'
          ? { StatusCode: 202 }
          : { StatusCode: 200, ExecutedVersion: '$LATEST', FunctionError: 'Unhandled', LogResult: 'bG9n', Payload },
      ListFunctions: () => ({ Functions: [{ FunctionName: 'charge', Timeout: 3 }] }),
      GetFunction: () => {
        throw new ServiceError('ResourceNotFoundException', `Function not found: ${ARN}`);
      },
      DeleteFunction: () => undefined,
      ListTags: () => ({ Tags: { team: 'a' } }),
      TagResource: () => undefined,
      ListEventSourceMappings: () => ({ EventSourceMappings: [{ UUID: 'u', LastModified: new Date(NOW) }] }),
      UpdateEventSourceMapping: ({ UUID, Enabled }) => ({ UUID, State: Enabled ? 'Enabling' : 'Disabling' }),
      ListProvisionedConcurrencyConfigs: () => ({ ProvisionedConcurrencyConfigs: [] }),
      GetProvisionedConcurrencyConfig: () => ({ Status: 'READY' }),
    },
  });
  lambda = new LambdaClient(stub.settings);
});
afterAll(() => stub.close());

const last = () => stub.seen.at(-1)!;

test('an invocation carries its payload as bytes, and its outcome in headers', async () => {
  const answer = await lambda.send(
    new InvokeCommand({ FunctionName: ARN, Qualifier: 'live', Payload: text('{"a":"ü"}') }),
  );
  expect(last()).toMatchObject({ action: 'Invoke', input: { FunctionName: ARN, Qualifier: 'live' } });
  expect(last().input.Payload).toEqual(text('{"a":"ü"}'));
  expect(answer).toMatchObject({
    StatusCode: 200,
    ExecutedVersion: '$LATEST',
    FunctionError: 'Unhandled',
    LogResult: 'bG9n',
  });
  expect(answer.Payload?.transformToString()).toBe('{"a":"ü"}');
});

test('an asynchronous invocation is answered 202', async () => {
  const answer = await lambda.send(new InvokeCommand({ FunctionName: 'charge', InvocationType: 'Event' }));
  expect(last().input).toEqual({ FunctionName: 'charge', InvocationType: 'Event' });
  expect(answer.$metadata.httpStatusCode).toBe(202);
});

test('query parameters are typed', async () => {
  const { Functions } = await lambda.send(new ListFunctionsCommand({ MaxItems: 5, Marker: 'a b' }));
  expect(last().input).toEqual({ MaxItems: 5, Marker: 'a b' });
  expect(Functions).toEqual([{ FunctionName: 'charge', Timeout: 3 }]);
});

test('a path and a body are read together, and times are dates', async () => {
  const { State } = await lambda.send(new UpdateEventSourceMappingCommand({ UUID: 'u', Enabled: false }));
  expect(last().input).toEqual({ UUID: 'u', Enabled: false });
  expect(State).toBe('Disabling');
  const { EventSourceMappings } = await lambda.send(new ListEventSourceMappingsCommand({ FunctionName: 'charge' }));
  expect(EventSourceMappings).toEqual([{ UUID: 'u', LastModified: new Date(NOW) }]);
});

test('an action without an answer is 204', async () => {
  const tagged = await lambda.send(new TagResourceCommand({ Resource: ARN, Tags: { team: 'a' } }));
  expect(tagged.$metadata.httpStatusCode).toBe(204);
  expect(last().input).toEqual({ Resource: ARN, Tags: { team: 'a' } });
  const { Tags } = await lambda.send(new ListTagsCommand({ Resource: ARN }));
  expect(Tags).toEqual({ team: 'a' });
  await lambda.send(new DeleteFunctionCommand({ FunctionName: 'charge' }));
  expect(last().action).toBe('DeleteFunction');
});

test('two actions of one path are told apart by their query', async () => {
  await lambda.send(new ListProvisionedConcurrencyConfigsCommand({ FunctionName: 'charge' }));
  expect(last().action).toBe('ListProvisionedConcurrencyConfigs');
  await lambda.send(new GetProvisionedConcurrencyConfigCommand({ FunctionName: 'charge', Qualifier: 'live' }));
  expect(last().action).toBe('GetProvisionedConcurrencyConfig');
});

test('an error has the status that Lambda gives it, and says whose fault it is', async () => {
  const failed = await lambda.send(new GetFunctionCommand({ FunctionName: 'charge' })).catch((error) => error);
  expect(failed).toMatchObject({
    name: 'ResourceNotFoundException',
    message: `Function not found: ${ARN}`,
    Type: 'User',
    $metadata: { httpStatusCode: 404 },
  });
});
