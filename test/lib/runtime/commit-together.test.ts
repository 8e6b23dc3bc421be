/** What a stage without outside systems promises when things go wrong: one effect each, the same events, order kept. */
import type { SQSEvent } from 'aws-lambda';
import * as v from 'valibot';
import { beforeEach, describe, expect, it } from 'vitest';
import { event } from '../../../lib/model/event.ts';
import { rejected } from '../../../lib/model/failure.ts';
import { names } from '../../../lib/model/names.ts';
import { type Handler, stage } from '../../../lib/model/stage.ts';
import { table } from '../../../lib/model/uses.ts';
import { lambda } from '../../../lib/runtime/lambda.ts';
import { ServiceError } from '../../../localcloud/service.ts';
import {
  batch,
  deployment,
  eventOf,
  failedOf,
  invocation,
  lost,
  type Message,
  type Workbench,
  workbench,
} from './workbench.ts';

const schema = v.object({ account: v.string(), cents: v.number() });
const byAccount = ({ account }: { account: string }) => account;
const deposited = event('money.deposited', { schema, entity: byAccount });
const credited = event('account.credited', {
  schema: v.object({ account: v.string(), balance: v.number() }),
  entity: byAccount,
});

const credit = stage('credit', {
  accepts: [deposited],
  emits: [credited],
  uses: {
    balances: table<{ cents: number }>('balances').to('get', 'put'),
    entries: table<{ cents: number }>('entries').to('add'),
  },
});

/** A handler that shows what it may: it reads, replaces and adds, and its answer depends on what it read. */
const handle: Handler<typeof credit> = async ({ id, data: { account, cents } }, { balances, entries }) => {
  if (cents === 0) throw rejected('nothing was deposited');
  if (cents < 0) throw new Error('a bug of the handler');
  const balance = ((await balances.get(account))?.cents ?? 0) + cents;
  balances.put(account, { cents: balance });
  entries.add(id, { cents });
  return [credited({ account, balance })];
};

const deposit = (id: string, account: string, cents: number): Message => ({
  event: eventOf(deposited, id, deposited({ account, cents })),
});

let bench: Workbench;
let run: (messages: readonly Message[]) => Promise<string[]>;

beforeEach(async () => {
  bench = await workbench({ stage: 'credit', tables: ['balances', 'entries'] });
  const handler = lambda(credit, handle);
  run = async (messages) => failedOf(await handler(batch('credit', messages) as SQSEvent, invocation()));
});

const balanceOf = async (account: string) => Number((await bench.items('balances'))[account]?.item.M.cents.N ?? 0);
const transactions = () => bench.calls('dynamodb', 'TransactWriteItems').length;
const saidBalances = () => bench.said().map(({ data }) => (data as { balance: number }).balance);

describe('a batch', () => {
  it('of several groups is one transaction and one PutEvents', async () => {
    expect(await run([deposit('a1', 'a', 5), deposit('b1', 'b', 7), deposit('c1', 'c', 9)])).toEqual([]);
    expect(transactions()).toBe(1);
    expect(bench.calls('events', 'PutEvents')).toHaveLength(1);
    expect([await balanceOf('a'), await balanceOf('b'), await balanceOf('c')]).toEqual([5, 7, 9]);
  });

  it('lets each message of a group see what the one before wrote', async () => {
    expect(
      await run([deposit('a1', 'a', 5), deposit('b1', 'b', 1), deposit('a2', 'a', 6), deposit('a3', 'a', 7)]),
    ).toEqual([]);
    expect(await balanceOf('a')).toBe(18);
    expect(transactions()).toBe(3);
    expect(saidBalances()).toEqual([5, 1, 11, 18]);
  });

  it('after a failure reports all later messages of that group, and completes the other groups', async () => {
    expect(
      await run([deposit('a1', 'a', 5), deposit('a2', 'a', -1), deposit('b1', 'b', 3), deposit('a3', 'a', 7)]),
    ).toEqual(['message-of-a2', 'message-of-a3']);
    expect([await balanceOf('a'), await balanceOf('b')]).toEqual([5, 3]);
  });

  it('of groups that touch one item ends as if they had come one after the other', async () => {
    const shared = stage('shared', {
      accepts: [deposited],
      uses: { balances: table<{ cents: number }>('balances').to('get', 'put') },
    });
    const intoOne: Handler<typeof shared> = async ({ data }, { balances }) => {
      balances.put('pot', { cents: ((await balances.get('pot'))?.cents ?? 0) + data.cents });
      return [];
    };
    const handler = lambda(shared, intoOne);
    const messages = ['a', 'b', 'c', 'd'].map((account, index) => deposit(`${account}1`, account, index + 1));
    expect(failedOf(await handler(batch('credit', messages), invocation()))).toEqual([]);
    expect(await balanceOf('pot')).toBe(10);
  });
});

