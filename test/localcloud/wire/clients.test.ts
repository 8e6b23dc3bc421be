/** Every client of the AWS SDK that the template uses, through HTTP, against services that say what they are told. */
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient, DescribeAlarmsCommand, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient, FilterLogEventsCommand, PutLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { DescribeArchiveCommand, EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { CreateRoleCommand, IAMClient, ListRolesCommand } from '@aws-sdk/client-iam';
import { DecryptCommand, EncryptCommand, KMSClient } from '@aws-sdk/client-kms';
import { GetTopicAttributesCommand, PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { NOW, type Stub, serveStub } from './stub.ts';

const bytes = (...values: number[]) => Uint8Array.from(values);
const when = new Date(NOW);
const item = { id: { S: 'a' }, raw: { B: bytes(0, 255) }, deep: { M: { list: { L: [{ BS: [bytes(7)] }] } } } };

let stub: Stub;
beforeAll(async () => {
  stub = await serveStub({
    sqs: {
      SendMessage: () => ({ MessageId: 'm' }),
      ReceiveMessage: () => ({
        Messages: [
          { MessageId: 'm', Body: 'ü', MessageAttributes: { raw: { DataType: 'Binary', BinaryValue: bytes(1, 2) } } },
        ],
      }),
    },
    dynamodb: { PutItem: () => ({}), GetItem: () => ({ Item: item }) },
    events: {
      PutEvents: () => ({ FailedEntryCount: 0, Entries: [{ EventId: 'e' }] }),
      DescribeArchive: () => ({ ArchiveName: 'a', CreationTime: when }),
    },
    kms: {
      Encrypt: (input) => ({ KeyId: input.KeyId, CiphertextBlob: Uint8Array.from(input.Plaintext).reverse() }),
      Decrypt: (input) => ({ Plaintext: Uint8Array.from(input.CiphertextBlob).reverse() }),
    },
    sts: {
      AssumeRole: () => ({
        Credentials: { AccessKeyId: 'A', SecretAccessKey: 's/+=', SessionToken: '<&>', Expiration: when },
      }),
    },
    ssm: { GetParameter: ({ Name }) => ({ Parameter: { Name, Value: 'ü', LastModifiedDate: when } }) },
    sns: {
      Publish: () => ({ MessageId: 'm' }),
      GetTopicAttributes: () => ({ Attributes: { Policy: '{"a":1}\r\n', DisplayName: '' } }),
    },
    iam: {
      CreateRole: (input) => ({ Role: { ...role, RoleName: input.RoleName } }),
      ListRoles: () => ({ Roles: [role, role], IsTruncated: false }),
    },
    monitoring: {
      PutMetricData: () => undefined,
      DescribeAlarms: () => ({ MetricAlarms: [{ AlarmName: 'a', StateUpdatedTimestamp: when, Threshold: 0.5 }] }),
    },
    logs: {
      PutLogEvents: () => ({}),
      FilterLogEvents: () => ({ events: [{ message: 'said', timestamp: NOW }] }),
    },
    cloudformation: {
      DescribeStacks: () => ({
        Stacks: [
          { StackName: 's', CreationTime: when, StackStatus: 'CREATE_COMPLETE', Outputs: [{ OutputKey: 'Url' }] },
        ],
      }),
    },
  });
});
afterAll(() => stub.close());

const role = {
  Path: '/',
  RoleName: 'r',
  RoleId: 'AROA',
  Arn: 'arn:aws:iam::123456789012:role/r',
  CreateDate: when,
  Tags: [{ Key: 'team', Value: 'a & b' }],
};

/** What the last call brought to the cloud. */
const last = () => stub.seen.at(-1)!;

/** Checksums are the service's affair, and this one has none. */
const withoutChecksums = () => ({ ...stub.settings, md5: false as const });

test('SQS: a binary attribute arrives as bytes and comes back as bytes', async () => {
  const sqs = new SQSClient(withoutChecksums());
  await sqs.send(
    new SendMessageCommand({
      QueueUrl: `${stub.endpoint}/123456789012/q`,
      MessageBody: 'b',
      MessageAttributes: { raw: { DataType: 'Binary', BinaryValue: bytes(1, 2) } },
    }),
  );
  expect(last()).toMatchObject({ service: 'sqs', region: 'eu-west-1', action: 'SendMessage' });
  expect(last().input.MessageAttributes.raw.BinaryValue).toEqual(bytes(1, 2));
  const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: 'q' }));
  expect(Messages?.[0]?.Body).toBe('ü');
  expect([...Messages![0]!.MessageAttributes!.raw!.BinaryValue!]).toEqual([1, 2]);
});

test('DynamoDB: bytes at any depth of an item arrive as bytes and come back as bytes', async () => {
  const dynamodb = new DynamoDBClient(stub.settings);
  await dynamodb.send(new PutItemCommand({ TableName: 't', Item: item }));
  expect(last().input).toEqual({ TableName: 't', Item: item });
  const { Item } = await dynamodb.send(new GetItemCommand({ TableName: 't', Key: { id: { S: 'a' } } }));
  expect([...Item!.raw!.B!]).toEqual([0, 255]);
  expect([...Item!.deep!.M!.list!.L![0]!.BS![0]!]).toEqual([7]);
  expect(item.raw.B).toEqual(bytes(0, 255)); // what the service holds is left as it was
});

