/**
 * A request to commit may take its time: its client gives up, the next attempt is turned away, the invocation ends and its
 * message is acknowledged, and only then the first takes effect. Whoever finds what it committed must not believe that it was
 * said. Each test is a schedule in which an event would end nowhere.
 */
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { CloudEvent } from '../../../lib/model/envelope.ts';
import { terminal } from '../../../lib/model/failure.ts';
import { lineKey, names, parkedKey, recordKey } from '../../../lib/model/names.ts';
import { releaseOf } from '../../../lib/model/release.ts';
import type { Handler } from '../../../lib/model/stage.ts';
import { lambda } from '../../../lib/runtime/lambda.ts';
import * as Measure from '../../../lib/runtime/measure.ts';
import { administrator } from '../../../localcloud/cloud.ts';
import { type Call, ServiceError } from '../../../localcloud/service.ts';
import { book, booked, nth, short } from './money.ts';
import {
  batch,
  deployment,
  type Faults,
  failedOf,
  invocation,
  type Message,
  type Workbench,
  workbench,
} from './workbench.ts';

let bench: Workbench;
let refused: Set<number>;
beforeEach(async () => {
  bench = await workbench({ stage: 'book', listeners: { 'money.booked': ['audit'] } });
  refused = new Set();
});

const handle: Handler<typeof book> = async ({ data }) => {
  if (refused.has(data.cents)) throw terminal('rejected', 'not this one');
  return [booked(data)];
};
const invoke = async (messages: readonly Message[], context = invocation()) =>
  failedOf(await lambda(book, handle)(batch('book', messages), context));
const run = (...messages: readonly Message[]) => invoke(messages);

const said = () => bench.said().map(({ data }) => (data as { cents: number }).cents);
const letters = () =>
  bench.messages(names.deadLetters(deployment, 'book')).map(({ MessageBody }) => JSON.parse(MessageBody).id);
const words = () => bench.messages(names.queue(deployment, 'book'));
const word = (nth: number): Message => ({ event: JSON.parse(words()[nth]!.MessageBody) });
const operators: Message = { event: releaseOf('a', { id: 'release-by-hand', time: '2026-01-05T09:00:00Z' }) };
const line = async () => (await bench.items('records'))[lineKey('book', 'a')]!;
const waiting = async () => Object.keys((await line()).parked.M).length;

type Rule = NonNullable<Faults['before']>;

const isCommitOf = (id: string, { action, input }: Pick<Call, 'action' | 'input'>): boolean => {
  const [first] = (input as { TransactItems?: { Update?: { Key: { id: { S: string } } } }[] }).TransactItems ?? [];
  return action === 'TransactWriteItems' && first?.Update?.Key.id.S === recordKey('book', id);
};

const turnAway = (): never => {
  throw new ServiceError('TransactionCanceledException', 'cancelled [TransactionConflict]', {
    status: 400,
    fields: { CancellationReasons: [{ Code: 'TransactionConflict' }, ...Array(8).fill({ Code: 'None' })] },
  });
};

const ask = (action: string, input: unknown) =>
  bench.cloud.request({ service: 'dynamodb', action, region: 'eu-west-1', input, principal: administrator });

/** What the cloud does before it answers. */
function whenAsked(...rules: Rule[]) {
  bench.faults.before = (call) => {
    for (const rule of rules) rule(call);
  };
}
const busIsDown: Rule = ({ action }) => {
  if (action === 'PutEvents') throw new ServiceError('InternalException', 'not now', { status: 500 });
};
/** Once, at a call. */
const at = (isIt: (call: Call) => boolean, act: () => void): Rule => {
  let done = false;
  return (call) => {
    if (done || !isIt(call)) return;
    done = true;
    act();
  };
};
const commitOf = (id: string) => (call: Call) => isCommitOf(id, call);
const readOf =
  (id: string) =>
  ({ action, input }: Call) =>
    action === 'GetItem' && (input as { Key: { id: { S: string } } }).Key.id.S === parkedKey('book', id);
/** The SDK asks again: there is time for what has just been set off. */
const notYet = (): never => {
  throw new ServiceError('InternalServerError', 'not yet', { status: 500 });
};

/** When it lands: whoever comes by the word has found nothing of it. */
const moments: Record<string, (land: () => void) => Rule[]> = {
  'before they make an attempt': (land) => [
    at(readOf('a2'), () => {
      land();
      notYet();
    }),
  ],
  'when theirs is turned away': (land) => {
    let landed = false;
    return [
      at(commitOf('a2'), () => {
        land();
        landed = true;
        turnAway();
      }),
      at(({ action }) => landed && action === 'BatchGetItem', notYet),
    ];
  },
};

/**
 * Three wait, and the first of them is about to go: its commit is on its way still, each other attempt at it is turned away,
 * and its invocation has no more time. @returns what lets it land
 */
async function underWay(): Promise<() => void> {
  let withheld: unknown;
  await run(nth(2), nth(3), nth(4));
  whenAsked((call) => {
    if (!isCommitOf('a2', call)) return;
    withheld = call.input;
    turnAway();
  });
  expect(await invoke([nth(1)], short())).toEqual([]);
  expect([said(), words().length]).toEqual([[1], 1]);
  whenAsked();
  return () => void ask('TransactWriteItems', withheld);
}

it('what waits under its next number as well, and was committed late under the first, is said', async () => {
  const again = { event: { ...nth(2).event, sequence: 'book=7.3' } as CloudEvent, messageId: 'again' };
  await run(nth(2));
  await run(again);
  let withheld: unknown;
  whenAsked((call) => {
    if (!isCommitOf('a2', call)) return;
    withheld = call.input;
    turnAway();
  });
  expect(await invoke([nth(1)], short())).toEqual([]);
  whenAsked(...moments['when theirs is turned away']!(() => void ask('TransactWriteItems', withheld)));
  await run(word(0));
  expect([said(), await waiting()]).toEqual([[1, 2], 0]);
});