describe('the same message again', () => {
  it('is not applied again, and the same events are said again', async () => {
    await run([deposit('a1', 'a', 5)]);
    expect(await run([deposit('a1', 'a', 5)])).toEqual([]);
    expect(await balanceOf('a')).toBe(5);
    const [first, second] = bench.said();
    expect(second).toEqual(first);
  });

  it('in one batch with others holds none of them up', async () => {
    await run([deposit('a1', 'a', 5)]);
    expect(await run([deposit('a1', 'a', 5), deposit('b1', 'b', 7), deposit('c1', 'c', 9)])).toEqual([]);
    expect([await balanceOf('a'), await balanceOf('b'), await balanceOf('c')]).toEqual([5, 7, 9]);
  });

  it('with other data is refused: an id is for one event', async () => {
    await run([deposit('a1', 'a', 5)]);
    expect(await run([deposit('a1', 'a', 6)])).toEqual([]);
    expect(await balanceOf('a')).toBe(5);
    const [letter] = bench.messages(names.deadLetters(deployment, 'credit'));
    expect(letter.MessageAttributes.reason.StringValue).toBe('id-reused');
  });
});

describe('a crash', () => {
  it('after the commit and before the sending is mended by the redelivery', async () => {
    bench.faults.before = ({ action }) => {
      if (action === 'PutEvents') throw lost();
    };
    expect(await run([deposit('a1', 'a', 5)])).toEqual(['message-of-a1']);
    expect(await balanceOf('a')).toBe(5);
    expect(bench.said()).toEqual([]);

    bench.faults.before = undefined;
    expect(await run([deposit('a1', 'a', 5)])).toEqual([]);
    expect(await balanceOf('a')).toBe(5);
    expect(saidBalances()).toEqual([5]);
  });

  it('before the commit leaves nothing behind', async () => {
    bench.faults.before = ({ action }) => {
      if (action === 'TransactWriteItems') throw lost();
    };
    expect(await run([deposit('a1', 'a', 5)])).toEqual(['message-of-a1']);
    expect(await bench.items('entries')).toEqual({});
    bench.faults.before = undefined;
    expect(await run([deposit('a1', 'a', 5)])).toEqual([]);
    expect(await balanceOf('a')).toBe(5);
  });
});

describe('an unknown result of the commit', () => {
  it('is found out by the token when every answer is lost', async () => {
    bench.faults.after = ({ action }) => {
      if (action === 'TransactWriteItems') throw lost();
    };
    expect(await run([deposit('a1', 'a', 5), deposit('b1', 'b', 7)])).toEqual([]);
    expect([await balanceOf('a'), await balanceOf('b')]).toEqual([5, 7]);
    expect(saidBalances()).toEqual([5, 7]);
  });

  it('is no success when somebody else completed the event meanwhile', async () => {
    let first = true;
    bench.faults.before = ({ action }) => {
      if (action !== 'TransactWriteItems' || !first) return;
      throw lost();
    };
    expect(await run([deposit('a1', 'a', 5)])).toEqual(['message-of-a1']);
    first = false;
    expect(await run([{ ...deposit('a1', 'a', 5), messageId: 'another-message' }])).toEqual([]);
    expect(await run([deposit('a1', 'a', 5)])).toEqual([]);
    expect(await balanceOf('a')).toBe(5);
    expect(new Set(bench.said().map(({ id }) => id)).size).toBe(1);
  });
});

it('a result is no success because the event is completed: the token must be ours', async () => {
  bench.faults.before = ({ action, principal, region }) => {
    if (action !== 'TransactWriteItems') return;
    const Item = {
      id: { S: 'credit#a1' },
      status: { S: 'COMPLETED' },
      token: { S: 'of somebody else' },
      data: { M: {} },
    };
    const input = { TableName: 'bank-test-records', Item };
    void bench.cloud.request({ service: 'dynamodb', action: 'PutItem', region, principal, input });
    throw lost();
  };
  expect(await run([deposit('a1', 'a', 5)])).toEqual(['message-of-a1']);
  expect(bench.said()).toEqual([]);
});

