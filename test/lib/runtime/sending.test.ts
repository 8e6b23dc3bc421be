/** PutEvents and SendMessageBatch answer 200 although entries failed. */
import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import type { CloudEvent } from '../../../lib/model/envelope.ts';
import { sendEvents } from '../../../lib/runtime/send-events.ts';
import { sendMessages } from '../../../lib/runtime/send-messages.ts';

const eventNamed = (id: string) => ({ id, type: 't.t', source: 's', time: '2026-01-05T08:00:00Z' }) as CloudEvent;

/** A client that answers each call with the next of the given results, and remembers what it was asked. */
function client<Client>(answers: readonly object[]): Client & { asked: any[] } {
  const asked: any[] = [];
  return {
    asked,
    send: async ({ input }: { input: unknown }) => answers[asked.push(input) - 1] ?? answers.at(-1),
  } as any;
}

describe('sendEvents', () => {
  it('sends the failed entries again, and only those', async () => {
    const bus = client<EventBridgeClient>([
      { FailedEntryCount: 1, Entries: [{ EventId: '1' }, { ErrorCode: 'ThrottlingException' }, { EventId: '3' }] },
      { FailedEntryCount: 0, Entries: [{ EventId: '2' }] },
    ]);
    expect(await sendEvents({ client: bus, bus: 'b' }, ['1', '2', '3'].map(eventNamed))).toEqual([]);
    expect(bus.asked.map(({ Entries }) => Entries.map(({ Detail }: any) => JSON.parse(Detail).id))).toEqual([
      ['1', '2', '3'],
      ['2'],
    ]);
  });

  it('gives up after three attempts, and says which event was refused and why', async () => {
    const bus = client<EventBridgeClient>([{ Entries: [{ ErrorCode: 'InternalFailure', ErrorMessage: 'later' }] }]);
    expect(await sendEvents({ client: bus, bus: 'b' }, [eventNamed('1')])).toEqual([
      { event: eventNamed('1'), code: 'InternalFailure', message: 'later' },
    ]);
    expect(bus.asked).toHaveLength(3);
  });

  it('does not try again what cannot succeed, and reports it beside what can', async () => {
    const bus = client<EventBridgeClient>([
      {
        Entries: [
          { ErrorCode: 'NotAuthorizedForDetailTypeException', ErrorMessage: 'no' },
          { ErrorCode: 'InternalFailure' },
        ],
      },
      { Entries: [{ EventId: '2' }] },
    ]);
    const refused = await sendEvents({ client: bus, bus: 'b' }, ['1', '2'].map(eventNamed));
    expect(refused.map(({ event, code }) => [event.id, code])).toEqual([['1', 'NotAuthorizedForDetailTypeException']]);
    expect(bus.asked).toHaveLength(2);
  });

  it('sends more than ten in several calls', async () => {
    const bus = client<EventBridgeClient>([
      { Entries: Array(10).fill({ EventId: 'x' }) },
      { Entries: Array(2).fill({ EventId: 'x' }) },
    ]);
    expect(
      await sendEvents(
        { client: bus, bus: 'b' },
        Array.from({ length: 12 }, (_, index) => eventNamed(String(index))),
      ),
    ).toEqual([]);
    expect(bus.asked.map(({ Entries }) => Entries.length)).toEqual([10, 2]);
  });
});

describe('sendMessages', () => {
  const message = (body: string) => ({ body });

  it('sends the failed entries again, and only those', async () => {
    const queue = client<SQSClient>([{ Failed: [{ Id: '1', Code: 'InternalError', SenderFault: false }] }, {}]);
    expect(await sendMessages(queue, 'q', ['a', 'b', 'c'].map(message))).toEqual([]);
    expect(queue.asked.map(({ Entries }) => Entries.map((entry: any) => entry.MessageBody))).toEqual([
      ['a', 'b', 'c'],
      ['b'],
    ]);
  });

  it('does not try again what is the sender’s fault', async () => {
    const queue = client<SQSClient>([
      { Failed: [{ Id: '0', Code: 'InvalidMessageContents', Message: 'no', SenderFault: true }] },
    ]);
    expect(await sendMessages(queue, 'q', [message('a')])).toEqual([
      { message: message('a'), code: 'InvalidMessageContents', reason: 'no' },
    ]);
    expect(queue.asked).toHaveLength(1);
  });

  it('keeps a batch below ten messages and one megabyte', async () => {
    const queue = client<SQSClient>([{}]);
    await sendMessages(
      queue,
      'q',
      Array.from({ length: 12 }, () => message('a')),
    );
    await sendMessages(
      queue,
      'q',
      Array.from({ length: 3 }, () => message('x'.repeat(400_000))),
    );
    expect(queue.asked.map(({ Entries }) => Entries.length)).toEqual([10, 2, 2, 1]);
  });
});
