/** What a stage with an outside system promises when things go wrong. The sandbox keeps the calls that it acted upon. */
import * as v from 'valibot';
import { beforeEach, describe, expect, it } from 'vitest';
import { event } from '../../../lib/model/event.ts';
import { rejected } from '../../../lib/model/failure.ts';
import { names } from '../../../lib/model/names.ts';
import { type Handler, stage } from '../../../lib/model/stage.ts';
import { outside, table } from '../../../lib/model/uses.ts';
import { type Adapter, calling } from '../../../lib/runtime/calling.ts';
import { lambda } from '../../../lib/runtime/lambda.ts';
import { sandboxAnswer } from '../../../lib/runtime/outside.ts';
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
const requested = event('withdrawal.requested', { schema, entity: byAccount });
const paid = event('withdrawal.paid', { schema, entity: byAccount });

interface Banknotes {
  pay(idempotencyKey: string, cents: number): Promise<void>;
}

const withdraw = stage('withdraw', {
  accepts: [requested],
  emits: [paid],
  uses: {
    banknotes: outside<Banknotes>('banknotes'),
    payouts: table<{ cents: number }>('payouts').to('add'),
    tills: table<{ cents: number }>('tills').to('get', 'put'),
  },
});

/** Account whose withdrawals go through a till. */
const COUNTED = 'counted';

const handle: Handler<typeof withdraw> = async ({ id, data }, { banknotes, payouts, tills }) => {
  if (data.account === COUNTED) tills.put('till', { cents: ((await tills.get('till'))?.cents ?? 0) + data.cents });
  await banknotes.pay(id, data.cents);
  if (data.cents === 13) throw rejected('unlucky');
  payouts.add(id, { cents: data.cents });
  return [paid(data)];
};

let bench: Workbench;
/** Called while the outside system is being called, after it has acted: where the first run can be made to wait. */
let duringCall: (() => Promise<void>) | undefined;
let run: (messages: readonly Message[], remaining?: number) => Promise<string[]>;

beforeEach(async () => {
  duringCall = undefined;
  bench = await workbench({ stage: 'withdraw', tables: ['payouts', 'tills'] });
  const adapter: Adapter<Banknotes> = (where) => ({
    async pay(idempotencyKey, cents) {
      await sandboxAnswer(where, { operation: 'pay', idempotencyKey, request: { cents } }, () => ({ paid: true }));
      await duringCall?.();
    },
  });
  const newHandler = () => lambda(withdraw, handle, calling({ banknotes: adapter }));
  // Each invocation in an environment of its own, as when the first one is dead or still busy.
  run = async (messages, remaining) => failedOf(await newHandler()(batch('withdraw', messages), invocation(remaining)));
});

const request = (id: string, account: string, cents: number): Message => ({
  event: eventOf(requested, id, requested({ account, cents })),
});
const acted = async () => Object.keys(await bench.items('sandbox-banknotes'));
const payouts = async () => Object.keys(await bench.items('payouts')).sort();
const isGivingBack = (input: any): boolean => input.ExpressionAttributeValues[':over'] !== undefined;
const record = async (id: string) => (await bench.items('records'))[`withdraw#${id}`];

it('commits each event by itself, in the order of its group', async () => {
  expect(await run([request('a1', 'a', 5), request('b1', 'b', 6), request('a2', 'a', 7)])).toEqual([]);
  expect(bench.calls('dynamodb', 'TransactWriteItems')).toHaveLength(3);
  expect(await payouts()).toEqual(['a1', 'a2', 'b1']);
  const ofA = bench.said().filter(({ partitionkey }) => partitionkey === 'a');
  expect(ofA.map(({ causationid }) => causationid)).toEqual(['a1', 'a2']);
});

it('answers a duplicate from the record: no call, no write, the same event again', async () => {
  await run([request('a1', 'a', 5)]);
  expect(await run([request('a1', 'a', 5)])).toEqual([]);
  expect(await acted()).toEqual(['pay#a1']);
  expect(bench.said()[1]).toEqual(bench.said()[0]);
});

it('refuses a known id with other data', async () => {
  await run([request('a1', 'a', 5)]);
  expect(await run([request('a1', 'a', 6)])).toEqual([]);
  const [letter] = bench.messages(names.deadLetters(deployment, 'withdraw'));
  expect(letter.MessageAttributes.reason.StringValue).toBe('id-reused');
});

it('does not take another one under its id for one that was refused and is sent back', async () => {
  await run([request('a1', 'a', 13)]);
  expect(await run([{ ...request('a1', 'a', 5), messageId: 'other', redrive: 1 }])).toEqual([]);
  const letters = bench.messages(names.deadLetters(deployment, 'withdraw'));
  expect(letters.map(({ MessageAttributes }) => MessageAttributes.reason.StringValue)).toEqual([
    'rejected',
    'id-reused',
  ]);
  expect([await payouts(), await acted()]).toEqual([[], ['pay#a1']]);
});

