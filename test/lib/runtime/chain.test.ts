/**
 * What waited and was applied is tied, record to record, to what its message brings again. Two invocations at one line tie to the
 * same end: neither may take away what the other tied, and there is an end.
 */
import { beforeEach, describe, expect, it } from 'vitest';
import { lineKey, recordKey } from '../../../lib/model/names.ts';
import type { Handler } from '../../../lib/model/stage.ts';
import { type End, tie, walk } from '../../../lib/runtime/chain.ts';
import { createClients } from '../../../lib/runtime/clients.ts';
import { lambda } from '../../../lib/runtime/lambda.ts';
import { ServiceError } from '../../../localcloud/service.ts';
import { book, booked, nth, short } from './money.ts';
import { batch, failedOf, invocation, type Message, type Workbench, workbench } from './workbench.ts';

let bench: Workbench;
beforeEach(async () => {
  bench = await workbench({ stage: 'book', listeners: { 'money.booked': ['audit'] } });
});

const handle: Handler<typeof book> = ({ data }) => [booked(data)];
const run = async (messages: readonly Message[], context = invocation()) =>
  failedOf(await lambda(book, handle)(batch('book', messages), context));
const again = (messageId: string): Message => ({ ...nth(1), messageId });
const said = () => bench.said().map(({ data }) => (data as { cents: number }).cents);
const record = async (id: string) => (await bench.items('records'))[recordKey('book', id)]!;
const nextOf = async (id: string) => (await record(id)).next?.S;

/** A call that is answered with an error once, which the SDK repeats, and does something meanwhile. */
function onceAt(isIt: (action: string, key: string | undefined) => boolean, act: () => void): void {
  bench.faults.before = ({ action, input }) => {
    const { Key, TransactItems } = input as any;
    if (!isIt(action, (Key ?? TransactItems?.[0].Update?.Key)?.id.S)) return;
    delete bench.faults.before;
    act();
    throw new ServiceError('InternalServerError', 'not yet', { status: 500 });
  };
}
const busIsDown = () => {
  bench.faults.before = ({ action }) => {
    if (action === 'PutEvents') throw new ServiceError('InternalException', 'not now', { status: 500 });
  };
};

describe('two invocations at one line', () => {
  /** Two are through, and two wait. @returns what the other invocation, which dies before it says anything, commits then */
  async function two(): Promise<() => void> {
    await run([nth(2), nth(3), nth(4)]);
    busIsDown();
    expect(await run([nth(1)], short())).toEqual(['message-of-a1']);
    const keys = [...['a2', 'a3', 'a4'].map((id) => recordKey('book', id)), lineKey('book', 'a')];
    const before = await bench.items('records');
    expect(await run([again('other')])).toEqual(['other']);
    delete bench.faults.before;
    expect([await nextOf('a1'), await nextOf('a2'), await nextOf('a3')]).toEqual(['a2', 'a3', 'a4']);
    const after = await bench.items('records');
    for (const key of keys) await (before[key] ? bench.put('records', before[key]) : bench.remove('records', key));
    return () => {
      for (const key of keys) void bench.put('records', after[key]);
    };
  }

  it('one finds what the other has applied since it read the line: all is said, in a chain that has an end', async () => {
    const other = await two();
    onceAt((action, key) => action === 'GetItem' && key === recordKey('book', 'a2'), other);
    expect(await run([again('one')])).toEqual([]);
    expect(new Set(said())).toEqual(new Set([1, 2, 3, 4]));
    expect(await nextOf('a4')).toBeUndefined();
    await run([nth(5)]);
    expect(await run([again('once-more')])).toEqual([]);
    expect(said().slice(-4)).toEqual([1, 2, 3, 4]);
  });

  it('one is about to apply what the other applies: nothing that the other tied is untied', async () => {
    const other = await two();
    onceAt((action, key) => action === 'TransactWriteItems' && key === recordKey('book', 'a3'), other);
    expect(await run([again('one')])).toEqual([]);
    expect(new Set(said())).toEqual(new Set([1, 2, 3, 4]));
    expect([await nextOf('a1'), await nextOf('a2'), await nextOf('a3'), await nextOf('a4')]).toEqual([
      'a2',
      'a3',
      'a4',
      undefined,
    ]);
  });
});

describe('a tie', () => {
  const reader = () => ({
    stage: 'book',
    table: 'bank-test-records',
    dynamodb: createClients(process.env.AWS_ENDPOINT_URL!).dynamodb,
    isLate: () => false,
  });
  const tied = (end: End, id: string) =>
    tie(end, id, reader()).then(
      () => nextOf(end.id),
      (error) => error.message,
    );
  const walked = async (id: string, told: readonly string[] = []) => {
    const from = { id, next: await nextOf(id) };
    const { said: outcomes, ...rest } = await walk(from, new Set(told), reader());
    return { ids: outcomes.map(({ event }) => event!.id), ...rest };
  };
  beforeEach(async () => {
    await run([nth(2), nth(3)]);
    await run([nth(1)]);
  });

  it('is to the end: what is tied already stays so, and may be tied once more', async () => {
    expect(await tied({ id: 'a3' }, 'a4')).toBe('a4');
    expect(await tied({ id: 'a3' }, 'a4')).toBe('a4');
    expect(await tied({ id: 'a3' }, 'a5')).toMatch(/something else was tied to a3 at this moment, and not a5/);
    expect(await nextOf('a3')).toBe('a4');
  });

  it('that leads to nothing is replaced, by whoever has seen it', async () => {
    await tied({ id: 'a3' }, 'lost');
    const { ids, end } = await walked('a1');
    expect([ids, end]).toEqual([['a2', 'a3'], { id: 'a3', dangling: 'lost' }]);
    expect(await tied({ id: 'a3', dangling: 'another' }, 'a4')).toMatch(/something else/);
    expect(await tied(end, 'a4')).toBe('a4');
  });

  it('is followed to where it was told before, and no further', async () => {
    expect(await walked('a1', ['a3'])).toMatchObject({ ids: ['a2'], merged: true });
    await tied({ id: 'a3' }, 'a2');
    expect(await walked('a1', ['a1'])).toMatchObject({ ids: ['a2', 'a3'], merged: true });
  });
});