test('EventBridge: times travel as seconds and are dates on both sides', async () => {
  const events = new EventBridgeClient(stub.settings);
  const { Entries } = await events.send(new PutEventsCommand({ Entries: [{ Source: 's', Detail: '{}', Time: when }] }));
  expect(Entries).toEqual([{ EventId: 'e' }]);
  expect(last().input.Entries[0].Time).toEqual(when);
  const { CreationTime } = await events.send(new DescribeArchiveCommand({ ArchiveName: 'a' }));
  expect(CreationTime).toEqual(when);
});

test('KMS: plaintext and ciphertext are bytes on both sides', async () => {
  const kms = new KMSClient(stub.settings);
  const { CiphertextBlob } = await kms.send(new EncryptCommand({ KeyId: 'k', Plaintext: bytes(1, 2, 3) }));
  expect([...CiphertextBlob!]).toEqual([3, 2, 1]);
  const { Plaintext } = await kms.send(new DecryptCommand({ CiphertextBlob }));
  expect([...Plaintext!]).toEqual([1, 2, 3]);
});

test('Systems Manager: a name arrives, and a parameter comes back with its time', async () => {
  const ssm = new SSMClient(stub.settings);
  const { Parameter } = await ssm.send(new GetParameterCommand({ Name: '/a/b' }));
  expect(last()).toMatchObject({ service: 'ssm', action: 'GetParameter', input: { Name: '/a/b' } });
  expect(Parameter).toEqual({ Name: '/a/b', Value: 'ü', LastModifiedDate: when });
});

test('STS: the caller is whoever signed, and credentials survive XML', async () => {
  const sts = new STSClient(stub.settings);
  const identity = await sts.send(new GetCallerIdentityCommand({}));
  expect(identity).toMatchObject({ Account: '123456789012', Arn: 'arn:aws:iam::123456789012:user/test' });
  const assumed = await sts.send(
    new AssumeRoleCommand({
      RoleArn: 'r',
      RoleSessionName: 's',
      DurationSeconds: 900,
      Tags: [{ Key: 'a', Value: 'b' }],
    }),
  );
  expect(last().input).toEqual({
    RoleArn: 'r',
    RoleSessionName: 's',
    DurationSeconds: 900,
    Tags: [{ Key: 'a', Value: 'b' }],
  });
  expect(assumed.Credentials).toEqual({
    AccessKeyId: 'A',
    SecretAccessKey: 's/+=',
    SessionToken: '<&>',
    Expiration: when,
  });
});

test('SNS: maps go both ways', async () => {
  const sns = new SNSClient(stub.settings);
  const MessageAttributes = {
    kind: { DataType: 'String', StringValue: 'a=b&c' },
    raw: { DataType: 'Binary', BinaryValue: bytes(9) },
  };
  await sns.send(new PublishCommand({ TopicArn: 't', Message: 'two\nlines', MessageAttributes }));
  expect(last().input).toEqual({ TopicArn: 't', Message: 'two\nlines', MessageAttributes });
  const { Attributes } = await sns.send(new GetTopicAttributesCommand({ TopicArn: 't' }));
  expect(Attributes).toEqual({ Policy: '{"a":1}\r\n', DisplayName: '' });
});

test('IAM: numbers, lists and dates are typed on both sides', async () => {
  const iam = new IAMClient(stub.settings);
  await iam.send(new CreateRoleCommand({ RoleName: 'n', AssumeRolePolicyDocument: '{}', MaxSessionDuration: 3600 }));
  expect(last().input).toEqual({ RoleName: 'n', AssumeRolePolicyDocument: '{}', MaxSessionDuration: 3600 });
  const { Roles, IsTruncated } = await iam.send(new ListRolesCommand({}));
  expect(Roles).toEqual([role, role]);
  expect(IsTruncated).toBe(false);
});

test('CloudWatch: metric data that the client compresses is read', async () => {
  const cloudwatch = new CloudWatchClient(stub.settings);
  const MetricData = Array.from({ length: 300 }, (_, n) => ({ MetricName: `metric-${n}`, Value: n, Timestamp: when }));
  await cloudwatch.send(new PutMetricDataCommand({ Namespace: 'n', MetricData }));
  expect(last()).toMatchObject({ service: 'monitoring', input: { Namespace: 'n', MetricData } });
  const { MetricAlarms } = await cloudwatch.send(new DescribeAlarmsCommand({}));
  expect(MetricAlarms).toEqual([{ AlarmName: 'a', StateUpdatedTimestamp: when, Threshold: 0.5 }]);
});

test('CloudWatch Logs: times are milliseconds, as the service has them', async () => {
  const logs = new CloudWatchLogsClient(stub.settings);
  const logEvents = [{ message: 'said', timestamp: NOW }];
  await logs.send(new PutLogEventsCommand({ logGroupName: 'g', logStreamName: 's', logEvents }));
  expect(last().input.logEvents).toEqual(logEvents);
  const { events } = await logs.send(new FilterLogEventsCommand({ logGroupName: 'g' }));
  expect(events).toEqual(logEvents);
});

test('CloudFormation: structures inside lists come back', async () => {
  const cloudformation = new CloudFormationClient(stub.settings);
  const { Stacks } = await cloudformation.send(new DescribeStacksCommand({ StackName: 's' }));
  expect(last().input).toEqual({ StackName: 's' });
  expect(Stacks).toMatchObject([{ StackName: 's', CreationTime: when, Outputs: [{ OutputKey: 'Url' }] }]);
});

test('one port serves every region: it is the signature that says which', async () => {
  await new SQSClient({ ...withoutChecksums(), region: 'eu-central-1' }).send(
    new ReceiveMessageCommand({ QueueUrl: 'q' }),
  );
  expect(last().region).toBe('eu-central-1');
});