describe('a lease', () => {
  it('keeps a second run out while the first is at work', async () => {
    let second: Promise<string[]> | undefined;
    duringCall = async () => {
      duringCall = undefined;
      second = run([{ ...request('a1', 'a', 5), messageId: 'duplicate' }]);
      expect(await second).toEqual(['duplicate']);
    };
    expect(await run([request('a1', 'a', 5)])).toEqual([]);
    expect(second).toBeDefined();
    expect(await payouts()).toEqual(['a1']);
    expect(bench.said()).toHaveLength(1);
  });

  it('that runs out while the first goes on is taken by the second, and the first cannot commit', async () => {
    duringCall = async () => {
      duringCall = undefined;
      expect(await run([request('a1', 'a', 5)])).toEqual([]);
    };
    // No time remains, so the lease is over as soon as it is taken.
    expect(await run([request('a1', 'a', 5)], -1)).toEqual(['message-of-a1']);
    expect(await acted()).toEqual(['pay#a1']);
    expect(await payouts()).toEqual(['a1']);
    expect(bench.calls('dynamodb', 'TransactWriteItems')).toHaveLength(1);
    expect(bench.said()).toHaveLength(1);
  });

  it('is not taken from its owner by the failure of somebody else', async () => {
    duringCall = async () => {
      duringCall = async () => {
        throw new Error('the second run fails');
      };
      // It took the lease over; its failure gives back its own lease only.
      expect(await run([request('a1', 'a', 5)])).toEqual(['message-of-a1']);
    };
    expect(await run([request('a1', 'a', 5)], -1)).toEqual(['message-of-a1']);
    expect((await record('a1')).in_progress_expiration.N).toBe('0');
    duringCall = undefined;
    expect(await run([request('a1', 'a', 5)])).toEqual([]);
    expect(await payouts()).toEqual(['a1']);
    expect(await acted()).toEqual(['pay#a1']);
  });

  /** The first run has no time left, so the second takes its lease, and holds it until the first has ended. */
  const overtaken = async (firstFails: boolean) => {
    const both: { second?: Promise<string[]>; release?: () => void } = {};
    duringCall = async () => {
      await new Promise<void>((secondIsAtWork) => {
        duringCall = () =>
          new Promise<void>((release) => {
            both.release = release;
            secondIsAtWork();
          });
        both.second = run([request('a1', 'a', 5)]);
      });
      if (firstFails) throw new Error('the first run fails late');
    };
    const first = await run([request('a1', 'a', 5)], -1);
    both.release!();
    return { first, second: await both.second! };
  };

  it('that another holds now forbids the commit, though the event is not completed yet', async () => {
    expect(await overtaken(false)).toEqual({ first: ['message-of-a1'], second: [] });
    expect(await payouts()).toEqual(['a1']);
    expect(bench.calls('dynamodb', 'TransactWriteItems')).toHaveLength(1);
  });

  it('that another holds now is not given back by the failure of the first', async () => {
    expect(await overtaken(true)).toEqual({ first: ['message-of-a1'], second: [] });
    expect(await payouts()).toEqual(['a1']);
  });

  /** The first has paid; its lease ran out, or was given back, before it could commit. */
  const afterPaying = async (remaining?: number) => {
    duringCall = async () => {
      throw new Error('the line is down');
    };
    bench.faults.before = ({ action, input }) => {
      if (remaining !== undefined && action === 'UpdateItem' && isGivingBack(input)) throw lost();
    };
    expect(await run([request('a1', 'a', 5)], remaining)).toEqual(['message-of-a1']);
    duringCall = undefined;
    bench.faults.before = undefined;
  };

  it.each([
    ['runs out', -1],
    ['is given back', undefined],
  ])(
    'that %s is not for another one under the same id: it would be booked for what the first has paid',
    async (_how, remaining) => {
      await afterPaying(remaining);
      expect(await run([{ ...request('a1', 'b', 9), messageId: 'other' }])).toEqual([]);
      const [letter] = bench.messages(names.deadLetters(deployment, 'withdraw'));
      expect([letter.MessageBody, letter.MessageAttributes.reason.StringValue]).toEqual([
        expect.stringContaining('"cents":9'),
        'id-reused',
      ]);
      expect(await payouts()).toEqual([]);
      expect(await run([request('a1', 'a', 5)])).toEqual([]);
      expect((await bench.items('payouts')).a1.item.M).toEqual({ cents: { N: '5' } });
      expect(await acted()).toEqual(['pay#a1']);
    },
  );

  it('that another one under the same id holds is not waited for', async () => {
    let other: string[] | undefined;
    duringCall = async () => {
      duringCall = undefined;
      other = await run([{ ...request('a1', 'b', 9), messageId: 'other' }]);
    };
    expect(await run([request('a1', 'a', 5)])).toEqual([]);
    expect([other, await payouts(), bench.messages(names.deadLetters(deployment, 'withdraw')).length]).toEqual([
      [],
      ['a1'],
      1,
    ]);
  });

  it('is given back when the handler fails, so that the next attempt need not wait', async () => {
    duringCall = async () => {
      throw new Error('the line is down');
    };
    expect(await run([request('a1', 'a', 5)])).toEqual(['message-of-a1']);
    duringCall = undefined;
    expect(await run([request('a1', 'a', 5)])).toEqual([]);
    expect(await acted()).toEqual(['pay#a1']);
  });

  it('whose answer was lost is known as our own by its token', async () => {
    let once = true;
    bench.faults.after = ({ action, input }) => {
      if (action !== 'UpdateItem' || !once || !(input as any).ExpressionAttributeValues[':until']) return;
      once = false;
      throw lost();
    };
    expect(await run([request('a1', 'a', 5)])).toEqual([]);
    expect(once).toBe(false);
  });
});

