/**
 * Order across hops that keep none: early events wait in the table, and go when their turn comes, whatever crashes in
 * between. Each test is a schedule that would break the order, lose an event or hold one up for good.
 */
import * as v from 'valibot';
import { beforeEach, describe, expect, it, type MockInstance, vi } from 'vitest';
import type { CloudEvent } from '../../../lib/model/envelope.ts';
import { event } from '../../../lib/model/event.ts';
import { rejected } from '../../../lib/model/failure.ts';
import { lineKey, names, parkedKey, recordKey, testimonyKey } from '../../../lib/model/names.ts';
import { releaseOf } from '../../../lib/model/release.ts';
import { type Handler, stage } from '../../../lib/model/stage.ts';
import { outside, table } from '../../../lib/model/uses.ts';
import { calling } from '../../../lib/runtime/calling.ts';
import { lambda } from '../../../lib/runtime/lambda.ts';
import * as Measure from '../../../lib/runtime/measure.ts';
import { sandboxAnswer } from '../../../lib/runtime/outside.ts';
import * as Report from '../../../lib/runtime/report.ts';
import { testimonyAttribute } from '../../../lib/runtime/testimony.ts';
import { administrator } from '../../../localcloud/cloud.ts';
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

const moved = event('money.moved', {
  schema: v.object({ account: v.string(), cents: v.number() }),
  entity: ({ account }) => account,
});
const booked = event('money.booked', {
  schema: v.object({ account: v.string(), entries: v.string() }),
  entity: ({ account }) => account,
});
const notified = event('owner.notified', { schema: v.object({ owner: v.string() }), entity: ({ owner }) => owner });

const book = stage('book', {
  accepts: [moved],
  emits: [booked, notified],
  uses: { books: table<{ entries: string }>('books').to('get', 'put') },
});

/** What the domain refuses, until an operator has mended it. */
let refused: Set<number>;

/** Appends to a list, so that order shows. Large amounts are told to the owner too. */
const handle: Handler<typeof book> = async ({ data: { account, cents } }, { books }) => {
  if (refused.has(cents)) throw rejected(`no business with ${cents}`);
  const entries = `${(await books.get(account))?.entries ?? ''} ${cents}`.trim();
  books.put(account, { entries });
  const said = booked({ account, entries });
  return cents >= 100 ? [said, notified({ owner: `owner-of-${account}` })] : [said];
};

const pay = stage('book', {
  accepts: [moved],
  uses: {
    banknotes: outside<{ pay(id: string): Promise<object> }>('banknotes'),
    payouts: table<object>('payouts').to('add'),
  },
});
const payOut: Handler<typeof pay> = async ({ id, data: { cents } }, { banknotes, payouts }) => {
  if (refused.has(cents)) throw rejected(`no business with ${cents}`);
  await banknotes.pay(id);
  payouts.add(id, { cents });
  return [];
};

let bench: Workbench;
let run: (...messages: readonly Message[]) => Promise<string[]>;

/** The event with this place in the line of an account, from an emitter. */
interface Otherwise {
  readonly account?: string;
  readonly source?: string;
  readonly id?: string;
  readonly generation?: number;
}
const nth = (number: number, otherwise: Otherwise = {}): Message => {
  const { account = 'a', source = 'bank.ingress', id = `${account}${number}`, generation = 7 } = otherwise;
  return {
    event: {
      ...eventOf(moved, id, moved({ account, cents: number })),
      source,
      sequence: `book=${generation}.${number} other=1.9`,
    } as CloudEvent,
  };
};

beforeEach(async () => {
  refused = new Set();
  bench = await workbench({
    stage: 'book',
    tables: ['books', 'payouts'],
    listeners: { 'money.booked': ['audit', 'report'], 'owner.notified': ['post'] },
  });
  const newHandler = () => lambda(book, handle);
  run = async (...messages) => failedOf(await newHandler()(batch('book', messages), invocation()));
});

const entriesOf = async (account = 'a') => (await bench.items('books'))[account]?.item.M.entries.S;
const said = () =>
  bench
    .said()
    .filter(({ type }) => type === 'money.booked')
    .map(({ data }) => (data as { entries: string }).entries);