it('failed messages come back sooner the fewer times they have come, a group’s all at once', async () => {
  const asked: any[] = [];
  bench.faults.before = ({ action, input }) => {
    if (action === 'ChangeMessageVisibilityBatch') asked.push(...(input as { Entries: object[] }).Entries);
  };
  await run([
    deposit('a1', 'a', -1),
    deposit('a2', 'a', 5),
    { ...deposit('b1', 'b', -1), receives: 5 },
    deposit('c1', 'c', 5),
  ]);
  const delay = (id: string) =>
    asked.find(({ ReceiptHandle }) => ReceiptHandle === `receipt-of-message-of-${id}`)?.VisibilityTimeout;
  expect(delay('a1')).toBeGreaterThanOrEqual(1);
  expect(delay('a1')).toBeLessThanOrEqual(2);
  expect(delay('a2')).toBe(delay('a1'));
  expect(delay('b1')).toBeGreaterThanOrEqual(16);
  expect(delay('b1')).toBeLessThanOrEqual(60);
  expect(delay('c1')).toBeUndefined();
});

describe('an item that somebody else changed between read and commit', () => {
  it('is read anew', async () => {
    await run([deposit('a1', 'a', 5)]);
    let once = true;
    bench.faults.before = ({ action, principal, region }) => {
      if (action !== 'TransactWriteItems' || !once) return;
      once = false;
      const Item = { id: { S: 'a' }, version: { N: '2' }, item: { M: { cents: { N: '100' } } } };
      void bench.cloud.request({
        service: 'dynamodb',
        action: 'PutItem',
        region,
        principal,
        input: { TableName: 'bank-test-balances', Item },
      });
    };
    expect(await run([deposit('a2', 'a', 6)])).toEqual([]);
    expect(await balanceOf('a')).toBe(106);
    expect(saidBalances()).toEqual([5, 106]);
  });

  it('again and again, sends the message back to the queue', async () => {
    bench.faults.before = ({ action }) => {
      if (action !== 'TransactWriteItems') return;
      throw new ServiceError('TransactionCanceledException', 'Transaction cancelled', {
        fields: { CancellationReasons: [{ Code: 'None' }, { Code: 'TransactionConflict' }, { Code: 'None' }] },
      });
    };
    expect(await run([deposit('a1', 'a', 5)])).toEqual(['message-of-a1']);
    bench.faults.before = undefined;
    expect(await run([deposit('a1', 'a', 5)])).toEqual([]);
    expect(await balanceOf('a')).toBe(5);
  });
});

