/** Producers number what they publish: without a gap, whoever crashes, and the same again for the same id. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import * as v from 'valibot';
import { beforeEach, describe, expect, it } from 'vitest';
import { event } from '../../../lib/model/event.ts';
import { pipeline } from '../../../lib/model/pipeline.ts';
import { stage } from '../../../lib/model/stage.ts';
import { UNSENT_MAX } from '../../../lib/runtime/entry-numbers.ts';
import { type Published, publisher } from '../../../lib/runtime/publish.ts';
import { ServiceError } from '../../../localcloud/service.ts';
import { deployment, lost, type Workbench, workbench } from './workbench.ts';

const schema = v.object({ account: v.string(), note: v.optional(v.string()) });
const byAccount = ({ account }: { account: string }) => account;
const opened = event('account.opened', { schema, entity: byAccount });
const closed = event('account.closed', { schema, entity: byAccount });
const bank = pipeline('bank', {
  entries: [opened, closed],
  stages: [stage('verify', { accepts: [opened, closed] }), stage('file', { accepts: [closed] })],
});

let bench: Workbench;
beforeEach(async () => {
  bench = await workbench({ stage: 'verify' });
});

/** A producer in a process of its own. */
const producer = (of = bank) => {
  const options = { region: 'eu-west-1', endpoint: process.env.AWS_ENDPOINT_URL!, maxAttempts: 1 };
  return publisher(of, deployment, { events: new EventBridgeClient(options), dynamodb: new DynamoDBClient(options) });
};
const open = (account: string, id: string, note?: string) => ({
  event: opened({ account, ...(note ? { note } : {}) }),
  id,
});
const said = () => bench.said().map(({ id, sequence }) => `${id} ${sequence?.replaceAll(/=\d+/g, '')}`);
const areAccepted = (answers: readonly Published[]) => answers.map(({ accepted }) => accepted);

it('per entity and hearer, in the order of publication, across producers', async () => {
  await producer().publish([open('a', 'a1'), open('b', 'b1'), { event: closed({ account: 'a' }), id: 'a2' }]);
  await producer().publish([open('a', 'a3')]);
  expect(said()).toEqual(['a1 verify.1', 'b1 verify.1', 'a2 verify.2 file.1', 'a3 verify.3']);
});

it('the same for the same id, however often it is published', async () => {
  const { publish } = producer();
  await publish([open('a', 'a1'), open('a', 'a1')]);
  await publish([open('a', 'a2')]);
  await producer().publish([open('a', 'a1')]);
  expect(said()).toEqual(['a1 verify.1', 'a1 verify.1', 'a2 verify.2', 'a1 verify.1']);
});

it('the same after many others, and where a stage hears it by now that did not then', async () => {
  const before = pipeline('bank', {
    entries: [opened, closed],
    stages: [stage('verify', { accepts: [opened, closed] })],
  });
  const close = { event: closed({ account: 'a' }), id: 'a1' };
  await producer(before).publish([close]);
  const others = Array.from({ length: 10 }, (_, index) => ({ event: closed({ account: 'a' }), id: `b${index}` }));
  await producer().publish(others);
  await producer().publish([close]);
  expect(said().filter((one) => one.startsWith('a1'))).toEqual(['a1 verify.1', 'a1 verify.1']);
});

it('what was sent is sent by nobody else, be it many, and with others that were sent before', async () => {
  const { publish } = producer();
  const many = Array.from({ length: 120 }, (_, index) => open('a', `a${index}`));
  await publish(many);
  await publish([many[0]!, open('a', 'b0')]);
  await publish([open('a', 'b1')]);
  expect(said().slice(120)).toEqual(['a0 verify.1', 'b0 verify.121', 'b1 verify.122']);
});

it('refuses an id that was published with other data or as another type, and sends nothing of it', async () => {
  const { publish } = producer();
  await publish([open('a', 'a1')]);
  const [answer] = await publish([open('a', 'a1', 'other')]);
  expect(answer).toMatchObject({
    accepted: false,
    reason: expect.stringContaining('published before as another event'),
  });
  // The same data as another type is another event, too.
  expect(areAccepted(await publish([{ event: closed({ account: 'a' }), id: 'a1' }]))).toEqual([false]);
  expect(said()).toEqual(['a1 verify.1']);
});

it('of two producers that give one id to different events at once, only one is heard', async () => {
  await producer().publish([open('b', 'x')]);
  const { 'ingress#x': record } = await bench.items('records');
  await bench.remove('records', 'ingress#x');
  let met = false;
  bench.faults.before = ({ action }) => {
    if (action !== 'TransactWriteItems' || met) return;
    met = true;
    void bench.put('records', record);
  };
  expect(areAccepted(await producer().publish([open('a', 'x')]))).toEqual([false]);
  expect(said()).toEqual(['x verify.1']);
});