const letters = () => bench.messages(names.deadLetters(deployment, 'book'));
const commits = () => bench.calls('dynamodb', 'TransactWriteItems').length;

describe('an early event', () => {
  it('waits, acknowledged and without effect, and is applied right after the one before it', async () => {
    expect(await run(nth(2))).toEqual([]);
    expect(await entriesOf()).toBeUndefined();
    expect(await run(nth(1))).toEqual([]);
    expect(await entriesOf()).toBe('1 2');
    expect(said()).toEqual(['1', '1 2']);
  });

  it('goes in the order of the numbers, however many came in whatever order', async () => {
    await run(nth(4), nth(2), nth(5));
    await run(nth(3));
    await run(nth(1));
    expect(await entriesOf()).toBe('1 2 3 4 5');
  });

  it('in one batch with those before it goes with them', async () => {
    expect(await run(nth(3), nth(1), nth(2), nth(1, { account: 'b' }))).toEqual([]);
    expect([await entriesOf(), await entriesOf('b')]).toEqual(['1 2 3', '1']);
  });

  it('that comes twice waits once; after its turn it is known', async () => {
    await run(nth(2));
    const before = commits();
    expect(await run(nth(2))).toEqual([]);
    expect(commits()).toBe(before);
    await run(nth(1));
    expect(await run(nth(2))).toEqual([]);
    expect(await entriesOf()).toBe('1 2');
    expect(said()).toEqual(['1', '1 2', '1 2']);
  });

  it('waits in the line as it is, should that have changed since it was read', async () => {
    await run(nth(2));
    const line = (await bench.items('records'))[lineKey('book', 'a')];
    bench.faults.before = ({ action }) => {
      if (action !== 'TransactWriteItems') return;
      bench.faults.before = undefined;
      void bench.put('records', { ...line, version: { N: `${Number(line.version.N) + 1}` } });
    };
    expect(await run(nth(3))).toEqual([]);
    await run(nth(1));
    expect(await entriesOf()).toBe('1 2 3');
  });

  it('of one emitter does not hold up another’s', async () => {
    await run(nth(2));
    await run(nth(1, { source: 'bank.branch', id: 'other' }));
    expect(await entriesOf()).toBe('1');
  });

  it('waits until the table takes it: a lost answer, a conflict, a dead table', async () => {
    bench.faults.before = ({ action }) => {
      if (action === 'TransactWriteItems') throw lost();
    };
    expect(await run(nth(2))).toEqual(['message-of-a2']);
    bench.faults.before = () => {};
    expect(await run(nth(2))).toEqual([]);
    await run(nth(1));
    expect(await entriesOf()).toBe('1 2');
  });
});

describe('a crash', () => {
  /** Every commit from the `nth` on is lost before it takes effect. */
  const losingCommits = (from: number) => {
    let seen = 0;
    bench.faults.before = ({ action }) => {
      if (action === 'TransactWriteItems' && ++seen >= from) throw lost();
    };
  };
  const mended = () => {
    bench.faults.before = () => {};
    bench.faults.after = () => {};
  };

  it('between an event and the one that waits for it is mended by the redelivery', async () => {
    await run(nth(2), nth(3));
    losingCommits(2);
    expect(await run(nth(1))).toEqual(['message-of-a1']);
    mended();
    expect(await entriesOf()).toBe('1');
    expect(await run(nth(1))).toEqual([]);
    expect(await entriesOf()).toBe('1 2 3');
    expect(said()).toEqual(['1', '1 2', '1 2 3']);
  });

  it('after those that waited were applied and before anything was said: all is said by the redelivery', async () => {
    await run(nth(2), nth(3));
    bench.faults.before = ({ action }) => {
      if (action === 'PutEvents') throw lost();
    };
    expect(await run(nth(1))).toEqual(['message-of-a1']);
    mended();
    expect(said()).toEqual([]);
    expect(await entriesOf()).toBe('1 2 3');
    const before = commits();
    expect(await run(nth(1))).toEqual([]);
    expect(said()).toEqual(['1', '1 2', '1 2 3']);
    expect(commits()).toBe(before);
  });

  it('in the midst of a row of waiting ones goes on where it stopped, and says the first again', async () => {
    await run(nth(2), nth(3), nth(4));
    losingCommits(3);
    expect(await run(nth(1))).toEqual(['message-of-a1']);
    mended();
    expect(await entriesOf()).toBe('1 2');
    await run(nth(1));
    expect(await entriesOf()).toBe('1 2 3 4');
    expect(new Set(said())).toEqual(new Set(['1', '1 2', '1 2 3', '1 2 3 4']));
  });

  it('whose commit took effect all the same is found out', async () => {
    await run(nth(2));
    bench.faults.after = ({ action }) => {
      if (action === 'TransactWriteItems') throw lost();
    };
    await run(nth(1));
    mended();
    await run(nth(1));
    expect(await entriesOf()).toBe('1 2');
    expect(new Set(said())).toEqual(new Set(['1', '1 2']));
  });
});

