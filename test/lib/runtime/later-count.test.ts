/**
 * A later count of an emitter, begun after a long silence or in another region, while events of an earlier one wait. They were
 * said before, so it begins behind them. Each test is a schedule in which they would be stranded, or overtaken.
 */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CloudEvent } from '../../../lib/model/envelope.ts';
import { rejected } from '../../../lib/model/failure.ts';
import { lineKey, names, parkedKey, recordKey } from '../../../lib/model/names.ts';
import { releaseOf } from '../../../lib/model/release.ts';
import type { Handler } from '../../../lib/model/stage.ts';
import { lambda } from '../../../lib/runtime/lambda.ts';
import * as Measure from '../../../lib/runtime/measure.ts';
import { book, booked, moved } from './money.ts';
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

let bench: Workbench;
let refused: ReadonlySet<number>;
beforeEach(async () => {
  refused = new Set();
  bench = await workbench({ stage: 'book', listeners: { 'money.booked': ['audit'] } });
});
afterEach(() => {
  vi.restoreAllMocks();
});

/** The event at this place of a count moves as many cents, and hundreds by the count: `of(7, 3)` moves 703. */
const of = (generation: number, number: number, source = 'bank.ingress'): Message => {
  const cents = generation * 100 + number;
  const event = eventOf(moved, `${source}-${cents}`, moved({ account: 'a', cents }));
  return { event: { ...event, source, sequence: `book=${generation}.${number}` } as CloudEvent };
};
const handle: Handler<typeof book> = ({ data }) => {
  if (refused.has(data.cents)) throw rejected(`no business with ${data.cents}`);
  return [booked(data)];
};
const run = async (...messages: readonly Message[]) =>
  failedOf(await lambda(book, handle)(batch('book', messages), invocation()));
const centsOf = ({ data }: CloudEvent) => (data as { cents: number }).cents;
const said = () => [...new Set(bench.said().map(centsOf))];
const letters = () =>
  bench
    .messages(names.deadLetters(deployment, 'book'))
    .map(({ MessageBody, MessageAttributes }) => [
      centsOf(JSON.parse(MessageBody)),
      MessageAttributes.reason.StringValue,
    ]);
const line = async () => (await bench.items('records'))[lineKey('book', 'a')]!;
const waiting = async () => Object.values<any>((await line()).parked.M).map(({ S }) => S);
const word = (): Message => ({ event: releaseOf('a', { id: 'word', time: '2026-01-05T08:00:00Z' }) });
/** From the `nth` transaction on nothing is committed. */
const losingCommits = (from: number) => {
  let seen = 0;
  bench.faults.before = ({ action }) => {
    if (action === 'TransactWriteItems' && ++seen >= from) throw lost();
  };
};

describe('a later count', () => {
  it('begins behind what waits of an earlier one', async () => {
    await run(of(7, 1), of(7, 3));
    await run(of(9, 1), of(9, 2));
    expect(said()).toEqual([701]);
    await run(of(7, 2));
    expect([said(), letters(), await waiting()]).toEqual([[701, 702, 703, 901, 902], [], []]);
  });

  it('also where nothing of the earlier one was applied', async () => {
    await run(of(7, 2), of(9, 1), of(11, 1));
    expect(said()).toEqual([]);
    await run(of(7, 1));
    expect(said()).toEqual([701, 702, 901, 1101]);
  });

  it('begins at once when nothing waits, or what waits is another emitter’s', async () => {
    await run(of(7, 1), of(7, 3, 'bank.branch'));
    await run(of(9, 1));
    expect(said()).toEqual([701, 901]);
  });

  it('that comes twice waits once, and is known later', async () => {
    await run(of(7, 1), of(7, 3), of(9, 1), of(9, 1));
    await run(of(7, 2), of(9, 1));
    expect([said(), letters()]).toEqual([[701, 702, 703, 901], []]);
  });

  it('begins after a crash between the two', async () => {
    await run(of(7, 2), of(9, 1));
    losingCommits(3);
    expect(await run(of(7, 1))).toEqual(['message-of-bank.ingress-701']);
    bench.faults.before = undefined;
    expect(await run(of(7, 1))).toEqual([]);
    expect(said()).toEqual([701, 702, 901]);
  });

  it('waits behind a dead letter of the earlier one, until that is sent back', async () => {
    refused = new Set([703]);
    await run(of(7, 1), of(7, 3));
    await run(of(7, 2), of(9, 1));
    expect([said(), letters()]).toEqual([[701, 702], [[703, 'rejected']]]);
    refused = new Set();
    await run({ ...of(7, 3), redrive: 1 });
    expect(said()).toEqual([701, 702, 703, 901]);
  });

  it('in the region that took over waits for what the lost one had parked', async () => {
    await run(of(7, 1), of(7, 3));
    await bench.handOver(2);
    await run(of(9, 1));
    await run(of(7, 2));
    expect([said(), letters()]).toEqual([[701, 702, 703, 901], []]);
  });
});

