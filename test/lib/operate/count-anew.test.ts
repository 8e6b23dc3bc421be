/** After two regions counted an entity's events at once, producers count behind what has been heard, until an operator deals with it. */
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { CreateQueueCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { beforeEach, describe, expect, it } from 'vitest';
import type { CloudEvent } from '../../../lib/model/envelope.ts';
import { lineKey, names } from '../../../lib/model/names.ts';
import { placeAt } from '../../../lib/model/sequence.ts';
import { listAudit } from '../../../lib/operate/audit.ts';
import { targetIn } from '../../../lib/operate/authority.ts';
import { discard } from '../../../lib/operate/discard.ts';
import { boxesOf } from '../../../lib/operate/letters.ts';
import { redrive } from '../../../lib/operate/redrive.ts';
import { lambda } from '../../../lib/runtime/lambda.ts';
import { publisher } from '../../../lib/runtime/publish.ts';
import { batch, deployment, invocation, lost } from '../runtime/workbench.ts';
import { accountEvent, bank, type Desk, deadLetters, desk, handle, open, opened, queue } from './desk.ts';

let at: Desk;
let work: (event: CloudEvent) => Promise<void>;
beforeEach(async () => {
  at = await desk();
  const handler = lambda(open, handle);
  work = async (one) => {
    const { batchItemFailures } = (await handler(batch('open', [{ event: one }]), invocation()))!;
    expect(batchItemFailures).toEqual([]);
  };
});

const publish = async (id: string): Promise<CloudEvent> => {
  const options = { region: 'eu-west-1', endpoint: process.env.AWS_ENDPOINT_URL!, maxAttempts: 1 };
  const clients = { events: new EventBridgeClient(options), dynamodb: new DynamoDBClient(options) };
  const [answer] = await publisher(bank, deployment, clients).publish([{ event: opened({ account: 'a' }), id }]);
  if (!answer!.accepted) throw new Error(answer!.reason);
  return answer!.event;
};
const files = async () => Object.keys(await at.bench.items('files')).sort();
const asked = { note: 'looked at it', patience: 0, selection: {} };
const boxes = () => boxesOf(at.target, 'dead-letters', 'open');
const back = () => redrive(at.target, boxes(), { ...asked, what: 'dlq redrive' });
/** Takes up what was sent back. */
const workOff = async () => {
  const handler = lambda(open, handle);
  for (const { Body, MessageId, MessageAttributes } of await at.receive(queue)) {
    const redriven = { messageId: MessageId, redrive: Number(MessageAttributes.redrive.StringValue) };
    await handler(batch('open', [{ event: JSON.parse(Body), ...redriven }]), invocation());
  }
};

/** One region counts from 1; another, which did not know of it, began later; and the line of the one stayed. */
async function given(): Promise<number> {
  const first = await publish('one');
  await work(first);
  const later = placeAt(first, 'open')!.generation + 60_000;
  await work(accountEvent('other', 'a', { sequence: `open=${later}.1` }));
  await work(await publish('two'));
  expect(await files()).toEqual(['one', 'other']);
  expect(await at.depth(deadLetters)).toBe(1);
  return later;
}

it('what is said after its letter was sent back is applied', async () => {
  const later = await given();
  expect((await back()).sent).toMatchObject([{ anew: true, letter: { eventId: 'two' } }]);
  await workOff();
  const third = await publish('three');
  expect(third.sequence).toBe(`open=${later + 1}.1`);
  await work(third);
  await work(await publish('four'));
  expect(await files()).toEqual(['four', 'one', 'other', 'three', 'two']);
  expect((await listAudit(at.target))[0]!.result).toContain('two to bank-test-open.fifo; a is counted anew');
});

it('and after it was discarded', async () => {
  await given();
  await discard(at.target, boxes(), { ...asked, what: 'dlq discard' });
  await work(await publish('three'));
  expect(await files()).toEqual(['one', 'other', 'three']);
  expect((await listAudit(at.target))[0]!.result).toBe('discarded; a is counted anew');
});

it('what was numbered and not sent is numbered anew when it is published again, and by nobody else', async () => {
  const later = await given();
  at.bench.faults.before = ({ action }) => {
    if (action === 'PutEvents') throw lost();
  };
  await expect(publish('three')).rejects.toThrow();
  at.bench.faults.before = () => {};
  await back();
  const before = at.bench.said().length;
  await publish('four');
  await publish('three');
  expect(
    at.bench
      .said()
      .slice(before)
      .map(({ id, sequence }) => [id, sequence]),
  ).toEqual([
    ['four', `open=${later + 1}.1`],
    ['three', `open=${later + 1}.2`],
  ]);
});

it('a dry run leaves the line as it is, and a letter whose line cannot be written stays where it is', async () => {
  await given();
  const line = async () => (await at.bench.items('records'))[lineKey('ingress', 'a')];
  const before = await line();
  await redrive(at.target, boxes(), { ...asked, what: 'dlq redrive', dryRun: true });
  expect(await line()).toEqual(before);
  at.bench.faults.before = ({ action }) => {
    if (action === 'TransactWriteItems') throw lost();
  };
  expect((await back()).failed).toMatchObject([{ letter: { eventId: 'two' } }]);
  at.bench.faults.before = () => {};
  expect(await at.depth(deadLetters)).toBe(1);
  expect(await line()).toEqual(before);
});

it.each([
  ['of another emitter', 'out-of-sequence', { source: 'bank.close' }],
  ['that was refused for another reason', 'rejected', {}],
])('a letter %s changes no count', async (_, reason, more) => {
  await given();
  // Another emitter's count is another: that it began later says nothing of the producers'.
  await work(accountEvent('elsewhere', 'a', { source: 'bank.close', sequence: `open=${Date.now() + 90_000}.1` }));
  await at.giveUp(accountEvent('x', 'a', more), reason);
  const before = (await at.bench.items('records'))[lineKey('ingress', 'a')];
  const { sent } = await redrive(at.target, boxes(), { ...asked, what: 'dlq redrive', selection: { event: 'x' } });
  expect(sent).toMatchObject([{ anew: false, letter: { eventId: 'x' } }]);
  expect((await at.bench.items('records'))[lineKey('ingress', 'a')]).toEqual(before);
});

it('nor does one of an entity that is counted as it is heard', async () => {
  await work(await publish('one'));
  await at.giveUp(accountEvent('x'), 'out-of-sequence');
  const before = (await at.bench.items('records'))[lineKey('ingress', 'a')];
  expect((await back()).sent).toMatchObject([{ anew: false }]);
  expect((await at.bench.items('records'))[lineKey('ingress', 'a')]).toEqual(before);
});

describe('a letter that lies in the other region', () => {
  const elsewhere = () => targetIn(at.target, 'eu-central-1');
  const deal = { ...asked, what: 'dlq' };

  beforeEach(async () => {
    await given();
    const { sqs } = elsewhere();
    for (const { queue: QueueName } of boxes()) {
      const fifo = QueueName.endsWith('.fifo') ? { Attributes: { FifoQueue: 'true' } } : {};
      await sqs.send(new CreateQueueCommand({ QueueName, ...fifo }));
    }
    const [{ Body, MessageAttributes }] = await at.receive(deadLetters);
    const attributes = Object.entries<any>(MessageAttributes).map(([name, { StringValue }]) => [
      name,
      { DataType: 'String', StringValue },
    ]);
    await sqs.send(
      new SendMessageCommand({
        QueueUrl: `${process.env.AWS_ENDPOINT_URL}/123456789012/${deadLetters}`,
        ...{ MessageBody: Body, MessageGroupId: 'a', MessageDeduplicationId: 'there' },
        MessageAttributes: Object.fromEntries(attributes),
      }),
    );
  });

  it('has its entity counted anew where it is sent', async () => {
    const done = await redrive(elsewhere(), boxes(), { ...deal, to: at.target });
    expect(done).toMatchObject({ region: 'eu-west-1', sent: [{ anew: true }], failed: [] });
    await workOff();
    await work(await publish('three'));
    expect(await files()).toContain('three');
  });

  it('and when it is discarded, where the pipeline is active', async () => {
    await elsewhere().dynamodb.send(
      new CreateTableCommand({
        TableName: names.records(deployment),
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      }),
    );
    const done = await discard(elsewhere(), boxes(), { ...deal, to: at.target });
    expect(done).toMatchObject({ discarded: [{ eventId: 'two' }], failed: [] });
    await work(await publish('three'));
    expect(await files()).toContain('three');
  });
});