describe('an event that is dead-lettered', () => {
  it('keeps its place: its successors wait, other entities go on, and a redrive lets them go in order', async () => {
    refused.add(2);
    await run(nth(1));
    await run(nth(2));
    await run(nth(3), nth(1, { account: 'b' }));
    expect([await entriesOf(), await entriesOf('b')]).toEqual(['1', '1']);
    expect(letters()).toHaveLength(1);
    refused.clear();
    expect(await run({ ...nth(2), redrive: 1 })).toEqual([]);
    expect(await entriesOf()).toBe('1 2 3');
  });

  it('after it had waited sends its own body, and holds up those behind it', async () => {
    refused.add(2);
    await run(nth(2), nth(3));
    expect(await run(nth(1))).toEqual([]);
    expect(await entriesOf()).toBe('1');
    expect(letters().map(({ MessageBody }) => JSON.parse(MessageBody).id)).toEqual(['a2']);
    expect(letters()[0].MessageAttributes.reason.StringValue).toBe('rejected');
    refused.clear();
    await run({ ...nth(2), redrive: 1 });
    expect(await entriesOf()).toBe('1 2 3');
  });

  it('after it had waited, and whose letter was lost with a crash, is sent by the redelivery of the one before it', async () => {
    refused.add(2);
    await run(nth(2));
    bench.faults.before = ({ service }) => {
      if (service === 'sqs') throw lost();
    };
    expect(await run(nth(1))).toEqual(['message-of-a1']);
    bench.faults.before = () => {};
    expect(letters()).toHaveLength(0);
    expect(await run(nth(1))).toEqual([]);
    expect(letters()).toHaveLength(1);
  });
});

describe('a place that is taken', () => {
  it('by an unknown event is refused: only a known id is a duplicate', async () => {
    await run(nth(1), nth(2));
    expect(await run(nth(2, { id: 'impostor' }))).toEqual([]);
    expect(await entriesOf()).toBe('1 2');
    expect(letters()[0].MessageAttributes).toMatchObject({
      reason: { StringValue: 'out-of-sequence' },
      detail: { StringValue: expect.stringContaining('impostor is unknown') },
    });
  });

  it('by one that waits is refused likewise', async () => {
    await run(nth(2));
    await run(nth(2, { id: 'impostor' }));
    await run(nth(1));
    expect(await entriesOf()).toBe('1 2');
    expect(letters()).toHaveLength(1);
  });

  it('by an event that is known under another number is passed over, not waited for', async () => {
    await run(nth(1));
    await run(nth(3));
    expect(await run(nth(2, { id: 'a1' }))).toEqual([]);
    // The same id with other data would be refused; a producer that publishes twice publishes the same.
    expect(letters().map(({ MessageAttributes }) => MessageAttributes.reason.StringValue)).toEqual(['id-reused']);
    const again = { event: { ...nth(1).event, sequence: 'book=7.2' }, messageId: 'again' };
    expect(await run(again)).toEqual([]);
    expect(await entriesOf()).toBe('1 3');
  });
});

