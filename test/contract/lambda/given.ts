/** What the behaviours of Lambda begin with. */

import { readFileSync } from 'node:fs';
import { crc32, deflateRawSync } from 'node:zlib';
import { FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  DeletePolicyCommand,
  DeleteRoleCommand,
  DetachRolePolicyCommand,
} from '@aws-sdk/client-iam';
import {
  CreateEventSourceMappingCommand,
  type CreateEventSourceMappingCommandInput,
  CreateFunctionCommand,
  type CreateFunctionCommandInput,
  DeleteEventSourceMappingCommand,
  DeleteFunctionCommand,
  type FunctionConfiguration,
  GetEventSourceMappingCommand,
  GetFunctionConfigurationCommand,
  InvokeCommand,
  type InvokeCommandInput,
} from '@aws-sdk/client-lambda';
import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  SendMessageBatchCommand,
} from '@aws-sdk/client-sqs';
import type { Aws } from '../contract.ts';

/** A ZIP file of one deflated member, made here and not by the local cloud, which is to read it. */
export function zipOf(source: string, path = 'index.js'): Uint8Array {
  const [name, plain] = [Buffer.from(path), Buffer.from(source)];
  const packed = deflateRawSync(plain);
  const numbers = (...pairs: [2 | 4, number][]) =>
    Buffer.concat(
      pairs.map(([size, value]) => {
        const bytes = Buffer.alloc(size);
        bytes.writeUIntLE(value, 0, size);
        return bytes;
      }),
    );
  const common = numbers(
    ...([
      [2, 20],
      [2, 0x800],
      [2, 8],
      [2, 0],
      [2, 0x21],
      [4, crc32(plain)],
    ] as [2 | 4, number][]),
    ...([
      [4, packed.byteLength],
      [4, plain.byteLength],
      [2, name.byteLength],
      [2, 0],
    ] as [2 | 4, number][]),
  );
  const local = Buffer.concat([numbers([4, 0x04034b50]), common, name, packed]);
  const attributes = numbers([2, 0], [2, 0], [2, 0], [4, 0o100644 * 0x10000], [4, 0]);
  const entry = Buffer.concat([numbers([4, 0x02014b50], [2, 0x314]), common, attributes, name]);
  const end = numbers(
    [4, 0x06054b50],
    [2, 0],
    [2, 0],
    [2, 1],
    [2, 1],
    [4, entry.byteLength],
    [4, local.byteLength],
    [2, 0],
  );
  return new Uint8Array(Buffer.concat([local, entry, end]));
}

/** Answers with its event. */
export const ECHO = 'exports.handler = async (event) => event;';

/** A program of `handlers/`: those that take their time. */
export const program = (name: string): string => readFileSync(new URL(`handlers/${name}.cjs`, import.meta.url), 'utf8');

/** What every function of the tests may do: read its queues and write its log. */
const DOCUMENT = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Action: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'], Resource: '*' },
    { Effect: 'Allow', Action: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'], Resource: '*' },
  ],
});

/** The ARN of a role that Lambda may assume. */
export async function givenRole(aws: Aws): Promise<string> {
  const RoleName = aws.name('contract-function');
  const { Role } = await aws.iam.send(
    new CreateRoleCommand({
      RoleName,
      AssumeRolePolicyDocument: JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
      }),
    }),
  );
  aws.afterwards(() => aws.iam.send(new DeleteRoleCommand({ RoleName })));
  const { Policy } = await aws.iam.send(new CreatePolicyCommand({ PolicyName: RoleName, PolicyDocument: DOCUMENT }));
  aws.afterwards(() => aws.iam.send(new DeletePolicyCommand({ PolicyArn: Policy!.Arn! })));
  await aws.iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn: Policy!.Arn! }));
  aws.afterwards(() => aws.iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn: Policy!.Arn! })));
  return Role!.Arn!;
}

/** Looks until there is something to see; fifty seconds at most. */
export async function eventually<T>(aws: Aws, look: () => Promise<T | undefined>): Promise<T> {
  for (let left = 50; left > 0; left--) {
    const seen = await look();
    if (seen !== undefined) return seen;
    await aws.pass(1000);
  }
  throw new Error('nothing to be seen within 50 seconds');
}

/** A function of this source, ready to be invoked. */
export async function givenFunction(
  aws: Aws,
  source = ECHO,
  settings: Partial<CreateFunctionCommandInput> = {},
): Promise<FunctionConfiguration & { FunctionName: string; FunctionArn: string }> {
  const FunctionName = aws.name('contract');
  const Role = settings.Role ?? (await givenRole(aws));
  const creation = new CreateFunctionCommand({
    FunctionName,
    Runtime: 'nodejs22.x',
    Handler: 'index.handler',
    Code: { ZipFile: zipOf(source) },
    ...settings,
    Role,
  });
  // A new role takes some seconds to be known to Lambda.
  const created = await eventually(aws, () =>
    aws.lambda.send(creation).catch((error) => {
      if (/cannot be assumed/.test(error.message)) return undefined;
      throw error;
    }),
  );
  aws.afterwards(() => aws.lambda.send(new DeleteFunctionCommand({ FunctionName })));
  await ready(aws, FunctionName);
  return created as FunctionConfiguration & { FunctionName: string; FunctionArn: string };
}

