/**
 * More events of one entity wait than one invocation has the time for. Whoever released them all would run out of it, say
 * nothing of what was committed, come again, and first say again what could not be said: for good. Each test is a schedule
 * in which some of a crowd would be lost, said out of order or held up.
 */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { lineKey, names } from '../../../lib/model/names.ts';
import { goingOn, RELEASE } from '../../../lib/model/release.ts';
import { type Handler, stage } from '../../../lib/model/stage.ts';
import { outside } from '../../../lib/model/uses.ts';
import { calling } from '../../../lib/runtime/calling.ts';
import { halfTimeOf } from '../../../lib/runtime/in-line.ts';
import { lambda } from '../../../lib/runtime/lambda.ts';
import { WAITING_MAX } from '../../../lib/runtime/line.ts';
import { sandboxAnswer } from '../../../lib/runtime/outside.ts';
import { ServiceError } from '../../../localcloud/service.ts';
import { book, booked, moved, nth, short } from './money.ts';
import { batch, deployment, failedOf, invocation, lost, type Message, type Workbench, workbench } from './workbench.ts';

const handle: Handler<typeof book> = async ({ data }) => [booked(data)];

const pay = stage('book', {
  accepts: [moved],
  emits: [booked],
  uses: { banknotes: outside<{ pay(id: string): Promise<object> }>('banknotes') },
});
const payOut: Handler<typeof pay> = async ({ id, data }, { banknotes }) => {
  await banknotes.pay(id);
  return [booked(data)];
};

let bench: Workbench;
beforeEach(async () => {
  bench = await workbench({ stage: 'book', listeners: { 'money.booked': ['audit'] } });
});

afterEach(() => {
  vi.useRealTimers();
});

const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

const invoke = async (messages: readonly Message[], context = invocation()) =>
  failedOf(await lambda(book, handle)(batch('book', messages), context));
const run = (...messages: readonly Message[]) => invoke(messages);
/** Events from the second on, all of them waiting. */
const crowd = async (size: number, account = 'a') => {
  const all = numbers(2, size + 1).map((number) => nth(number, account));
  for (let at = 0; at < all.length; at += 10) expect(await run(...all.slice(at, at + 10))).toEqual([]);
};

const said = (account = 'a') =>
  bench
    .said()
    .map(({ data }) => data as { account: string; cents: number })
    .filter((data) => data.account === account)
    .map(({ cents }) => cents);
const words = () => bench.messages(names.queue(deployment, 'book'));
const word = (nth: number): Message => ({ event: JSON.parse(words()[nth]!.MessageBody) });
const waiting = async (account = 'a') =>
  Object.keys((await bench.items('records'))[lineKey('book', account)]?.parked.M ?? {}).length;

it('goes behind one message as far as there is time, and the rest behind a word of the stage to itself', async () => {
  await crowd(5);
  expect(await invoke([nth(1)], short())).toEqual([]);
  expect(said()).toEqual([1, 2]);
  expect(words()).toHaveLength(1);
  expect(words()[0]).toMatchObject({ MessageGroupId: 'a', MessageDeduplicationId: word(0).event.id });
  expect(word(0).event).toMatchObject({ type: RELEASE, partitionkey: 'a', source: 'book' });

  expect(await invoke([word(0)], short())).toEqual([]);
  expect(said()).toEqual([1, 2, 3]);
  expect(words()).toHaveLength(2);
  expect(word(1).event.id).not.toBe(word(0).event.id);

  expect(await run(word(1))).toEqual([]);
  expect(said()).toEqual(numbers(1, 6));
  expect([words().length, await waiting()]).toEqual([2, 0]);
});

it('that there is time for needs no word', async () => {
  await crowd(30);
  await run(nth(1));
  expect(said()).toEqual(numbers(1, 31));
  expect(words()).toEqual([]);
});

const busIsDown = () => {
  bench.faults.before = ({ action }) => {
    if (action === 'PutEvents') throw new ServiceError('InternalException', 'not now', { status: 500 });
  };
};

it('that was committed and not said is said by the redelivery, as far as there is time, and by words that go on from there', async () => {
  await crowd(4);
  busIsDown();
  expect(await run(nth(1))).toEqual(['message-of-a1']);
  expect([said(), await waiting()]).toEqual([[], 0]);
  bench.faults.before = undefined;
  expect(await invoke([nth(1)], short())).toEqual([]);
  expect(said()).toEqual([1, 2]);
  expect(await invoke([word(0)], short())).toEqual([]);
  expect(said()).toEqual([1, 2, 3]);
  expect(await run(word(1))).toEqual([]);
  expect(said()).toEqual(numbers(1, 5));
  expect(words()).toHaveLength(2);
});