/** Runs a function that dies when its first transaction is written, before anything else is. */
async function dyingAfterACommit(...messages: Message[]): Promise<readonly string[]> {
  bench.faults.after = ({ action }) => {
    if (action !== 'TransactWriteItems') return;
    bench.faults.before = () => {
      throw lost();
    };
  };
  const failed = await run(...messages);
  bench.faults = Object.assign(bench.faults, { before: undefined, after: undefined });
  return failed;
}

describe('an event that is known and waits under another number', () => {
  const again = (place: number) => ({ event: { ...nth(1).event, sequence: `book=7.${place}` }, messageId: 'again' });
  const released = vi.spyOn(Report, 'reportReleased');
  const since = async () => Number((await bench.items('records'))[parkedKey('book', 'a1')].at.N);
  beforeEach(async () => {
    released.mockClear();
    await run(nth(1));
    await run(again(3));
  });
  const told = () => released.mock.calls.flat().filter((at) => at !== undefined);

  it('waits no longer once its turn has come', async () => {
    const parkedAt = await since();
    expect(told()).toEqual([]);
    await run(nth(2));
    expect(told()).toEqual([parkedAt]);
    await run(nth(4));
    // Under yet another number it has not waited.
    await run(again(5));
    expect([await entriesOf(), told()]).toEqual(['1 2 4', [parkedAt]]);
  });

  it('nor when it is its message that finds so', async () => {
    const parkedAt = await since();
    // The one before it is committed, and the function dies.
    expect(await dyingAfterACommit(nth(2))).toEqual(['message-of-a2']);
    await run(again(3));
    expect(told()).toEqual([parkedAt]);
    await run(again(3), nth(4));
    expect([await entriesOf(), told()]).toEqual(['1 2 4', [parkedAt]]);
  });
});

it('a later generation begins anew at 1, an earlier one is behind', async () => {
  await run(nth(1), nth(2));
  await run(nth(1, { generation: 8, id: 'new' }));
  expect(await entriesOf()).toBe('1 2 1');
  await run(nth(3));
  expect(letters()).toHaveLength(1);
});

describe('after a hand-over', () => {
  const reopen = async () => {
    await bench.handOver(2);
    const newHandler = () => lambda(book, handle);
    run = async (...messages) => failedOf(await newHandler()(batch('book', messages), invocation()));
  };
  const reasons = () => letters().map(({ MessageAttributes }) => MessageAttributes.reason.StringValue);

  it('an event whose place is taken in its own count is applied: its line came, and its record did not', async () => {
    await run(nth(1), nth(2));
    await bench.remove('records', recordKey('book', 'a2'));
    await bench.remove('books', 'a');
    await reopen();
    expect(await run(nth(2))).toEqual([]);
    expect([await entriesOf(), reasons()]).toEqual(['2', []]);
  });

  it('one that comes behind a later count is refused: whoever began it did not know of the event', async () => {
    await run(nth(1, { generation: 8, id: 'later' }));
    await reopen();
    expect(await run(nth(1))).toEqual([]);
    expect([await entriesOf(), reasons()]).toEqual(['1', ['out-of-sequence']]);
    expect(letters()[0].MessageAttributes.detail.StringValue).toMatch(
      /a1 comes late: later events of a, .* have been applied/,
    );
    // An operator who sends it back has it applied behind them.
    expect(await run({ ...nth(1), redrive: 1 })).toEqual([]);
    expect(await entriesOf()).toBe('1 1');
  });

  it('what was applied behind another, and waits still by a line that came from elsewhere, is known', async () => {
    await run(nth(2));
    const line = (await bench.items('records'))[lineKey('book', 'a')];
    await run(nth(1));
    const heard = { M: { 'bank.ingress': { M: { generation: { N: '7' }, number: { N: '1' } } } } };
    await bench.put('records', { ...line, heard });
    await reopen();
    expect(await run(nth(1))).toEqual([]);
    expect([await entriesOf(), reasons()]).toEqual(['1 2', []]);
    expect(await run(nth(3))).toEqual([]);
    expect(await entriesOf()).toBe('1 2 3');
  });

  it('what waits keeps the time since when it does, however often it comes', async () => {
    await run(nth(2));
    const parkedAt = async () => (await bench.items('records'))[parkedKey('book', 'a2')].at.N;
    const since = await parkedAt();
    await reopen();
    await run(nth(2));
    expect(await parkedAt()).toBe(since);
  });
});

