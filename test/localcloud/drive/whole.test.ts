/** Both drivers with every service of the cloud, and a function that commits to a table. */
import { expect, test } from 'vitest';
import { administrator, type Cloud } from '../../../localcloud/cloud.ts';
import { startLive } from '../../../localcloud/drive/live.ts';
import { createVirtual } from '../../../localcloud/drive/virtual.ts';
import { createCrash } from '../../../localcloud/faults/crash.ts';
import { createDice } from '../../../localcloud/world.ts';
import { bundle } from './bundle.ts';

type Ask = (service: string, action: string, input: object) => Promise<any>;
const MESSAGES = 6;

const allow = (Action: string[], Resource: string) => ({ Effect: 'Allow', Action, Resource: `arn:aws:${Resource}` });

async function deploy(ask: Ask): Promise<void> {
  await ask('dynamodb', 'CreateTable', {
    TableName: 'ledger',
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    BillingMode: 'PAY_PER_REQUEST',
  });
  const Attributes = { FifoQueue: 'true', VisibilityTimeout: '3' };
  const { QueueUrl } = await ask('sqs', 'CreateQueue', { QueueName: 'inbox.fifo', Attributes });
  await ask('iam', 'CreateRole', {
    RoleName: 'worker',
    AssumeRolePolicyDocument: JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
    }),
  });
  await ask('iam', 'PutRolePolicy', {
    RoleName: 'worker',
    PolicyName: 'what-it-needs',
    PolicyDocument: JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        allow(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'], 'sqs:eu-west-1:*:inbox.fifo'),
        allow(['dynamodb:PutItem'], 'dynamodb:eu-west-1:*:table/ledger'),
        allow(['logs:*'], 'logs:eu-west-1:*:*'),
      ],
    }),
  });
  await ask('lambda', 'CreateFunction', {
    FunctionName: 'commit',
    Role: 'arn:aws:iam::123456789012:role/worker',
    Code: { LocalPath: await bundle('commit') },
    Timeout: 3,
    Environment: { Variables: { TABLE: 'ledger' } },
  });
  await ask('lambda', 'CreateEventSourceMapping', {
    FunctionName: 'commit',
    EventSourceArn: 'arn:aws:sqs:eu-west-1:123456789012:inbox.fifo',
    FunctionResponseTypes: ['ReportBatchItemFailures'],
  });
  for (let n = 0; n < MESSAGES; n++) {
    const message = { MessageBody: `m${n}`, MessageGroupId: `g${n % 2}`, MessageDeduplicationId: `m${n}` };
    await ask('sqs', 'SendMessage', { QueueUrl, ...message });
  }
}

/** The messages whose batch has ended without a failure. */
function finished(cloud: Cloud): Set<string> {
  const ended = cloud.journal.entries.filter(({ action }) => action === 'InvocationEnded');
  return new Set(ended.flatMap(({ input }) => input.records ?? []));
}

async function effects(ask: Ask): Promise<string[]> {
  const { Items } = await ask('dynamodb', 'Scan', { TableName: 'ledger' });
  return Items.map(({ id }: { id: { S: string } }) => id.S).filter((id: string) => id.startsWith('effect'));
}

test('in the virtual cloud a commit in one transaction is applied once, through crashes in its midst', async () => {
  let midCommit = 0;
  for (const seed of ['a', 'b', 'c']) {
    const crash = createCrash({ dice: createDice(seed), probability: 0.3 });
    const virtual = createVirtual({ seed, gate: crash.gate });
    const ask: Ask = (service, action, input) => virtual.request({ service, action, input, region: 'eu-west-1' });
    await deploy(ask);
    expect(await virtual.run({ until: (cloud) => finished(cloud).size === MESSAGES, for: 3_600_000 })).toBe(true);
    expect(await effects(ask)).toHaveLength(MESSAGES);
    midCommit += crash.counts.midCommit;
    virtual.stop();
  }
  expect(midCommit).toBeGreaterThan(0);
});

test('in the live cloud the same function, over HTTP, does the same', async () => {
  const crash = createCrash({ dice: createDice('live'), probability: 0.2, hang: 0 });
  const live = await startLive({ port: 0, seed: 'live', gate: crash.gate });
  try {
    const ask: Ask = (service, action, input) =>
      live.cloud.request({ service, action, input, region: 'eu-west-1', principal: administrator });
    await deploy(ask);
    await live.cloud.journal.until(() => finished(live.cloud).size === MESSAGES);
    expect(await effects(ask)).toHaveLength(MESSAGES);
    const { events } = await ask('logs', 'FilterLogEvents', { logGroupName: '/aws/lambda/commit' });
    expect(events.filter(({ message }: any) => /\tINFO\tapplied /.test(message)).length).toBeGreaterThan(0);
  } finally {
    await live.stop();
  }
});
