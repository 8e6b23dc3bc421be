/**
 * One letter for one decision, however often its message comes, whatever dies between sending and noting, and whatever an
 * operator sends back meanwhile. Each test is a schedule that would leave two, or none.
 */
import * as v from 'valibot';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CloudEvent } from '../../../lib/model/envelope.ts';
import { event } from '../../../lib/model/event.ts';
import { rejected } from '../../../lib/model/failure.ts';
import { names, recordKey } from '../../../lib/model/names.ts';
import { stage } from '../../../lib/model/stage.ts';
import { lambda } from '../../../lib/runtime/lambda.ts';
import { administrator } from '../../../localcloud/cloud.ts';
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
const drawn = event('cheque.drawn', { schema, entity: ({ account }) => account });
const cashed = event('cheque.cashed', { schema, entity: ({ account }) => account });
const cash = stage('cash', { accepts: [drawn], emits: [cashed] });

let bench: Workbench;
/** What the domain refuses, until an operator has mended it. */
let refused: boolean;
let run: (...messages: readonly Message[]) => Promise<string[]>;

beforeEach(async () => {
  refused = true;
  bench = await workbench({ stage: 'cash' });
  const handler = lambda(cash, ({ data }) => {
    if (refused && data.cents > 0) throw rejected('no funds');
    return [cashed(data)];
  });
  run = async (...messages) => failedOf(await handler(batch('cash', messages), invocation()));
});

const cheque = eventOf(drawn, 'c1', drawn({ account: 'a', cents: 5 }));
/** The message that brought it, and its letters that were sent back. */
const first: Message = { event: cheque, messageId: 'first' };
const sentBack = (redrive: number, messageId = `back-${redrive}`): Message => ({ event: cheque, messageId, redrive });

const QueueUrl = `http://localhost/123456789012/${names.deadLetters(deployment, 'cash')}`;
const ask = (action: string, input: object): Promise<any> => {
  bench.cloud.advance();
  const request = { service: 'sqs', action, region: 'eu-west-1', principal: administrator };
  return bench.cloud.request({ ...request, input: { QueueUrl, ...input } });
};
const look = async (VisibilityTimeout = 0): Promise<readonly any[]> =>
  (await ask('ReceiveMessage', { MaxNumberOfMessages: 10, VisibilityTimeout, MessageAttributeNames: ['All'] }))
    .Messages ?? [];

/** What lies in the dead-letter queue: the number that each letter bears. */
const lying = async () => (await look()).map(({ MessageAttributes }) => MessageAttributes.redrive.StringValue);

/** An operator takes what lies there, to send it back. */
async function takeLetters(): Promise<void> {
  for (const { ReceiptHandle } of await look(30)) await ask('DeleteMessage', { ReceiptHandle });
}

/** As long as SQS remembers a deduplication id. */
const FIVE_MINUTES = 300_000;
const wallClock = Date.now;
/** The cloud's clock and the function's are the wall clock, and now and then it jumps. */
const later = (milliseconds: number) => {
  const now = Date.now;
  Date.now = () => now() + milliseconds;
};
afterEach(() => {
  Date.now = wallClock;
});

const losing = (...actions: readonly string[]) => {
  bench.faults.before = ({ action }) => {
    if (actions.includes(action)) throw lost();
  };
};

describe('a letter that was sent, and the note of it lost', () => {
  beforeEach(async () => {
    losing('UpdateItem');
    expect(await run(first)).toEqual(['first']);
    losing();
    expect(await lying()).toEqual(['1']);
  });

  it('sent back, and come together with the message that brought it first: only what is decided last has a letter', async () => {
    await takeLetters();
    later(FIVE_MINUTES);
    expect(await run(first, sentBack(1))).toEqual([]);
    expect(await lying()).toEqual(['2']);
  });

  it('sent back together with it and completed, has none', async () => {
    await takeLetters();
    later(FIVE_MINUTES);
    refused = false;
    expect(await run(first, sentBack(1))).toEqual([]);
    expect(await lying()).toEqual([]);
    expect(bench.said()).toHaveLength(1);
  });

  it('is the same letter for five minutes, whoever sends it again', async () => {
    expect(await run(first)).toEqual([]);
    expect(await lying()).toEqual(['1']);
  });

  it('sent back before the message that brought it first comes again: the second letter holds, and the first is known', async () => {
    await takeLetters();
    later(FIVE_MINUTES);
    expect(await run(first)).toEqual([]);
    expect(await run(sentBack(1))).toEqual([]);
    expect(await lying()).toEqual(['2']);
    await takeLetters();
    refused = false;
    expect(await run(sentBack(2))).toEqual([]);
    expect(await lying()).toEqual([]);
    expect(bench.said()).toHaveLength(1);
  });

  it.each([
    ['in their order', [1, 2]],
    ['the other way round', [2, 1]],
  ])('lies there twice after five minutes; both sent back %s, one letter remains', async (_, order) => {
    later(FIVE_MINUTES);
    expect(await run(first)).toEqual([]);
    expect(await lying()).toEqual(['1', '2']);
    await takeLetters();
    for (const redrive of order) expect(await run(sentBack(redrive))).toEqual([]);
    expect(await lying()).toEqual(['3']);
  });

  it.each(['UpdateItem', 'SendMessageBatch'])(
    'is sent in the end when %s fails again, as often as it does',
    async (action) => {
      later(FIVE_MINUTES);
      losing(action);
      expect(await run(first)).toEqual(['first']);
      expect(await run({ ...first, messageId: 'duplicate' })).toEqual(['duplicate']);
      losing();
      expect(await run(first)).toEqual([]);
      expect((await lying()).at(-1)).toBe('2');
      await takeLetters();
      refused = false;
      await run(sentBack(1), sentBack(2));
      expect(await lying()).toEqual([]);
      expect(bench.said().length).toBeGreaterThan(0);
    },
  );

  it('in doubt again and again keeps an id that SQS takes', async () => {
    for (const redrive of ['2', '3', '4']) {
      later(FIVE_MINUTES);
      bench.faults.before = ({ action, input }) => {
        if (action === 'UpdateItem' && (input as any).UpdateExpression.includes('letter')) throw lost();
      };
      expect(await run(first)).toEqual(['first']);
      expect((await lying()).at(-1)).toBe(redrive);
    }
    const letters = bench.messages(names.deadLetters(deployment, 'cash'));
    const ids = letters.map(({ MessageDeduplicationId }) => MessageDeduplicationId);
    expect(ids).toEqual(['first', 'first.2', 'first.3', 'first.4']);
  });

  it('judged anew by another meanwhile, is not sent', async () => {
    later(FIVE_MINUTES);
    bench.faults.before = ({ action, input }) => {
      if (action !== 'UpdateItem' || !(input as any).UpdateExpression.includes('redrives')) return;
      bench.faults.before = undefined;
      const Item = { id: { S: 'cash#c1' }, status: { S: 'COMPLETED' } };
      const call = { service: 'dynamodb', action: 'PutItem', region: 'eu-west-1', principal: administrator };
      void bench.cloud.request({ ...call, input: { TableName: names.records(deployment), Item } });
    };
    expect(await run(first)).toEqual(['first']);
    expect(await lying()).toEqual(['1']);
  });
});