describe('a crash', () => {
  it('after the outside system acted is mended: it is asked again with the same key, and acts once', async () => {
    bench.faults.before = ({ action, input }) => {
      if (action === 'TransactWriteItems' || (action === 'UpdateItem' && isGivingBack(input))) throw lost();
    };
    expect(await run([request('a1', 'a', 5)], -1)).toEqual(['message-of-a1']);
    expect(await acted()).toEqual(['pay#a1']);
    expect(await payouts()).toEqual([]);

    bench.faults.before = undefined;
    expect(await run([request('a1', 'a', 5)])).toEqual([]);
    expect(await acted()).toEqual(['pay#a1']);
    expect(await payouts()).toEqual(['a1']);
  });

  it('after the commit and before the sending is mended by the redelivery', async () => {
    bench.faults.before = ({ action }) => {
      if (action === 'PutEvents') throw lost();
    };
    expect(await run([request('a1', 'a', 5)])).toEqual(['message-of-a1']);
    bench.faults.before = undefined;
    expect(await run([request('a1', 'a', 5)])).toEqual([]);
    expect(await acted()).toEqual(['pay#a1']);
    expect(bench.said()).toHaveLength(1);
  });
});

it('finds out an unknown result of the commit by its token', async () => {
  bench.faults.after = ({ action }) => {
    if (action === 'TransactWriteItems') throw lost();
  };
  expect(await run([request('a1', 'a', 5)])).toEqual([]);
  expect(await payouts()).toEqual(['a1']);
  expect(bench.said()).toHaveLength(1);
});

it('dead-letters what the domain refuses, and judges it anew when it is sent back', async () => {
  expect(await run([request('a1', 'a', 13)])).toEqual([]);
  expect(await run([{ ...request('a1', 'a', 13), messageId: 'redriven', redrive: 1 }])).toEqual([]);
  const letters = bench.messages(names.deadLetters(deployment, 'withdraw'));
  expect(letters.map((letter) => letter.MessageAttributes.redrive.StringValue)).toEqual(['1', '2']);
  expect(await payouts()).toEqual([]);
});

it('sends a letter under the number that the record knows, whichever message finds that it was not sent', async () => {
  const letters = () => bench.messages(names.deadLetters(deployment, 'withdraw'));
  await run([request('a1', 'a', 13)]);
  bench.faults.before = ({ action }) => {
    if (action === 'SendMessageBatch') throw lost();
  };
  expect(await run([{ ...request('a1', 'a', 13), messageId: 'redriven', redrive: 1 }])).toEqual(['redriven']);
  bench.faults.before = undefined;
  expect(await run([{ ...request('a1', 'a', 13), messageId: 'duplicate' }])).toEqual([]);
  expect(letters().map((letter) => letter.MessageAttributes.redrive.StringValue)).toEqual(['1', '2']);
});

it('a lease may have replaced the record of a lost region, so that none is no proof: what an item does not tell is waited for', async () => {
  for (let index = 0; index < 60; index++) await run([request(`rush-${index}-${'r'.repeat(60)}`, COUNTED, 1)]);
  await bench.handOver(2, { arrived: 2 });
  expect(await run([request('late', COUNTED, 5)])).toEqual(['message-of-late']);
  expect([await payouts(), await acted()].map((all) => all.includes('late') || all.includes('pay#late'))).toEqual([
    false,
    false,
  ]);
}, 30_000);