it('is said again before anything else goes, and what goes then is said with it', async () => {
  await crowd(2);
  busIsDown();
  await run(nth(1));
  bench.faults.before = undefined;
  await run(nth(5), nth(6));
  expect(await invoke([nth(1)], short())).toEqual([]);
  busIsDown();
  expect(await run(nth(4))).toEqual(['message-of-a4']);
  expect(await run(word(0))).toEqual([`message-of-${word(0).event.id}`]);
  bench.faults.before = undefined;
  expect(said()).toEqual([1, 2]);
  expect(await run(word(0))).toEqual([]);
  expect(said()).toEqual([1, 2, 3]);
  expect(await run(nth(4))).toEqual([]);
  expect(said()).toEqual(numbers(1, 6));
});

it('whose word is to say again goes on where it stopped, also when it is the word that comes again', async () => {
  await crowd(3);
  busIsDown();
  await invoke([nth(1)], short());
  bench.faults.before = undefined;
  expect(await waiting()).toBe(2);
  // Says 1 and 2, and has the time for one that waits.
  expect(await invoke([nth(1)], short())).toEqual([]);
  expect(said()).toEqual([1, 2, 3]);
  busIsDown();
  const last = words().length - 1;
  expect(await run(word(last))).toEqual([`message-of-${word(last).event.id}`]);
  expect(await waiting()).toBe(0);
  bench.faults.before = undefined;
  expect(await run(word(last))).toEqual([]);
  expect(said()).toEqual([1, 2, 3, 4]);
});

it('whose first was committed and no more goes on with the redelivery, as far as there is time', async () => {
  await crowd(3);
  let commits = 0;
  bench.faults.before = ({ action }) => {
    if (action === 'TransactWriteItems' && ++commits > 1) throw lost();
  };
  expect(await run(nth(1))).toEqual(['message-of-a1']);
  bench.faults.before = undefined;
  expect(await waiting()).toBe(3);
  expect(await invoke([nth(1)], short())).toEqual([]);
  expect(said()).toEqual([1, 2]);
  expect(await run(word(0))).toEqual([]);
  expect(said()).toEqual(numbers(1, 4));
});

it('that goes behind others which were said again is said with all of them, should they come once more', async () => {
  await crowd(3);
  busIsDown();
  await invoke([nth(1)], short());
  await run(nth(1));
  expect([said(), await waiting()]).toEqual([[], 0]);
  bench.faults.before = undefined;
  expect(await run(nth(1))).toEqual([]);
  expect(said()).toEqual(numbers(1, 4));
});

it('has one word for where it goes on, whenever that is said: a queue takes it once in five minutes', () => {
  const { event: cause } = nth(1);
  const at = (time: string, behind: string) => goingOn(cause, { stage: 'book', time, behind }).id;
  expect(at('2026-01-05T08:00:01Z', 'a2')).toBe(at('2026-01-05T08:00:00Z', 'a2'));
  const time = '2026-01-05T08:00:00Z';
  const elsewhere = goingOn(cause, { stage: 'pay', time, behind: 'a2' }).id;
  expect(new Set([at(time, 'a2'), at(time, 'a3'), elsewhere]).size).toBe(3);
});

it('that is interrupted goes on where it stopped', async () => {
  await crowd(6);
  let commits = 0;
  bench.faults.before = ({ action }) => {
    if (action === 'TransactWriteItems' && ++commits > 4) throw lost();
  };
  expect(await run(nth(1))).toEqual(['message-of-a1']);
  bench.faults.before = undefined;
  expect(await waiting()).toBe(3);
  expect(await run(nth(1))).toEqual([]);
  expect(said()).toEqual(numbers(1, 7));
});

it('whose message comes once more when all are through says its own again, and has no word to send', async () => {
  await crowd(3);
  await invoke([nth(1)], short());
  await run(word(0));
  expect(await run(nth(1))).toEqual([]);
  expect(said().slice(4)).toEqual([1, 2]);
  expect(await run(word(0))).toEqual([]);
  expect(said().slice(6)).toEqual([3, 4]);
  expect(words()).toHaveLength(1);
});

it('uses up the number of an event that is known under another, though there is no time to say all of it again', async () => {
  await crowd(2);
  await run(nth(1));
  const again = { event: { ...nth(1).event, sequence: 'book=7.4' } };
  expect(await invoke([again], short())).toEqual([]);
  expect(said()).toEqual([1, 2, 3, 1, 2]);
  expect(await run(nth(5))).toEqual([]);
  expect(said().at(-1)).toBe(5);
  expect(await run(word(0))).toEqual([]);
  expect(said().at(-1)).toBe(3);
});