it('an event that waited and is taken up from another message of its own says since when it did', async () => {
  await run(nth(2));
  const { at } = (await bench.items('records'))[parkedKey('book', 'a2')];
  // The function dies when the first is committed, before those behind it are.
  expect(await dyingAfterACommit(nth(1))).toEqual(['message-of-a1']);
  expect(await run(nth(2))).toEqual([]);
  expect(await entriesOf()).toBe('1 2');
  const parkedAt = async (id: string) => (await bench.items('records'))[recordKey('book', id)].data.M.parkedAt?.N;
  expect([await parkedAt('a1'), await parkedAt('a2')]).toEqual([undefined, at.N]);
});

describe('one that waited and whose commit held, though its answer was lost and the next attempt met another', () => {
  /** The second transaction takes effect and is not heard of; the next is turned away. */
  const spoil = () => {
    let asked = 0;
    bench.faults.before = ({ action }) => {
      if (action !== 'TransactWriteItems' || ++asked !== 3) return;
      throw new ServiceError('TransactionCanceledException', 'cancelled [TransactionConflict, None, None]', {
        status: 400,
        fields: { CancellationReasons: [{ Code: 'TransactionConflict' }, { Code: 'None' }, { Code: 'None' }] },
      });
    };
    bench.faults.after = ({ action }) => {
      if (action === 'TransactWriteItems' && asked === 2)
        throw new ServiceError('InternalServerError', 'no', { status: 500 });
    };
  };

  it('says what it decided', async () => {
    await run(nth(2));
    spoil();
    expect(await run(nth(1))).toEqual([]);
    expect(await entriesOf()).toBe('1 2');
    expect(new Set(bench.said().map(({ causationid }) => causationid))).toEqual(new Set(['a1', 'a2']));
  });

  it('and is a dead letter where it was refused', async () => {
    refused.add(2);
    await run(nth(2));
    spoil();
    expect(await run(nth(1))).toEqual([]);
    expect(letters()).toHaveLength(1);
  });

  it('also if it was somebody else’s, who may be gone; and the line is as they left it', async () => {
    await run(nth(2));
    const released = vi.spyOn(Report, 'reportReleased');
    released.mockClear();
    spoil();
    const turnAway = bench.faults.before!;
    bench.faults.before = (call) => {
      // Before it is turned away the record is another's.
      const Key = { id: { S: recordKey('book', 'a2') } };
      const asked = { TableName: names.records(deployment), Key, UpdateExpression: 'SET #token = :theirs' };
      const input = {
        ...asked,
        ExpressionAttributeNames: { '#token': 'token' },
        ExpressionAttributeValues: { ':theirs': { S: 'theirs' } },
      };
      try {
        turnAway(call);
      } catch (error) {
        void bench.cloud.request({
          service: 'dynamodb',
          action: 'UpdateItem',
          region: 'eu-west-1',
          input,
          principal: administrator,
        });
        throw error;
      }
    };
    expect(await run(nth(1))).toEqual([]);
    expect(bench.said().map(({ causationid }) => causationid)).toEqual(['a1', 'a2']);
    expect(released.mock.calls.flat().filter((at) => at !== undefined)).toEqual([]);
    // It was parked, the one before it committed, and it as well.
    expect(bench.calls('dynamodb', 'TransactWriteItems')).toHaveLength(3);
  });
});