/** A version of before began the later count all the same. */
describe('what an earlier count has left behind', () => {
  const last = (generation: number, number: number) => ({
    M: { 'bank.ingress': { M: { generation: { N: `${generation}` }, number: { N: `${number}` } } } },
  });
  beforeEach(async () => {
    await run(of(7, 1), of(7, 3), of(7, 4));
    await bench.put('records', { ...(await line()), heard: last(9, 1) });
  });
  const handedBack = [
    [703, 'out-of-sequence'],
    [704, 'out-of-sequence'],
  ];

  it('is handed back with the next event, and waits no longer', async () => {
    const told = vi.spyOn(Measure, 'measureAt');
    const { at } = (await bench.items('records'))[parkedKey('book', 'bank.ingress-703')]!;
    expect(await run(of(9, 2))).toEqual([]);
    expect([said(), letters(), await waiting()]).toEqual([[701, 902], handedBack, []]);
    expect(told.mock.calls.filter(([name]) => name === 'Released')[0]).toEqual(['Released', Number(at.N)]);
    expect((await line()).heard).toEqual(last(9, 2));
    // Sent back, it is applied behind those that went on without it.
    await run({ ...of(7, 3), redrive: 1 });
    expect(said()).toEqual([701, 902, 703]);
  });

  it('is handed back by an operator’s word', async () => {
    await run(word());
    expect([letters(), await waiting()]).toEqual([handedBack, []]);
  });

  it('is handed back by its own message', async () => {
    await run(of(7, 3));
    expect([letters(), await waiting()]).toEqual([handedBack.slice(0, 1), ['bank.ingress-704']]);
  });

  it('holds up no later count', async () => {
    await run(of(11, 1));
    expect([said(), letters(), await waiting()]).toEqual([[701, 1101], handedBack, []]);
  });

  it('holds up nothing that waits', async () => {
    await run(of(9, 3));
    await run(of(9, 2));
    expect([said(), letters(), await waiting()]).toEqual([[701, 902, 903], handedBack, []]);
  });

  it('its letters are sent after a crash, and those behind it go', async () => {
    await run(of(9, 3));
    // The event, what waits behind it, and the first of those that are handed back.
    losingCommits(4);
    expect(await run(of(9, 2))).toEqual(['message-of-bank.ingress-902']);
    bench.faults.before = undefined;
    expect([letters(), said()]).toEqual([[], [701]]);
    expect(await run(of(9, 2))).toEqual([]);
    expect([letters(), said(), await waiting()]).toEqual([handedBack, [701, 902, 903], []]);
  });

  it('was given up before by its own message: it only waits no longer', async () => {
    await bench.put('records', { ...(await line()), parked: { M: {} } });
    await run(of(7, 3));
    expect(letters()).toEqual(handedBack.slice(0, 1));
    const parked = { M: { 'bank.ingress 7.3': { S: 'bank.ingress-703' } } };
    await bench.put('records', { ...(await line()), parked });
    await run(of(9, 2));
    expect([letters(), await waiting()]).toEqual([handedBack.slice(0, 1), []]);
    expect((await bench.items('records'))[recordKey('book', 'bank.ingress-703')].failure.M.code.S).toBe(
      'out-of-sequence',
    );
  });
});