/** Waits until what was created or changed is in force. */
export const ready = (aws: Aws, FunctionName: string) =>
  eventually(aws, async () => {
    const found = await aws.lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
    return found.State === 'Active' && found.LastUpdateStatus === 'Successful' ? found : undefined;
  });

/** Invokes and reads the answer. */
export async function invoke(
  aws: Aws,
  FunctionName: string,
  event: unknown = {},
  more: Partial<InvokeCommandInput> = {},
) {
  const answer = await aws.lambda.send(
    new InvokeCommand({ FunctionName, Payload: Buffer.from(JSON.stringify(event)), ...more }),
  );
  const text = Buffer.from(answer.Payload ?? []).toString();
  return { ...answer, payload: text === '' ? undefined : JSON.parse(text) };
}

export interface GivenQueue {
  readonly QueueUrl: string;
  readonly arn: string;
}

export async function givenQueue(aws: Aws, Attributes: Record<string, string> = {}): Promise<GivenQueue> {
  const QueueName = aws.name('contract') + (Attributes.FifoQueue ? '.fifo' : '');
  const { QueueUrl } = await aws.sqs.send(new CreateQueueCommand({ QueueName, Attributes }));
  aws.afterwards(() => aws.sqs.send(new DeleteQueueCommand({ QueueUrl })));
  return { QueueUrl: QueueUrl!, arn: `arn:aws:sqs:${aws.region}:${aws.account}:${QueueName}` };
}

/** A queue that forwards what failed twice. */
export async function givenQueueWithDeadLetters(aws: Aws, Attributes: Record<string, string> = {}) {
  const dead = await givenQueue(aws, Attributes.FifoQueue ? { FifoQueue: 'true' } : {});
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: 2 });
  return { dead, ...(await givenQueue(aws, { VisibilityTimeout: '3', ...Attributes, RedrivePolicy })) };
}

/** Feeds a function from a queue. */
export async function givenMapping(
  aws: Aws,
  settings: CreateEventSourceMappingCommandInput,
  state: 'Enabled' | 'Disabled' = 'Enabled',
) {
  const created = await aws.lambda.send(new CreateEventSourceMappingCommand(settings));
  const UUID = created.UUID!;
  aws.afterwards(() => aws.lambda.send(new DeleteEventSourceMappingCommand({ UUID })));
  await mappingIs(aws, UUID, state);
  return { ...created, UUID };
}

/** Waits until a mapping is in this state. */
export const mappingIs = (aws: Aws, UUID: string, state: string) =>
  eventually(aws, async () => {
    const found = await aws.lambda.send(new GetEventSourceMappingCommand({ UUID }));
    return found.State === state ? found : undefined;
  });

/** Sends bodies, at most ten; with groups, to a FIFO queue. */
export async function send(aws: Aws, QueueUrl: string, bodies: readonly string[], groups?: readonly string[]) {
  await aws.sqs.send(
    new SendMessageBatchCommand({
      QueueUrl,
      Entries: bodies.map((MessageBody, at) => ({
        Id: String(at),
        MessageBody,
        ...(groups ? { MessageGroupId: groups[at], MessageDeduplicationId: MessageBody } : {}),
      })),
    }),
  );
}

/** How many messages a queue has: those to be had, and those in flight. */
export async function depth(aws: Aws, QueueUrl: string): Promise<number> {
  const AttributeNames = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
  const { Attributes = {} } = await aws.sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...AttributeNames] }),
  );
  return AttributeNames.reduce((sum, name) => sum + Number(Attributes[name]), 0);
}

/** Waits until a queue holds so many messages. */
export const holds = (aws: Aws, QueueUrl: string, count: number) =>
  eventually(aws, async () => ((await depth(aws, QueueUrl)) === count ? true : undefined));

/** What the function told by `console.log('told', JSON.stringify(…))`, once there are so many lines. */
export const told = <T = any>(aws: Aws, FunctionName: string, atLeast: number): Promise<T[]> =>
  eventually(aws, async () => {
    const lines = await lately(aws, FunctionName);
    return lines.length >= atLeast ? (lines as T[]) : undefined;
  });

export async function lately(aws: Aws, FunctionName: string): Promise<any[]> {
  const logGroupName = `/aws/lambda/${FunctionName}`;
  const { events = [] } = await aws.logs
    .send(new FilterLogEventsCommand({ logGroupName, filterPattern: 'told' }))
    .catch((error) => {
      if (error.name === 'ResourceNotFoundException') return { events: [] };
      throw error;
    });
  return events.flatMap(({ message = '' }) => {
    const [, json] = /\btold (.*)/.exec(message) ?? [];
    return json === undefined ? [] : [JSON.parse(json)];
  });
}