it('what waited and was refused in another region has its letter here, too, when the line is looked at', async () => {
  refused.add(2);
  await run(nth(2), nth(3));
  await run(nth(1));
  await run(operators);
  expect([letters(), said(), await waiting()]).toEqual([['a2'], [1], 2]);
  const record = (await bench.items('records'))[recordKey('book', 'a2')]!;
  await bench.put('records', { ...record, letterIn: { S: 'eu-central-1' } });
  const again = { ...operators, messageId: 'again' };
  await run(again);
  await run(again);
  expect([letters(), said(), await waiting()]).toEqual([['a2', 'a2'], [1], 2]);
});

describe('what waited and was committed late', () => {
  it('is said by the word that goes on', async () => {
    const land = await underWay();
    land();
    expect(await run(word(0))).toEqual([]);
    expect([said(), await waiting()]).toEqual([[1, 2, 3, 4], 0]);
  });

  it('is a dead letter if it was refused, found by the word', async () => {
    refused.add(2);
    const land = await underWay();
    land();
    expect(await run(word(0))).toEqual([]);
    expect([letters(), said(), await waiting()]).toEqual([['a2'], [1], 3]);
  });

  it('but a refusal that was told is told once', async () => {
    refused.add(2);
    const land = await underWay();
    land();
    await run(word(0));
    const measured = vi.spyOn(Measure, 'measure');
    expect(await run(operators)).toEqual([]);
    expect(measured.mock.calls.map(([name]) => name)).not.toContain('DeadLettered');
    expect(letters()).toEqual(['a2']);
  });
});

describe.each(Object.entries(moments))('what was committed late, %s', (_, moment) => {
  it('is said, and those behind it go', async () => {
    const land = await underWay();
    whenAsked(...moment(land));
    expect(await run(word(0))).toEqual([]);
    expect([said(), await waiting()]).toEqual([[1, 2, 3, 4], 0]);
  });

  it('is said with those behind it, should the word come once more', async () => {
    const land = await underWay();
    whenAsked(...moment(land), busIsDown);
    expect(await run(word(0))).toEqual([`message-of-${word(0).event.id}`]);
    expect([said(), await waiting()]).toEqual([[1], 0]);
    whenAsked();
    expect(await run(word(0))).toEqual([]);
    expect(said()).toEqual([1, 2, 3, 4]);
  });

  it('is said so, too, behind an operator’s word, which knows nothing of those before it', async () => {
    const land = await underWay();
    whenAsked(...moment(land), busIsDown);
    expect(await run(operators)).toEqual(['message-of-release-by-hand']);
    expect([said(), await waiting()]).toEqual([[1], 0]);
    whenAsked();
    expect(await run(operators)).toEqual([]);
    expect(said()).toEqual([1, 2, 3, 4]);
  });

  it('is a dead letter if it was refused, and nobody tries again', async () => {
    refused.add(2);
    const land = await underWay();
    whenAsked(...moment(land));
    const before = bench.cloud.journal.entries.length;
    expect(await run(word(0))).toEqual([]);
    expect([letters(), said(), await waiting()]).toEqual([['a2'], [1], 3]);
    const since = bench.cloud.journal.entries.slice(before);
    expect(since.filter((entry) => isCommitOf('a2', entry) && !entry.error)).toHaveLength(1);
    expect(since.filter((entry) => isCommitOf('a2', entry) && entry.error)).toHaveLength(1);
  });
});

it('what others released meanwhile is said as far as there is time, and on behind a word', async () => {
  await run(nth(2), nth(3), nth(4));
  const before = await line();
  whenAsked(busIsDown);
  await run(nth(1));
  const after = await line();
  // An operator's word reads the line when only the first is applied, and by its own attempt all are.
  const first = { M: { generation: { N: '7' }, number: { N: '1' } } };
  await bench.put('records', { ...before, heard: { M: { 'bank.ingress': first } } });
  whenAsked(
    at(readOf('a2'), () => {
      void bench.put('records', after);
      notYet();
    }),
  );
  expect(await invoke([operators], short())).toEqual([]);
  expect([said(), words().length]).toEqual([[2], 1]);
  expect(await run(word(0))).toEqual([]);
  expect(said()).toEqual([2, 3, 4]);
});

it('what was refused before it could wait, was sent back and waits now, goes though its commit meets another', async () => {
  refused.add(2);
  await run(nth(1), nth(2));
  expect(letters()).toEqual(['a2']);
  // As if it had been refused for want of room, before those that come before it were there.
  refused.clear();
  await bench.put('records', { ...(await line()), heard: { M: {} } });
  await bench.remove('records', recordKey('book', 'a1'));
  expect(await run({ ...nth(2), redrive: 1 })).toEqual([]);
  expect(await waiting()).toBe(1);
  whenAsked(at(commitOf('a2'), turnAway));
  expect(await run(nth(1))).toEqual([]);
  expect([said(), await waiting()]).toEqual([[1, 1, 2], 0]);
});

it('another one under the id of what was refused, sent back early, is not judged in its place, and nobody asks for ever', async () => {
  refused.add(2);
  await run(nth(1), nth(2));
  refused.clear();
  await bench.put('records', { ...(await line()), heard: { M: {} } });
  await bench.remove('records', recordKey('book', 'a1'));
  const { event } = nth(2);
  expect(await run({ event: { ...event, data: { account: 'a', cents: 9 } }, redrive: 1 })).toEqual([]);
  expect(await run(nth(1))).toEqual([]);
  expect([said(), await waiting(), words()]).toEqual([[1, 1], 1, []]);
});
