/** Old and new bundles of a stage in turn, on the same events: each reads what the other said, and neither does it twice. */
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import * as v from 'valibot';
import { beforeEach, describe, expect, expectTypeOf, it } from 'vitest';
import { event, reading } from '../../../lib/model/event.ts';
import { pipeline } from '../../../lib/model/pipeline.ts';
import { readData } from '../../../lib/model/reading.ts';
import { type Handler, stage } from '../../../lib/model/stage.ts';
import { table } from '../../../lib/model/uses.ts';
import { lambda } from '../../../lib/runtime/lambda.ts';
import { judge } from '../../../lib/runtime/sequencer.ts';
import { batch, eventOf, failedOf, invocation, type Workbench, workbench } from './workbench.ts';

const first = v.object({ account: v.string(), cents: v.number() });
const second = v.object({ account: v.string(), amount: v.number(), currency: v.string() });
const entity = ({ account }: { account: string }) => account;

/** The three deployments by which a schema changes. */
const old = event('money.deposited', { schema: first, entity });
const ready = event('money.deposited', {
  schema: first,
  entity,
  reads: { 2: reading(second, ({ account, amount }) => ({ account, cents: amount })) },
});
const changed = event('money.deposited', {
  version: 2,
  schema: second,
  entity,
  reads: { 1: reading(first, ({ account, cents }) => ({ account, amount: cents, currency: 'EUR' })) },
});

const uses = { entries: table<object>('entries').to('add') };
type Run = (event: SQSEvent, context: Context) => Promise<SQSBatchResponse>;

/** The stage as each deployment has it: what its handler got is what it writes. */
function bundleOf(type: typeof old | typeof changed): Run {
  const credit = stage('credit', { accepts: [type], uses });
  const handle: Handler<typeof credit> = ({ id, data }, { entries }) => {
    entries.add(id, data);
    return [];
  };
  return lambda(credit, handle as never) as Run;
}

const saidFirst = eventOf(old, 'd1', old({ account: 'a', cents: 5 }));
const saidSecond = eventOf(changed, 'd2', changed({ account: 'a', amount: 7, currency: 'SEK' }));

let bench: Workbench;
beforeEach(async () => {
  bench = await workbench({ stage: 'credit', tables: ['entries'] });
});

const run = async (bundle: Run, one: typeof saidFirst, receives = 1) =>
  failedOf(await bundle(batch('credit', [{ event: one, receives }]), invocation()));
const entries = async () =>
  Object.fromEntries(Object.entries(await bench.items('entries')).map(([id, { item }]) => [id, item.M]));
const letters = () => bench.messages('bank-test-credit-dlq.fifo');

describe('a stage', () => {
  it('hands its handler the data as this version has it, whichever it was said in', async () => {
    expect(await run(bundleOf(changed), saidFirst)).toEqual([]);
    expect(await run(bundleOf(ready), saidSecond)).toEqual([]);
    expect(await entries()).toEqual({
      d1: { account: { S: 'a' }, amount: { N: '5' }, currency: { S: 'EUR' } },
      d2: { account: { S: 'a' }, cents: { N: '7' } },
    });
  });

  it.each([
    ['the new after the old', old, changed, saidFirst],
    ['the old after the new', changed, ready, saidSecond],
    ['the new after the old, of what is new', ready, changed, saidSecond],
  ] as const)('knows what the other has done, and does it no second time: %s', async (_name, one, other, said) => {
    await run(bundleOf(one), said);
    const before = await entries();
    expect(await run(bundleOf(other), said, 2)).toEqual([]);
    expect([await entries(), letters()]).toEqual([before, []]);
  });

  // `known()` compares data: a schema drops what it does not know, so the data as read differs where the event does not.
  it('takes an event with a field that only the new one knows for the same event', async () => {
    const wider = event('money.deposited', {
      schema: v.object({ ...first.entries, note: v.optional(v.string()) }),
      entity,
    });
    const noted = eventOf(wider, 'd3', wider({ account: 'a', cents: 5, note: 'birthday' }));
    await run(bundleOf(old), noted);
    expect(await run(bundleOf(wider as never), noted, 2)).toEqual([]);
    expect(letters()).toEqual([]);
  });

  it('dead-letters what was said in a version that it does not read, with the reason', async () => {
    expect(await run(bundleOf(old), saidSecond)).toEqual([]);
    expect(letters()[0].MessageAttributes.detail.StringValue).toBe(
      'dataschema is urn:event:money.deposited:2; this pipeline reads urn:event:money.deposited:1',
    );
  });
});

describe('the sequencer', () => {
  const judged = (type: typeof old | typeof changed, said: typeof saidFirst) => {
    const bank = pipeline('bank', { entries: [type], stages: [stage('credit', { accepts: [type] })] } as never);
    const body = { source: 'bank.ingress', 'detail-type': 'money.deposited', detail: said };
    return judge(JSON.stringify(body), bank, 'credit');
  };

  it('hands on what any version that is read has said, as it was said', async () => {
    expect(await judged(ready, saidSecond)).toEqual({ event: saidSecond });
    expect(await judged(changed, saidFirst)).toEqual({ event: saidFirst });
  });

  it('quarantines other versions, and what is not of the version that it claims', async () => {
    expect(await judged(old, saidSecond)).toEqual({ refused: expect.stringContaining('this pipeline reads') });
    const lying = { ...saidFirst, data: saidSecond.data };
    expect(await judged(changed, lying)).toEqual({
      refused: expect.stringMatching(/^money\.deposited version 1: cents/),
    });
  });
});

describe('a declaration', () => {
  it('is held to today’s schema by what it makes of another version', async () => {
    const forgetful = event('money.deposited', {
      version: 2,
      schema: second,
      entity,
      reads: { 1: reading(first, ({ account, cents }) => ({ account, amount: cents, currency: undefined as never })) },
    });
    expect(await readData(forgetful, saidFirst)).toEqual({
      problem: expect.stringMatching(/^money\.deposited version 2: currency/),
    });
  });

  it('names each version once, by a whole number', () => {
    const reads = { 1: reading(first, (data) => data) };
    expect(() => event('a.b', { schema: first, entity, reads })).toThrow(
      'event type a.b: version 1 is what is said; reads is for the others, remove it there',
    );
    expect(() => event('a.b', { schema: first, entity, version: 0 })).toThrow('allowed are whole numbers from 1');
  });

  it('types what it is given and what it must make', () => {
    event('a.b', {
      version: 2,
      schema: second,
      entity,
      reads: {
        1: reading(first, (data) => {
          expectTypeOf(data).toEqualTypeOf<{ account: string; cents: number }>();
          return { account: data.account, amount: data.cents, currency: 'EUR' };
        }),
        // @ts-expect-error what is read must become what is said
        3: reading(first, ({ account }) => ({ account })),
      },
    });
  });
});
