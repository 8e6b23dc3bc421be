/**
 * What waits is kept however long it does, and its line with it; it expires once it is through. Versions of before let it expire
 * while it waited: what is gone so holds its place open, keeps nothing else from being said, and somebody is told.
 */
import { beforeEach, describe, expect, it } from 'vitest';
import { rejected } from '../../../lib/model/failure.ts';
import { INGRESS, lineKey, names, parkedKey } from '../../../lib/model/names.ts';
import { releaseOf } from '../../../lib/model/release.ts';
import type { Handler } from '../../../lib/model/stage.ts';
import { lambda } from '../../../lib/runtime/lambda.ts';
import { keeping } from '../../../lib/runtime/line.ts';
import { RECORD_SECONDS } from '../../../lib/runtime/record.ts';
import { book, booked, nth, short } from './money.ts';
import { batch, deployment, failedOf, invocation, lost, type Message, type Workbench, workbench } from './workbench.ts';

let bench: Workbench;
let refused: ReadonlySet<number>;
beforeEach(async () => {
  refused = new Set();
  bench = await workbench({ stage: 'book', listeners: { 'money.booked': ['audit'] } });
});

const handle: Handler<typeof book> = ({ data }) => {
  if (refused.has(data.cents)) throw rejected(`no business with ${data.cents}`);
  return [booked(data)];
};
const run = async (messages: readonly Message[], context = invocation()) =>
  failedOf(await lambda(book, handle)(batch('book', messages), context));
const said = () => bench.said().map(({ data }) => (data as { cents: number }).cents);
const item = async (key: string) => (await bench.items('records'))[key];
/** Whether the line expires, and what waits or has waited. */
const expires = async (...ids: readonly string[]) => {
  const items = await bench.items('records');
  return [lineKey('book', 'a'), ...ids.map((id) => parkedKey('book', id))].map((key) => {
    const { expiration } = items[key]!;
    return expiration !== undefined && Number(expiration.N) > Date.now() / 1000 + RECORD_SECONDS - 3600;
  });
};
const under = (id: string, number: number): Message => {
  const { event } = nth(number);
  return { event: { ...nth(Number(id.slice(1))).event, sequence: event.sequence! }, messageId: `${id}-at-${number}` };
};

describe('what waits', () => {
  it('is kept, and its line with it, until it is through', async () => {
    await run([nth(2), nth(4)]);
    expect(await expires('a2', 'a4')).toEqual([false, false, false]);
    await run([nth(1)]);
    expect(await expires('a2', 'a4')).toEqual([false, true, false]);
    await run([nth(3)]);
    expect(await expires('a2', 'a4')).toEqual([true, true, true]);
  });

  it('is through as well when it is taken up from its own message', async () => {
    await run([nth(2)]);
    let seen = 0;
    bench.faults.before = ({ action }) => {
      if (action === 'TransactWriteItems' && ++seen > 1) throw lost();
    };
    expect(await run([nth(1)])).toEqual(['message-of-a1']);
    bench.faults.before = undefined;
    expect(await expires('a2')).toEqual([false, false]);
    await run([nth(2)]);
    expect(await expires('a2')).toEqual([true, true]);
  });

  it('or when it is passed over, for it is known under another number', async () => {
    await run([nth(1), under('a1', 3)]);
    expect(await expires('a1')).toEqual([false, false]);
    await run([nth(2)]);
    expect([said(), await expires('a1')]).toEqual([
      [1, 2],
      [true, true],
    ]);
  });

  it('in several places is through when it has gone from all', async () => {
    await run([nth(2), under('a2', 4), under('a2', 6)]);
    await run([nth(1)]);
    expect([said(), await expires('a2')]).toEqual([
      [1, 2],
      [false, false],
    ]);
    await run([nth(3)]);
    expect([said(), await expires('a2')]).toEqual([
      [1, 2, 3],
      [false, false],
    ]);
    await run([nth(5)]);
    expect([said(), await expires('a2')]).toEqual([
      [1, 2, 3, 5],
      [true, true],
    ]);
  });

  it('and was refused is kept as long as it holds its place', async () => {
    refused = new Set([2]);
    await run([nth(2), nth(1)]);
    expect(await expires('a2')).toEqual([false, false]);
    refused = new Set();
    await run([{ ...nth(2), redrive: 1 }]);
    expect([said(), await expires('a2')]).toEqual([
      [1, 2],
      [true, true],
    ]);
  });

  it('at a producer is unsent, and expires with its record', () => {
    const line = { version: 0, heard: {}, parked: { e: 'book=7.1' }, said: {}, recent: [] };
    expect(keeping({ ...line, key: lineKey(INGRESS, 'a') }, 'records', 1000).Put!.Item).toHaveProperty('expiration');
    expect(keeping({ ...line, key: lineKey('book', 'a') }, 'records', 1000).Put!.Item).not.toHaveProperty('expiration');
  });
});

describe('what is not in the table any more, though its line has it', () => {
  const words = () => bench.messages(names.queue(deployment, 'book')).map(({ MessageBody }) => JSON.parse(MessageBody));
  beforeEach(async () => {
    await run([nth(2), nth(3), nth(4)]);
  });
  const gone = (id: string) => bench.remove('records', parkedKey('book', id));

  it('keeps nothing that goes before it from being said, and a word asks for it', async () => {
    await gone('a3');
    expect(await run([nth(1)])).toEqual([]);
    expect(said()).toEqual([1, 2]);
    const [event] = words();
    expect(event).toMatchObject({ type: 'line.release', data: { behind: 'a2' } });
    // In the end its queue gives the word up, and an alarm tells of that.
    expect(await run([{ event }])).toEqual([`message-of-${event.id}`]);
    expect(await run([{ event, receives: 2 }])).toEqual([`message-of-${event.id}`]);
    expect([said(), words().length, (await item(lineKey('book', 'a')))!.heard.M['bank.ingress'].M.number.N]).toEqual([
      [1, 2],
      1,
      '2',
    ]);
  });

  it('goes when it comes again, and those behind it', async () => {
    await gone('a3');
    await run([nth(1)]);
    await run([nth(3)]);
    expect(said()).toEqual([1, 2, 3, 4]);
  });

  it('a word that lets others go before it says them first, however often it comes', async () => {
    await gone('a4');
    await run([nth(1)], short());
    expect(said()).toEqual([1, 2]);
    const [first] = words();
    expect(await run([{ event: first }])).toEqual([]);
    expect(await run([{ event: first, receives: 2 }])).toEqual([]);
    expect(said()).toEqual([1, 2, 3, 3]);
    const [, second] = words();
    expect(second).toMatchObject({ data: { behind: 'a3' } });
    expect(await run([{ event: second }])).toEqual([`message-of-${second.id}`]);
  });

  it('an operator’s word is told of it', async () => {
    await gone('a3');
    await run([nth(1)]);
    const word = { event: releaseOf('a', { id: 'word', time: '2026-01-05T08:00:00Z' }) };
    expect(await run([word])).toEqual(['message-of-word']);
  });
});
