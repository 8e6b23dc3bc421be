/** What the invariants about receives, permissions and lives find, and what they let pass. */
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { event } from '../../../lib/model/event.ts';
import { pipeline } from '../../../lib/model/pipeline.ts';
import { stage } from '../../../lib/model/stage.ts';
import { type Line, prove, readHistory } from '../../../lib/proof/index.ts';

const opened = event('account.opened', {
  schema: v.object({ account: v.string() }),
  entity: ({ account }: { account: string }) => account,
});
const bank = pipeline('bank', {
  entries: [opened],
  stages: [stage('verify', { accepts: [opened], attempts: 3 })],
  exits: [],
});
const options = { pipeline: bank, deployment: { pipeline: 'bank', environment: 'dev' }, region: 'eu-west-1' };

const line = (kind: 'call' | 'note', [service, action]: readonly [string, string], input: object, output?: object) =>
  ({ n: 1, at: 1, kind, region: 'eu-west-1', service, action, principal: 'p', input, output }) as Line;
const broken = (...lines: readonly Line[]) =>
  prove(readHistory(lines, options))
    .findings.filter(({ holds }) => holds === false)
    .map(({ name }) => name);

const received = (times: number) =>
  line(
    'call',
    ['sqs', 'ReceiveMessage'],
    { QueueUrl: 'http://q/1/bank-dev-verify.fifo' },
    { Messages: [{ MessageId: 'm', Attributes: { ApproximateReceiveCount: String(times) } }] },
  );
const givenUp = (receiveCount: number) =>
  line('note', ['sqs', 'MessageDeadLettered'], {
    queue: 'bank-dev-verify.fifo',
    deadLetterQueue: 'bank-dev-verify-dlq.fifo',
    messageId: 'm',
    body: '{"id":"1"}',
    receiveCount,
  });
const denied = (facts: object) =>
  line('note', ['dynamodb', 'Denied'], {
    principal: 'role',
    action: 'dynamodb:PutItem',
    resource: 'r',
    by: 'identity-based policy',
    explanation: 'no statement allows it',
    ...facts,
  });

describe('receives in bounds', () => {
  it('lets a message be received as often as its stage allows', () => {
    expect(broken(received(3), givenUp(3))).toEqual([]);
  });
  it('finds one that was received once more', () => {
    expect(broken(received(4))).toEqual(['receives-in-bounds']);
  });
  it('finds one that was given up sooner', () => {
    expect(broken(givenUp(1))).toEqual(['receives-in-bounds']);
  });
});

describe('within permissions', () => {
  it('finds a refusal', () => {
    expect(broken(denied({}))).toEqual(['within-permissions']);
  });
  it('lets a key be forbidden to everybody', () => {
    const explanation = 'statement Nobody of a resource-based policy denies it';
    expect(broken(denied({ action: 'kms:Decrypt', by: 'resource-based policy', explanation }))).toEqual([]);
  });
  it('finds a role that lacks its key', () => {
    expect(broken(denied({ action: 'kms:Decrypt' }))).toEqual(['within-permissions']);
  });
});

it('finds a call that outlived its invocation', () => {
  const facts = { function: 'bank-dev-verify', call: 'DynamoDB.PutItem', requestId: '1' };
  expect(broken(line('note', ['lambda', 'CallOutlivedInvocation'], facts))).toEqual(['within-life']);
});