it('what a producer numbered and never sent is sent by the next one, first', async () => {
  bench.faults.before = ({ action }) => {
    if (action === 'PutEvents') throw lost();
  };
  await expect(producer().publish([open('a', 'a1')])).rejects.toThrow();
  bench.faults.before = () => {};
  await producer().publish([open('a', 'a2'), open('b', 'b1')]);
  expect(said()).toEqual(['a1 verify.1', 'b1 verify.1', 'a2 verify.2']);
  await producer().publish([open('a', 'a3')]);
  expect(said().slice(3)).toEqual(['a3 verify.3']);
});

it('one that was never sent goes first, too, where somebody gives its id to another event in the same call', async () => {
  bench.faults.before = ({ action }) => {
    if (action === 'PutEvents') throw lost();
  };
  await expect(producer().publish([open('a', 'a1')])).rejects.toThrow();
  bench.faults.before = () => {};
  const answers = await producer().publish([open('a', 'a1', 'other'), open('a', 'a2')]);
  expect(areAccepted(answers)).toEqual([false, true]);
  expect(said()).toEqual(['a1 verify.1', 'a2 verify.2']);
});

it('what the bus refuses is said to be refused, and keeps its number for the next attempt', async () => {
  bench.faults.before = ({ action }) => {
    if (action === 'PutEvents') throw new ServiceError('AccessDeniedException', 'not yours', { status: 403 });
  };
  expect(await producer().publish([open('a', 'a1')])).toMatchObject([
    { accepted: false, reason: 'AccessDeniedException: not yours' },
  ]);
  bench.faults.before = () => {};
  expect(areAccepted(await producer().publish([open('a', 'a1')]))).toEqual([true]);
  expect(said()).toEqual(['a1 verify.1']);
});

describe('what goes behind an event that the bus refuses', () => {
  /** The bus takes nothing of this id. */
  const refuse = (id: string, error: () => Error) => {
    bench.faults.before = ({ action, input }) => {
      if (action === 'PutEvents' && JSON.stringify(input).includes(`\\"id\\":\\"${id}\\"`)) throw error();
    };
  };
  const denied = () => new ServiceError('AccessDeniedException', 'not yours', { status: 403 });

  it('is not sent and is refused, or it would be accepted and wait for what may never come', async () => {
    refuse('a1', denied);
    const answers = await producer().publish([open('a', 'a1'), open('b', 'b1'), open('a', 'a2'), open('b', 'b2')]);
    expect(areAccepted(answers)).toEqual([false, true, false, true]);
    expect(answers[2]).toMatchObject({ reason: 'AccessDeniedException: not yours (of a1, which goes before)' });
    expect(said()).toEqual(['b1 verify.1', 'b2 verify.2']);
  });

  it('is sent behind it by whoever publishes next, once the bus takes it', async () => {
    refuse('a1', denied);
    await producer().publish([open('a', 'a1'), open('a', 'a2')]);
    bench.faults.before = () => {};
    expect(areAccepted(await producer().publish([open('a', 'a3')]))).toEqual([true]);
    expect(said()).toEqual(['a1 verify.1', 'a2 verify.2', 'a3 verify.3']);
  });

  it('left by another producer, keeps no other entity from being published', async () => {
    refuse('a1', denied);
    await producer().publish([open('a', 'a1')]);
    expect(areAccepted(await producer().publish([open('b', 'b1'), open('a', 'a2')]))).toEqual([true, false]);
    expect(said()).toEqual(['b1 verify.1']);
  });
});

it('nothing is sent without its number: where the table is gone, the producer hears of it', async () => {
  bench.faults.before = ({ action }) => {
    if (action === 'TransactWriteItems') throw lost();
  };
  await expect(producer().publish([open('a', 'a1')])).rejects.toThrow();
  expect(said()).toEqual([]);
});

it('two producers at once never give one number twice', async () => {
  const answers = await Promise.all(
    Array.from({ length: 6 }, (_, index) => producer().publish([open('a', `a${index}`)])),
  );
  expect(answers.flat().every(({ accepted }) => accepted)).toBe(true);
  const numbers = new Map(bench.said().map(({ id, sequence }) => [id, sequence]));
  expect(numbers.size).toBe(6);
  expect(new Set(numbers.values()).size).toBe(6);
});

