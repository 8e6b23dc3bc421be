/** The cores of the local cloud without SDK and HTTP: what they can do when nobody is in their way. */
import { administrator, createCloud } from '../../localcloud/cloud.ts';
import { dynamodb } from '../../localcloud/dynamodb/index.ts';
import { compilePattern, matchesEvent } from '../../localcloud/events/pattern/index.ts';
import { sqs } from '../../localcloud/sqs/index.ts';
import { type Figure, median } from './figures.ts';

const rate = (count: number, work: () => void): number => {
  const started = performance.now();
  work();
  return (1000 * count) / (performance.now() - started);
};

/** The median of five, after one that does not count. */
const settled = async (measure: () => Promise<number>): Promise<number> => {
  await measure();
  const rounds: number[] = [];
  for (let round = 0; round < 5; round++) rounds.push(await measure());
  return median(rounds);
};

/** A cloud whose clock jumps to whatever a call waits for, and how to ask it. */
function quickCloud(service: string) {
  let now = 1_790_000_000_000;
  const cloud = createCloud({ services: [sqs, dynamodb], clock: () => now, seed: 'bench', perform: () => {} });
  return async (action: string, input: object): Promise<any> => {
    let waiting = true;
    const asked = cloud
      .request({ service, region: 'eu-west-1', principal: administrator, action, input })
      .finally(() => {
        waiting = false;
      });
    await null;
    for (let due = cloud.agenda.next(); waiting && due !== undefined; due = cloud.agenda.next()) {
      now = Math.max(now, due);
      cloud.advance();
      await null;
    }
    return asked;
  };
}

async function fifo(groups: number): Promise<number> {
  const ask = quickCloud('sqs');
  const { QueueUrl } = await ask('CreateQueue', { QueueName: 'bench.fifo', Attributes: { FifoQueue: 'true' } });
  const count = 20_000;
  const started = performance.now();
  for (let at = 0; at < count; at += 10) {
    const Entries = Array.from({ length: 10 }, (_, index) => ({
      Id: String(index),
      MessageBody: 'x'.repeat(400),
      MessageGroupId: `g${(at + index) % groups}`,
      MessageDeduplicationId: `m${at + index}`,
    }));
    await ask('SendMessageBatch', { QueueUrl, Entries });
  }
  for (let done = 0; done < count; ) {
    const { Messages } = await ask('ReceiveMessage', { QueueUrl, MaxNumberOfMessages: 10 });
    const Entries = Messages.map(({ ReceiptHandle }: any, index: number) => ({ Id: String(index), ReceiptHandle }));
    await ask('DeleteMessageBatch', { QueueUrl, Entries });
    done += Messages.length;
  }
  return (1000 * count) / (performance.now() - started);
}

async function transactions(): Promise<number> {
  const ask = quickCloud('dynamodb');
  for (const TableName of ['records', 'items']) {
    await ask('CreateTable', {
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    });
  }
  const count = 5000;
  const started = performance.now();
  for (let n = 0; n < count; n++) {
    const record = {
      TableName: 'records',
      Key: { id: { S: `stage#${n}` } },
      UpdateExpression: 'SET #status = :completed, #data = :data',
      ConditionExpression: 'attribute_not_exists(id) OR expiration < :now',
      ExpressionAttributeNames: { '#status': 'status', '#data': 'data' },
      ExpressionAttributeValues: { ':completed': { S: 'COMPLETED' }, ':data': { S: 'done' }, ':now': { N: '1' } },
    };
    const Item = { id: { S: `item-${n}` }, version: { N: '1' } };
    const write = { TableName: 'items', Item, ConditionExpression: 'attribute_not_exists(id)' };
    await ask('TransactWriteItems', { TransactItems: [{ Update: record }, { Put: write }] });
  }
  return (1000 * count) / (performance.now() - started);
}

function patterns(): number {
  const compiled = compilePattern(
    JSON.stringify({
      source: ['orders.ingress', 'orders.credit'],
      'detail-type': ['order.placed'],
      detail: { data: { amount: [{ numeric: ['>', 100] }] } },
    }),
  );
  const event = {
    source: 'orders.ingress',
    'detail-type': 'order.placed',
    region: 'eu-west-1',
    detail: { id: 'x', data: { amount: 200, sku: 'mug' } },
  };
  const count = 100_000;
  return rate(count, () => {
    for (let n = 0; n < count; n++) matchesEvent(compiled, event);
  });
}

export async function cores(): Promise<readonly Figure[]> {
  return [
    {
      what: 'FIFO messages, 50 groups: send, receive, delete by ten',
      value: await settled(() => fifo(50)),
      unit: '/s',
    },
    { what: 'FIFO messages, 1 group: send, receive, delete by ten', value: await settled(() => fifo(1)), unit: '/s' },
    { what: 'commits: TransactWriteItems of a record and an item', value: await settled(transactions), unit: '/s' },
    { what: 'event patterns matched', value: await settled(async () => patterns()), unit: '/s' },
  ];
}