describe('one that waited and was refused, and whose letter is sent back', () => {
  let measured: MockInstance<typeof Measure.measureAt>;
  beforeEach(async () => {
    measured = vi.spyOn(Measure, 'measureAt');
    refused.add(2);
    await run(nth(2));
    measured.mockClear();
  });
  const told = () => measured.mock.calls.filter(([name]) => name === 'Released').length;

  it('waits no longer, though nobody came to know that the letter was sent', async () => {
    bench.faults.before = ({ action }) => {
      if (action === 'UpdateItem') throw new ServiceError('InternalServerError', 'no', { status: 500 });
    };
    expect(await run(nth(1))).toEqual(['message-of-a1']);
    bench.faults.before = undefined;
    expect([letters().length, told()]).toEqual([1, 0]);
    await run({ ...nth(2), redrive: 1 });
    expect(told()).toBe(1);
  });

  it('is not told of twice where that is known', async () => {
    expect(await run(nth(1))).toEqual([]);
    expect(told()).toBe(1);
    await run({ ...nth(2), redrive: 1 });
    expect(told()).toBe(1);
  });
});

it('a line that somebody else changes meanwhile is read anew', async () => {
  let once = true;
  bench.faults.before = ({ action, input }) => {
    if (action !== 'TransactWriteItems' || !once) return;
    once = false;
    const line: any = (input as any).TransactItems.find(({ Put }: any) => Put?.Item.id.S === lineKey('book', 'a'));
    void bench.cloud.request({
      service: 'dynamodb',
      region: 'eu-west-1',
      principal: administrator,
      action: 'PutItem',
      input: { TableName: names.records(deployment), Item: line.Put.Item },
    });
  };
  expect(await run(nth(1))).toEqual([]);
  // The stranger’s line says that the place was used, by whom is not known.
  expect(letters()).toHaveLength(1);
  expect(await entriesOf()).toBeUndefined();
});

describe('what a stage says', () => {
  const sequences = () => bench.said().map(({ type, sequence }) => `${type} ${sequence?.replaceAll(/=\d+/g, '')}`);

  it('is numbered for each stage that hears it, per entity, without a gap', async () => {
    await run(nth(1), nth(100, { account: 'b', id: 'b1' }));
    await run({ event: { ...eventOf(moved, 'u1', moved({ account: 'a', cents: 101 })) } });
    await run({ event: { ...eventOf(moved, 'u2', moved({ account: 'a', cents: 5 })) } });
    expect(sequences()).toEqual([
      'money.booked audit.1 report.1',
      'money.booked audit.2 report.2',
      'owner.notified post.1',
      'money.booked audit.3 report.3',
    ]);
  });

  it('again bears the same numbers', async () => {
    await run(nth(1));
    await run(nth(1));
    expect(new Set(bench.said().map(({ sequence }) => sequence)).size).toBe(1);
    expect(bench.said()).toHaveLength(2);
  });

  it('for one entity in one batch with another event for it is numbered one after the other', async () => {
    const both = ['x', 'y'].map((account) => ({ event: eventOf(moved, account, moved({ account, cents: 100 })) }));
    const toOne: Handler<typeof book> = () => [notified({ owner: 'one' })];
    expect(failedOf(await lambda(book, toOne)(batch('book', both), invocation()))).toEqual([]);
    expect(sequences().sort()).toEqual(['owner.notified post.1', 'owner.notified post.2']);
  });

  it('after a long silence begins a new generation', async () => {
    await run(nth(1));
    const first = bench.said()[0]!.sequence!;
    const { id, ...line } = (await bench.items('records'))[lineKey('book', 'a')];
    line.said.M.audit.M.at = { N: '1000' };
    await bench.cloud.request({
      service: 'dynamodb',
      region: 'eu-west-1',
      principal: administrator,
      action: 'PutItem',
      input: { TableName: names.records(deployment), Item: { id, ...line } },
    });
    await run(nth(2));
    const [audit, report] = bench.said()[1]!.sequence!.split(' ');
    expect(audit).toMatch(/^audit=\d+\.1$/);
    expect(audit).not.toBe(first.split(' ')[0]);
    expect(report).toMatch(/\.2$/);
  });
});