it('an event that waited is refused, sent back and refused again: its letter counts that, even if the one before it brings it', async () => {
  const nth = (number: number, cents: number): CloudEvent => ({
    ...eventOf(drawn, `n${number}`, drawn({ account: 'a', cents })),
    sequence: `cash=7.${number}`,
  });
  const before: Message = { event: nth(1, 0) };
  const waiting = (redrive: number): Message => ({ event: nth(2, 5), messageId: `back-${redrive}`, redrive });
  await run({ event: nth(2, 5) });
  losing('PutEvents');
  expect(await run(before)).toHaveLength(1);
  expect(await lying()).toEqual(['1']);
  await takeLetters();
  losing('PutEvents', 'SendMessageBatch');
  expect(await run(before, waiting(1))).toHaveLength(2);
  losing();
  expect(await run(before)).toEqual([]);
  expect(await lying()).toEqual(['2']);
  // Numbered 1, it would be taken for a duplicate when it is sent back, and end nowhere.
  await takeLetters();
  refused = false;
  expect(await run(waiting(2))).toEqual([]);
  expect(bench.said().map(({ causationid }) => causationid)).toContain('n2');
});

it('another one under its id that is sent back with it, and comes first, does not take its place', async () => {
  const other: Message = { event: { ...cheque, data: { account: 'a', cents: 0 } }, messageId: 'other', redrive: 1 };
  await run(first);
  // Its own data would be taken.
  expect(await run(other)).toEqual([]);
  expect(bench.said()).toEqual([]);
  refused = false;
  expect(await run(sentBack(1), other)).toEqual([]);
  expect(bench.said().map(({ data }) => data)).toEqual([{ account: 'a', cents: 5 }]);
});

describe('a letter that lies in another region', () => {
  const isElsewhere = async () => {
    const record = (await bench.items('records'))[recordKey('cash', 'c1')]!;
    expect(record.letterIn).toEqual({ S: 'eu-west-1' });
    await bench.put('records', { ...record, letterIn: { S: 'eu-central-1' } });
  };
  const duplicate: Message = { event: cheque, messageId: 'duplicate' };
  beforeEach(async () => {
    await run(first);
    await isElsewhere();
    await takeLetters();
    later(FIVE_MINUTES);
  });

  it('is sent here as well when its event comes here, once', async () => {
    expect(await run(duplicate)).toEqual([]);
    expect(await lying()).toEqual(['2']);
    later(FIVE_MINUTES);
    expect(await run(duplicate)).toEqual([]);
    expect(await lying()).toEqual(['2']);
  });

  it('the one here holds: it is judged anew when it is sent back, and the other is known', async () => {
    await run(duplicate);
    await takeLetters();
    refused = false;
    expect(await run(sentBack(1))).toEqual([]);
    expect(bench.said()).toEqual([]);
    expect(await run(sentBack(2))).toEqual([]);
    expect(await run(sentBack(1, 'back-again'))).toEqual([]);
    expect([await lying(), new Set(bench.said().map(({ id }) => id)).size]).toEqual([[], 1]);
  });

  it('sent back from there, when that is this one again, is judged anew', async () => {
    refused = false;
    expect(await run(sentBack(1))).toEqual([]);
    expect([await lying(), bench.said().length]).toEqual([[], 1]);
  });

  it('back where it lies, after one was sent elsewhere, is sent here again: nobody else knows of it', async () => {
    await run(duplicate);
    await isElsewhere();
    later(FIVE_MINUTES);
    await run(duplicate);
    expect(await lying()).toEqual(['2', '3']);
    await takeLetters();
    refused = false;
    for (const redrive of [2, 3]) expect(await run(sentBack(redrive))).toEqual([]);
    expect([await lying(), bench.said().length]).toEqual([[], 1]);
  });
});
