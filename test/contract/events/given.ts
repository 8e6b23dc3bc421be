/** What the behaviours of EventBridge begin with. Everything is undone after the test. */
import {
  CreateArchiveCommand,
  type CreateArchiveCommandInput,
  CreateEventBusCommand,
  DeleteArchiveCommand,
  DeleteEventBusCommand,
  DeleteRuleCommand,
  EventBridgeClient,
  ListTargetsByRuleCommand,
  PutEventsCommand,
  type PutEventsRequestEntry,
  PutRuleCommand,
  type PutRuleCommandInput,
  PutTargetsCommand,
  RemoveTargetsCommand,
  type Target,
} from '@aws-sdk/client-eventbridge';
import {
  CreateRoleCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  type Message,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { type Aws, remote } from '../contract.ts';

/** Answers of AWS, captured by another cloud's suite. */
export const captured = (name: string): string =>
  `https://github.com/radkawar/stackd/blob/main/testdata/aws/eventbridge/${name}.json`;

/** The region that events are sent to from `aws.region`. */
export const OTHER_REGION = 'eu-central-1';

/** The same account in another region: its EventBridge and SQS. */
export function inRegion(aws: Aws, region = OTHER_REGION): Aws {
  const options = {
    region,
    ...(remote
      ? {}
      : {
          endpoint: 'http://127.0.0.1:4566',
          credentials: aws.events.config.credentials,
          requestHandler: aws.events.config.requestHandler,
          maxAttempts: 1,
        }),
  };
  return { ...aws, region, events: new EventBridgeClient(options), sqs: new SQSClient(options) };
}

export const busArn = (aws: Aws, name: string, region = aws.region): string =>
  `arn:aws:events:${region}:${aws.account}:event-bus/${name}`;

/** A bus of its own; returns its name. */
export async function bus(aws: Aws): Promise<string> {
  const Name = aws.name('bus');
  await aws.events.send(new CreateEventBusCommand({ Name }));
  aws.afterwards(() => aws.events.send(new DeleteEventBusCommand({ Name })));
  return Name;
}

/** A rule with its targets; by default it takes every event of the account. Returns its name. */
export async function rule(
  aws: Aws,
  EventBusName: string | undefined,
  options: {
    targets?: readonly Target[];
    pattern?: object;
  } & Partial<PutRuleCommandInput> = {},
): Promise<string> {
  const { targets = [], pattern = { account: [aws.account] }, ...more } = options;
  const Name = more.Name ?? aws.name('rule');
  const where = { Rule: Name, EventBusName };
  await aws.events.send(new PutRuleCommand({ Name, EventBusName, EventPattern: JSON.stringify(pattern), ...more }));
  aws.afterwards(async () => {
    const { Targets = [] } = await aws.events.send(new ListTargetsByRuleCommand(where));
    const Ids = Targets.map(({ Id }) => Id!);
    if (Ids.length > 0) await aws.events.send(new RemoveTargetsCommand({ ...where, Ids }));
    await aws.events.send(new DeleteRuleCommand({ Name, EventBusName }));
  });
  if (targets.length > 0) await aws.events.send(new PutTargetsCommand({ ...where, Targets: [...targets] }));
  return Name;
}

export interface Queue {
  readonly url: string;
  readonly arn: string;
}

/** A queue to which any rule of the account may send. */
export async function queue(aws: Aws, attributes: Readonly<Record<string, string>> = {}): Promise<Queue> {
  const QueueName = attributes.FifoQueue === 'true' ? `${aws.name('queue')}.fifo` : aws.name('queue');
  const arn = `arn:aws:sqs:${aws.region}:${aws.account}:${QueueName}`;
  const statement = {
    Effect: 'Allow',
    Principal: { Service: 'events.amazonaws.com' },
    Action: 'sqs:SendMessage',
    Resource: arn,
    Condition: { ArnLike: { 'aws:SourceArn': `arn:aws:events:${aws.region}:${aws.account}:rule/*` } },
  };
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
  const { QueueUrl } = await aws.sqs.send(new CreateQueueCommand({ QueueName, Attributes: { Policy, ...attributes } }));
  aws.afterwards(() => aws.sqs.send(new DeleteQueueCommand({ QueueUrl })));
  return { url: QueueUrl!, arn };
}

export const fifoQueue = (aws: Aws): Promise<Queue> =>
  queue(aws, { FifoQueue: 'true', ContentBasedDeduplication: 'true' });

/** What arrives: until there are `count`, or nothing more comes for some seconds. */
export async function messages(aws: Aws, { url: QueueUrl }: Queue, count = 1): Promise<Message[]> {
  const found: Message[] = [];
  while (found.length < count) {
    const { Messages = [] } = await aws.sqs.send(
      new ReceiveMessageCommand({
        QueueUrl,
        MaxNumberOfMessages: 10,
        WaitTimeSeconds: 10,
        MessageAttributeNames: ['All'],
        MessageSystemAttributeNames: ['All'],
      }),
    );
    if (Messages.length === 0) break;
    for (const { ReceiptHandle } of Messages) await aws.sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    found.push(...Messages);
  }
  return found;
}

/** The bodies of what arrives, parsed. */
export const bodies = async (aws: Aws, from: Queue, count = 1): Promise<any[]> =>
  (await messages(aws, from, count)).map(({ Body }) => JSON.parse(Body!));

/** Publishes one event, by default `{ "n": 1 }` of type `counted`. */
export const publish = (aws: Aws, entry: Partial<PutEventsRequestEntry>) =>
  aws.events.send(
    new PutEventsCommand({ Entries: [{ Source: 'contract', DetailType: 'counted', Detail: '{"n":1}', ...entry }] }),
  );

/** A bus, a rule that takes what `pattern` says, and a queue behind it. */
export async function pipe(aws: Aws, pattern?: object, target: Partial<Target> = {}) {
  const [name, inbox] = [await bus(aws), await queue(aws)];
  const ruleName = await rule(aws, name, {
    ...(pattern ? { pattern } : {}),
    targets: [{ Id: 'inbox', Arn: inbox.arn, ...target }],
  });
  return {
    bus: name,
    inbox,
    rule: ruleName,
    ruleArn: `arn:aws:events:${aws.region}:${aws.account}:rule/${name}/${ruleName}`,
  };
}

/** A role under which EventBridge may put events on any bus of the account. Returns its ARN. */
export async function busRole(aws: Aws): Promise<string> {
  const RoleName = aws.name('to-bus');
  const document = (Statement: object) => JSON.stringify({ Version: '2012-10-17', Statement: [Statement] });
  const { Role } = await aws.iam.send(
    new CreateRoleCommand({
      RoleName,
      AssumeRolePolicyDocument: document({
        Effect: 'Allow',
        Principal: { Service: 'events.amazonaws.com' },
        Action: 'sts:AssumeRole',
      }),
    }),
  );
  aws.afterwards(() => aws.iam.send(new DeleteRoleCommand({ RoleName })));
  const Resource = `arn:aws:events:*:${aws.account}:event-bus/*`;
  const PolicyDocument = document({ Effect: 'Allow', Action: 'events:PutEvents', Resource });
  await aws.iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'put', PolicyDocument }));
  aws.afterwards(() => aws.iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName: 'put' })));
  // A new role takes some seconds until it is known everywhere.
  await aws.pass(10_000);
  return Role!.Arn!;
}

/** An archive of all that comes to a bus; returns its name and ARN. */
export async function archive(aws: Aws, busName: string, more: Partial<CreateArchiveCommandInput> = {}) {
  const ArchiveName = aws.name('archive');
  const { ArchiveArn } = await aws.events.send(
    new CreateArchiveCommand({ ArchiveName, EventSourceArn: busArn(aws, busName), ...more }),
  );
  aws.afterwards(() => aws.events.send(new DeleteArchiveCommand({ ArchiveName })));
  return { name: ArchiveName, arn: ArchiveArn! };
}
