/** How refusals look to clients, and what is refused by the front itself. */
import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  PutItemCommand,
  ScanCommand,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { GetRoleCommand, IAMClient, ListUsersCommand, NoSuchEntityException } from '@aws-sdk/client-iam';
import { DescribeKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { GetQueueUrlCommand, QueueDoesNotExist, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ServiceError } from '../../../localcloud/service.ts';
import { answer } from '../../../localcloud/wire/answer.ts';
import { type Stub, serveStub, signed, stubCloud, type ToSign } from './stub.ts';

const refuse = (code: string, message: string, options?: ConstructorParameters<typeof ServiceError>[2]) => () => {
  throw new ServiceError(code, message, options);
};
const bugs: [unknown, string][] = [];

let stub: Stub;
beforeAll(async () => {
  stub = await serveStub(
    {
      sqs: { GetQueueUrl: refuse('QueueDoesNotExist', 'The specified queue does not exist.') },
      dynamodb: {
        PutItem: refuse('ConditionalCheckFailedException', 'The conditional request failed', {
          fields: { Item: { raw: { B: Uint8Array.of(1) } } },
        }),
        TransactWriteItems: refuse('TransactionCanceledException', 'Transaction cancelled', {
          fields: {
            CancellationReasons: [{ Code: 'None' }, { Code: 'ConditionalCheckFailed', Item: { id: { S: 'a' } } }],
          },
        }),
        Scan: () => {
          throw new TypeError('no such thing');
        },
      },
      kms: { DescribeKey: refuse('AccessDeniedException', 'not yours', { status: 400 }) },
      iam: { GetRole: refuse('NoSuchEntityException', 'The role with name <r> cannot be found.') },
    },
    { onBug: (error, where) => bugs.push([error, where]) },
  );
});
afterAll(() => stub.close());

const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.unreachable('was not refused'),
    (error) => error,
  );

test('SQS: the error is known by the new name and by the old one', async () => {
  const error = await failure(new SQSClient(stub.settings).send(new GetQueueUrlCommand({ QueueName: 'q' })));
  expect(error).toBeInstanceOf(QueueDoesNotExist);
  expect(error).toMatchObject({ message: 'The specified queue does not exist.', $metadata: { httpStatusCode: 400 } });
  expect(error.Error).toMatchObject({ Code: 'AWS.SimpleQueueService.NonExistentQueue', Type: 'Sender' });
});

test('DynamoDB: errors carry their members, bytes included', async () => {
  const dynamodb = new DynamoDBClient(stub.settings);
  const failed = await failure(dynamodb.send(new PutItemCommand({ TableName: 't', Item: {} })));
  expect(failed).toBeInstanceOf(ConditionalCheckFailedException);
  expect([...failed.Item.raw.B]).toEqual([1]);
  const cancelled = await failure(dynamodb.send(new TransactWriteItemsCommand({ TransactItems: [] })));
  expect(cancelled).toMatchObject({
    name: 'TransactionCanceledException',
    message: 'Transaction cancelled',
    CancellationReasons: [{ Code: 'None' }, { Code: 'ConditionalCheckFailed', Item: { id: { S: 'a' } } }],
  });
});

test('IAM: the error that the SDK knows by another name than the wire, with its status', async () => {
  const error = await failure(new IAMClient(stub.settings).send(new GetRoleCommand({ RoleName: 'r' })));
  expect(error).toBeInstanceOf(NoSuchEntityException);
  expect(error).toMatchObject({
    message: 'The role with name <r> cannot be found.',
    $metadata: { httpStatusCode: 404 },
  });
});

test('an error that the client does not model keeps its name', async () => {
  const error = await failure(new KMSClient(stub.settings).send(new DescribeKeyCommand({ KeyId: 'k' })));
  expect(error).toMatchObject({ name: 'AccessDeniedException', message: 'not yours' });
});

test('an action that is not built is refused by name, and is no bug', async () => {
  const before = bugs.length;
  const iam = new IAMClient(stub.settings);
  const error = await failure(iam.send(new ListUsersCommand({})));
  expect(error).toMatchObject({
    name: 'NotImplemented',
    message: 'the local cloud does not support iam:ListUsers',
    $metadata: { httpStatusCode: 501 },
  });
  expect(bugs).toHaveLength(before);
});

test('a bug is a 500 with its message, and is reported', async () => {
  const error = await failure(new DynamoDBClient(stub.settings).send(new ScanCommand({ TableName: 't' })));
  expect(error).toMatchObject({
    name: 'InternalFailure',
    message: 'no such thing',
    $metadata: { httpStatusCode: 500 },
  });
  expect(bugs.at(-1)).toEqual([expect.any(TypeError), 'dynamodb:Scan']);
});

/** Asks without a client, for what no client would send. */
async function ask(request: ToSign) {
  const { cloud } = stubCloud({ sqs: { SendMessage: () => ({}) }, lambda: {}, dynamodb: {} });
  const { status, body } = await answer(cloud, signed(request));
  return `${status} ${body}`;
}
const sqs = (target: string, body: string): ToSign => ({
  service: 'sqs',
  headers: { 'x-amz-target': target, 'content-type': 'application/x-amz-json-1.0' },
  body,
});

test('a malformed body is refused with where and what', async () => {
  expect(await ask(sqs('AmazonSQS.SendMessage', '{"a"'))).toMatch(/^400 .*#SerializationException.*is not JSON/);
  expect(await ask(sqs('AmazonSQS.SendMessage', '[]'))).toContain('the body must be an object, but is a list');
  expect(await ask(sqs('AmazonSQS.SendMessage', '{"MessageBody":1}'))).toContain(
    'MessageBody must be a string, but is a number',
  );
  const deep = '{"MessageAttributes":{"a":{"BinaryValue":true}}}';
  expect(await ask(sqs('AmazonSQS.SendMessage', deep))).toContain(
    'MessageAttributes.a.BinaryValue must be a base64 string',
  );
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const odd = 'Action=AssumeRole&DurationSeconds=soon';
  expect(await ask({ service: 'sts', headers: form, body: odd })).toContain(
    "DurationSeconds must be a number, but is 'soon'",
  );
});

test('unknown services, actions, paths and protocols are refused by name', async () => {
  expect(await ask({ service: 's3', method: 'GET', path: '/bucket' })).toMatch(/^501 .*no service s3/);
  expect(await ask(sqs('AmazonSQS.Fly', '{}'))).toMatch(/^501 .*sqs:Fly/);
  expect(await ask(sqs('AWSEvents.PutEvents', '{}'))).toMatch(
    /^400 .*UnknownOperationException.*its prefix is AmazonSQS/,
  );
  expect(await ask({ service: 'lambda', path: '/2031-01-01/wings' })).toMatch(/^501 .*POST \/2031-01-01\/wings/);
  expect(await ask({ service: 'dynamodb', path: '/service/x/operation/Scan' })).toMatch(
    /^501 .*this protocol with dynamodb/,
  );
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  expect(await ask({ service: 'events', headers, body: 'Action=PutEvents' })).toMatch(
    /^501 .*this protocol with events/s,
  );
  expect(await ask({ service: 'sts', headers, body: '' })).toMatch(/^400 .*<Code>MissingAction/s);
  const zipped = { ...sqs('AmazonSQS.SendMessage', '{}').headers, 'content-encoding': 'br' };
  expect(await ask({ service: 'sqs', headers: zipped, body: '{}' })).toMatch(/^501 .*Content-Encoding br/);
});