describe('where two regions numbered the same events at once, in another order', () => {
  type Items = Record<string, any>;
  const line = 'ingress#entity a';
  /** What the table holds after a producer gave the events numbers and could send none; the table is empty again. */
  async function numberedIn(ids: readonly string[]): Promise<Items> {
    bench.faults.before = ({ action }) => {
      if (action === 'PutEvents') throw lost();
    };
    for (const id of ids) await expect(producer().publish([open('a', id)])).rejects.toThrow();
    bench.faults.before = () => {};
    const items = await bench.items('records');
    for (const id of Object.keys(items)) await bench.remove('records', id);
    return items;
  }
  /** Replication: of each item one region's stays. */
  const keep = async (items: Items, ids: readonly string[]) => {
    for (const id of ids) await bench.put('records', items[id]);
  };

  it.each([['the one'], ['the other']])('they are numbered as the line that stayed has them: %s', async (which) => {
    const one = await numberedIn(['a1', 'a2']);
    const other = await numberedIn(['a2', 'a1']);
    // Of both records the second number stays.
    await keep(one, ['ingress#a2']);
    await keep(other, ['ingress#a1']);
    await keep(which === 'the one' ? one : other, [line]);
    await producer().publish([open('a', 'a1')]);
    await producer().publish([open('a', 'a2')]);
    await producer().publish([open('a', 'a3')]);
    const numbers = which === 'the one' ? ['a1 verify.1', 'a2 verify.2'] : ['a1 verify.2', 'a2 verify.1'];
    expect(said().slice(0, 2).sort()).toEqual(numbers);
    expect(new Set(said())).toEqual(new Set([...numbers, 'a3 verify.3']));
    expect(new Set(bench.said().map(({ sequence }) => sequence!.replace(/\.\d+$/, ''))).size).toBe(1);
  });

  it('one that the line does not know is numbered anew, and its record says so', async () => {
    const one = await numberedIn(['a0', 'a1', 'a2']);
    const other = await numberedIn(['a3']);
    await keep(one, ['ingress#a0', 'ingress#a1', 'ingress#a2']);
    await keep(other, ['ingress#a3', line]);
    await producer().publish([open('a', 'a2')]);
    await producer().publish([open('a', 'a2')]);
    expect(said()).toEqual(['a3 verify.1', 'a2 verify.2', 'a2 verify.2']);
    const record = JSON.parse((await bench.items('records'))['ingress#a2'].event.S);
    expect(record.sequence).toBe(bench.said().at(-1)!.sequence);
  });

  it('one that was sent by the line that stayed is sent by it again, where both went on from the same number', async () => {
    await producer().publish([open('a', 'a0')]);
    const common = await bench.items('records');
    const one = await numberedIn(['a1', 'a2']);
    await keep(common, ['ingress#a0', line]);
    await producer().publish([open('a', 'a2')]);
    await keep(one, ['ingress#a2']);
    await producer().publish([open('a', 'a2')]);
    expect(said()).toEqual(['a0 verify.1', 'a2 verify.2', 'a2 verify.2']);
  });

  it('many that were never sent are sent as their line has them', async () => {
    const ids = Array.from({ length: 10 }, (_, index) => `a${index}`);
    const one = await numberedIn(ids);
    const other = await numberedIn(ids.toReversed());
    await keep(
      one,
      ids.map((id) => `ingress#${id}`),
    );
    await keep(other, [line]);
    await producer().publish([open('a', 'a9')]);
    expect(said().sort()).toEqual(ids.map((id, index) => `${id} verify.${10 - index}`));
  });

  it('what the line that comes while an event is sent has yet to send is not forgotten', async () => {
    const other = await numberedIn(['a0', 'a1']);
    bench.faults.after = ({ action }) => {
      if (action !== 'PutEvents') return;
      bench.faults.after = () => {};
      void bench.put('records', other[line]);
    };
    await producer().publish([open('a', 'a1')]);
    await keep(other, ['ingress#a0']);
    await producer().publish([open('a', 'a2')]);
    expect(new Set(said())).toEqual(new Set(['a1 verify.1', 'a0 verify.1', 'a1 verify.2', 'a2 verify.3']));
    await producer().publish([open('a', 'a3')]);
    expect(said().at(-1)).toBe('a3 verify.4');
    expect(said()).toHaveLength(5);
  });

  it('a record whose line has not come yet is taken at its word', async () => {
    const one = await numberedIn(['a1', 'a2']);
    await keep(one, ['ingress#a2']);
    await producer().publish([open('a', 'a2')]);
    expect(said()).toEqual(['a2 verify.2']);
  });
});

it('of an entity are unsent to five hundred; the next is refused for now, and those before it are sent', async () => {
  const { publish } = producer();
  const some = Array.from({ length: UNSENT_MAX }, (_, index) => open('a', `a${index + 1}`));
  const late = open('a', `a${UNSENT_MAX + 1}`);
  bench.faults.before = ({ action }) => {
    if (action === 'PutEvents') throw new ServiceError('InternalException', 'not now', { status: 500 });
  };
  await expect(publish(some)).rejects.toThrow('not now');
  bench.faults.before = undefined;

  const [refused, other] = await publish([late, open('b', 'b1')]);
  expect(refused).toMatchObject({ accepted: false, reason: expect.stringMatching(/^Throttling: 500 events of a are/) });
  expect(other!.accepted).toBe(true);
  expect(areAccepted(await publish([late]))).toEqual([true]);
  expect(said().filter((one) => one.startsWith('a'))).toEqual(
    [...some, late].map(({ id }, index) => `${id} verify.${index + 1}`),
  );
});