describe('an operator’s word', () => {
  const releaseWord = (id: string): Message => ({ event: releaseOf('a', { id, time: '2026-01-05T08:00:00Z' }) });
  /** As the operator's command does it: the place counts as heard. */
  const skip = async (number: number) => {
    const item = (await bench.items('records'))[lineKey('book', 'a')];
    item.heard.M['bank.ingress'].M.number.N = String(number);
    item.version.N = String(Number(item.version.N) + 1);
    await bench.cloud.request({
      service: 'dynamodb',
      region: 'eu-west-1',
      principal: administrator,
      action: 'PutItem',
      input: { TableName: names.records(deployment), Item: item },
    });
  };

  it('lets those go whose predecessor was skipped', async () => {
    refused.add(2);
    await run(nth(1), nth(2));
    await run(nth(3), nth(4));
    await skip(2);
    expect(await run(releaseWord('word-1'))).toEqual([]);
    expect(await entriesOf()).toBe('1 3 4');
  });

  it('that is interrupted goes on, and says what was not said', async () => {
    refused.add(2);
    await run(nth(1), nth(2));
    await run(nth(3));
    await skip(2);
    bench.faults.before = ({ action }) => {
      if (action === 'PutEvents') throw lost();
    };
    expect(await run(releaseWord('word-1'))).toEqual(['message-of-word-1']);
    bench.faults.before = () => {};
    expect(await run(releaseWord('word-1'))).toEqual([]);
    expect(said()).toEqual(['1', '1 3']);
  });
});

describe('at a stage that calls an outside system', () => {
  /** How long leases last, in milliseconds. */
  let leaseFor: number;
  beforeEach(() => {
    leaseFor = 10_000;
    const newHandler = () =>
      lambda(
        pay,
        payOut,
        calling({
          banknotes: (system) => ({
            pay: (id) =>
              sandboxAnswer(system, { operation: 'pay', idempotencyKey: id, request: {} }, () => ({ paid: true })),
          }),
        }),
      );
    run = async (...messages) => failedOf(await newHandler()(batch('book', messages), invocation(leaseFor)));
  });
  const payouts = async () => Object.keys(await bench.items('payouts')).sort();
  const acted = () =>
    bench
      .calls('dynamodb', 'PutItem')
      .filter(({ TableName }) => TableName.includes('sandbox'))
      .map(({ Item }) => Item.id.S);

  it('early events wait before any call, and go in order', async () => {
    await run(nth(3), nth(2));
    expect(acted()).toEqual([]);
    expect(await run(nth(1))).toEqual([]);
    expect(acted()).toEqual(['pay#a1', 'pay#a2', 'pay#a3']);
    expect(await payouts()).toEqual(['a1', 'a2', 'a3']);
  });

  it('a crash between two of them calls nobody twice', async () => {
    await run(nth(2));
    leaseFor = 1;
    let seen = 0;
    bench.faults.before = ({ action }) => {
      if (action === 'TransactWriteItems' && ++seen >= 2) throw lost();
    };
    expect(await run(nth(1))).toEqual(['message-of-a1']);
    bench.faults.before = () => {};
    expect(await run(nth(1))).toEqual([]);
    expect(new Set(acted())).toEqual(new Set(['pay#a1', 'pay#a2']));
    expect(acted()).toHaveLength(2);
    expect(await payouts()).toEqual(['a1', 'a2']);
  });

  it('a refusal keeps its place', async () => {
    refused.add(1);
    await run(nth(1));
    await run(nth(2));
    expect(await payouts()).toEqual([]);
    refused.clear();
    await run({ ...nth(1), redrive: 1 });
    expect(await payouts()).toEqual(['a1', 'a2']);
  });

  it('what a lost region is known to have said of an event stands, though it is refused here', async () => {
    await run(nth(1, { generation: 8, id: 'later' }));
    await bench.handOver(2);
    const noted = eventOf(booked, 'noted', booked({ account: 'a', entries: '1' }));
    await bench.put('records', {
      id: { S: testimonyKey('book', 'a1') },
      [testimonyAttribute(0)]: { S: JSON.stringify(noted) },
    });
    expect(await run(nth(1))).toEqual([]);
    expect([bench.said().map(({ id }) => id), letters()]).toEqual([['noted'], []]);
    expect(await run(nth(2, { id: 'unknown' }))).toEqual([]);
    expect(letters().map(({ MessageAttributes }) => MessageAttributes.reason.StringValue)).toEqual(['out-of-sequence']);
  });
});