it('is not left to a word that the queue did not take', async () => {
  await crowd(3);
  bench.faults.before = ({ action, input }) => {
    const { QueueUrl = '' } = input as { QueueUrl?: string };
    if (action === 'SendMessageBatch' && QueueUrl.endsWith(names.queue(deployment, 'book')))
      throw new ServiceError('InternalError', 'not now', { status: 500 });
  };
  expect(await invoke([nth(1)], short())).toEqual(['message-of-a1']);
  bench.faults.before = undefined;
  expect(await run(nth(1))).toEqual([]);
  expect(said().slice(-2)).toEqual([3, 4]);
});

it('of each entity goes by one at least, so that there is an end', async () => {
  await crowd(3, 'a');
  await crowd(3, 'b');
  expect(await invoke([nth(1, 'a'), nth(1, 'b')], short())).toEqual([]);
  expect([said('a'), said('b')]).toEqual([
    [1, 2],
    [1, 2],
  ]);
  expect(await invoke([word(0), word(1)], short())).toEqual([]);
  expect(await invoke([word(2), word(3)], short())).toEqual([]);
  expect([said('a'), said('b')]).toEqual([numbers(1, 4), numbers(1, 4)]);
  expect(words()).toHaveLength(4);
});

it('goes so at a stage that calls an outside system, each of them called once', async () => {
  const pays = lambda(
    pay,
    payOut,
    calling({
      banknotes: (system) => ({
        pay: (id) =>
          sandboxAnswer(system, { operation: 'pay', idempotencyKey: id, request: {} }, () => ({ paid: true })),
      }),
    }),
  );
  const runIt = async (messages: readonly Message[], context = invocation()) =>
    failedOf(await pays(batch('book', messages), context));
  await runIt(numbers(2, 6).map((number) => nth(number)));
  expect(await runIt([nth(1)], short())).toEqual([]);
  expect(said()).toEqual([1, 2]);
  expect(await runIt([word(0)], short())).toEqual([]);
  expect(said()).toEqual([1, 2, 3]);
  expect(await runIt([word(1)])).toEqual([]);
  expect(said()).toEqual(numbers(1, 6));
  const acted = bench.calls('dynamodb', 'PutItem').filter(({ TableName }) => TableName.includes('sandbox'));
  expect(acted.map(({ Item }) => Item.id.S)).toEqual(numbers(1, 6).map((number) => `pay#a${number}`));
});

it('that is as large as may be lets nobody else wait: who comes early then is a dead letter, and is applied once it is sent back', async () => {
  await crowd(1);
  const line = (await bench.items('records'))[lineKey('book', 'a')];
  const replace = (parked: readonly number[], heard?: number) =>
    bench.put('records', {
      ...line,
      parked: { M: Object.fromEntries(parked.map((number) => [`bank.ingress 7.${number}`, { S: `a${number}` }])) },
      ...(heard && { heard: { M: { 'bank.ingress': { M: { generation: { N: '7' }, number: { N: `${heard}` } } } } } }),
    });
  const late = WAITING_MAX + 2;
  // As if so many had come.
  await replace(numbers(2, late - 1));
  expect(await run(nth(late))).toEqual([]);
  expect(await run({ ...nth(late), redrive: 1 })).toEqual([]);
  const letters = bench.messages(names.deadLetters(deployment, 'book'));
  expect(letters.map(({ MessageAttributes }) => MessageAttributes.reason.StringValue)).toEqual([
    'line-full',
    'line-full',
  ]);
  expect(letters.map(({ MessageBody }) => JSON.parse(MessageBody).id)).toEqual([`a${late}`, `a${late}`]);
  expect(await waiting()).toBe(WAITING_MAX);

  // As if they had gone but one.
  await replace([late - 1], late - 2);
  expect(await run({ ...nth(late), redrive: 2 })).toEqual([]);
  expect(await waiting()).toBe(2);
  await replace([], late - 1);
  expect(await run({ ...nth(late), redrive: 2 })).toEqual([]);
  expect(said()).toEqual([late]);
});

it('has half of an invocation’s time', () => {
  vi.useFakeTimers({ now: 1_000_000, toFake: ['Date'] });
  expect(halfTimeOf({ getRemainingTimeInMillis: () => 10_000 })).toBe(1_005_000);
});