describe('a failure that no retry will mend', () => {
  const letters = () => bench.messages(names.deadLetters(deployment, 'credit'));

  it('goes to the dead-letter queue at once, with its reason, and lets its successors pass', async () => {
    expect(await run([deposit('a1', 'a', 0), deposit('a2', 'a', 6)])).toEqual([]);
    expect(letters()).toHaveLength(1);
    expect(letters()[0]).toMatchObject({ MessageGroupId: 'a', MessageDeduplicationId: 'message-of-a1' });
    expect(letters()[0].MessageAttributes).toMatchObject({
      reason: { StringValue: 'rejected' },
      detail: { StringValue: 'nothing was deposited' },
      redrive: { StringValue: '1' },
    });
    expect(JSON.parse(letters()[0].MessageBody)).toEqual(deposit('a1', 'a', 0).event);
    expect(await balanceOf('a')).toBe(6);
  });

  it('is sent again by the redelivery when the sending failed, under the same deduplication id', async () => {
    bench.faults.before = ({ action }) => {
      if (action === 'SendMessageBatch') throw lost();
    };
    expect(await run([deposit('a1', 'a', 0)])).toEqual(['message-of-a1']);
    bench.faults.before = undefined;
    expect(await run([deposit('a1', 'a', 0)])).toEqual([]);
    expect(letters().map((letter) => letter.MessageDeduplicationId)).toEqual(['message-of-a1']);
  });

  it('is not sent by a duplicate of the message', async () => {
    await run([deposit('a1', 'a', 0)]);
    expect(await run([{ ...deposit('a1', 'a', 0), messageId: 'duplicate' }])).toEqual([]);
    expect(letters()).toHaveLength(1);
  });

  it('whose letter was never sent, is sent when the message comes back under another id, as after a redrive', async () => {
    bench.faults.before = ({ action }) => {
      if (action === 'SendMessageBatch') throw lost();
    };
    await run([deposit('a1', 'a', 0)]);
    bench.faults.before = undefined;
    expect(letters()).toEqual([]);
    // The queue gave it up after its last receive, and an operator sent it back: SQS gives it a new id.
    expect(await run([{ ...deposit('a1', 'a', 0), messageId: 'moved-back' }])).toEqual([]);
    expect(letters().map((letter) => letter.MessageDeduplicationId)).toEqual(['message-of-a1']);
    expect(await run([{ ...deposit('a1', 'a', 0), messageId: 'moved-back-again' }])).toEqual([]);
    expect(letters()).toHaveLength(1);
  });

  it('whose letter was sent, and the note of it lost, is sent again under the same deduplication id', async () => {
    bench.faults.before = ({ action }) => {
      if (action === 'UpdateItem') throw lost();
    };
    expect(await run([deposit('a1', 'a', 0)])).toEqual(['message-of-a1']);
    bench.faults.before = undefined;
    expect(await run([deposit('a1', 'a', 0)])).toEqual([]);
    expect(letters().map((letter) => letter.MessageDeduplicationId)).toEqual(['message-of-a1', 'message-of-a1']);
  });

  it('sent by a duplicate counts the redrives that its record knows of', async () => {
    await run([deposit('a1', 'a', 0)]);
    bench.faults.before = ({ action }) => {
      if (action === 'SendMessageBatch') throw lost();
    };
    await run([{ ...deposit('a1', 'a', 0), messageId: 'redriven-once', redrive: 1 }]);
    bench.faults.before = undefined;
    await run([{ ...deposit('a1', 'a', 0), messageId: 'duplicate' }]);
    expect(letters().at(-1).MessageAttributes.redrive.StringValue).toBe('2');
  });

  it('is judged anew when an operator sends it back, as often as he does', async () => {
    await run([deposit('a1', 'a', 0)]);
    expect(await run([{ ...deposit('a1', 'a', 0), messageId: 'redriven-once', redrive: 1 }])).toEqual([]);
    expect(letters().map((letter) => letter.MessageAttributes.redrive.StringValue)).toEqual(['1', '2']);
    expect(letters()[1].MessageDeduplicationId).toBe('redriven-once');
  });

  it('meets what is no event of the stage likewise', async () => {
    const sqsEvent = batch('credit', [deposit('a1', 'a', 5)]);
    sqsEvent.Records[0]!.body = '{"specversion":"1.0"';
    const handler = lambda(credit, handle);
    expect(failedOf(await handler(sqsEvent, invocation()))).toEqual([]);
    expect(letters()[0].MessageAttributes.reason.StringValue).toBe('schema');
  });

  it('is a bug when a handler says what its stage does not declare', async () => {
    const liar = lambda(credit, (() => [deposited({ account: 'a', cents: 1 })]) as never);
    expect(failedOf(await liar(batch('credit', [deposit('a1', 'a', 5)]), invocation()))).toEqual([]);
    expect(letters()[0].MessageAttributes.reason.StringValue).toBe('undeclared');
  });
});

it('an attempt that takes effect after it seemed to have failed is what holds, not what was decided anew', async () => {
  let runs = 0;
  const counting = lambda(credit, async ({ data: { account } }) => [credited({ account, balance: ++runs })]);
  let first: object | undefined;
  let attempts = 0;
  bench.faults.before = ({ action, input, principal, region }) => {
    if (action !== 'TransactWriteItems' || ++attempts > 2) return;
    if (attempts === 1) {
      first = input as object;
      throw new ServiceError('TransactionCanceledException', 'Transaction cancelled', {
        fields: { CancellationReasons: [{ Code: 'TransactionConflict' }] },
      });
    }
    // What was decided anew is on its way when the first attempt arrives after all.
    void bench.cloud.request({ service: 'dynamodb', action, region, principal, input: first });
  };
  const deposits = batch('credit', [deposit('a1', 'a', 5)]) as SQSEvent;
  expect(failedOf(await counting(deposits, invocation()))).toEqual([]);
  expect(runs).toBeGreaterThan(1);
  expect(saidBalances()).toEqual([1]);
});

it('a fact that another event has added is refused by name, and nothing of the event is applied', async () => {
  await run([deposit('a1', 'a', 5)]);
  const item = (await bench.items('entries')).a1;
  await bench.put('entries', { ...item, id: { S: 'a2' } });
  expect(await run([deposit('a2', 'a', 7)])).toEqual([]);
  const [letter] = bench.messages(names.deadLetters(deployment, 'credit'));
  expect(letter.MessageAttributes).toMatchObject({
    reason: { StringValue: 'conflict' },
    detail: {
      StringValue: 'event a2 adds bank-test-entries/a2, which another event has added before; a fact is added once',
    },
  });
  expect([await balanceOf('a'), saidBalances()]).toEqual([5, [5]]);
  // Others go on; and once the fact is out of the way, a redrive applies it.
  await run([deposit('a3', 'a', 1)]);
  await bench.remove('entries', 'a2');
  await run([{ ...deposit('a2', 'a', 7), redrive: 1 }]);
  expect(await balanceOf('a')).toBe(13);
}, 30_000);
