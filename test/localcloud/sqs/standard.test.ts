import { beforeEach, describe, expect, test } from 'vitest';
import type { Queues } from '../../../localcloud/sqs/state.ts';
import type { TestCloud } from '../bench-cloud.ts';
import { type QueueClient, queueIn, sqsCloud } from './queue-client.ts';

let cloud: TestCloud;
let queue: QueueClient;
beforeEach(async () => {
  cloud = sqsCloud();
  queue = await queueIn(cloud, 'inbox');
});

describe('visibility in a standard queue', () => {
  test('a received message is hidden for the visibility timeout, and back at its end', async () => {
    await queue.send('m');
    expect(await queue.bodies()).toEqual(['m']);
    await cloud.pass(29_999);
    expect(await queue.bodies()).toEqual([]);
    await cloud.pass(1);
    expect(await queue.bodies()).toEqual(['m']);
  });

  test('a message can be deleted after its visibility timeout', async () => {
    await queue.send('m');
    const [message] = await queue.receive();
    await cloud.pass(30_000);
    await queue.remove(message);
    expect(await queue.bodies()).toEqual([]);
  });

  test('the handle of an earlier receive is accepted and deletes nothing', async () => {
    await queue.send('m');
    const [earlier] = await queue.receive();
    await cloud.pass(30_000);
    const [later] = await queue.receive();
    expect(later!.ReceiptHandle).not.toBe(earlier!.ReceiptHandle);
    await expect(queue.remove(earlier)).resolves.toEqual({});
    expect(await queue.attribute('ApproximateNumberOfMessagesNotVisible')).toBe('1');
  });

  test('visibility can be changed after the timeout as long as nobody else has the message', async () => {
    await queue.send('m');
    const [message] = await queue.receive();
    await cloud.pass(30_000);
    await queue.hide(message, 10);
    expect(await queue.bodies()).toEqual([]);
    await cloud.pass(10_000);
    expect(await queue.bodies()).toEqual(['m']);
  });

  test('visibility cannot be extended beyond twelve hours from the receive', async () => {
    await queue.send('m');
    const [message] = await queue.receive({ VisibilityTimeout: 100 });
    await cloud.pass(50_000);
    await expect(queue.hide(message, 43_200)).rejects.toMatchObject({
      code: 'InvalidParameterValue',
      message:
        'Value 43200 for parameter VisibilityTimeout is invalid. Reason: Total VisibilityTimeout for the message is beyond the limit [43200 seconds]',
    });
    await queue.hide(message, 43_150);
  });

  test('one receive never returns a message twice, not even with a visibility timeout of zero', async () => {
    await queue.send('a');
    await queue.send('b');
    expect((await queue.bodies({ VisibilityTimeout: 0 })).sort()).toEqual(['a', 'b']);
    expect(await queue.attribute('ApproximateNumberOfMessages')).toBe('2');
  });

  test('a message received three times goes to the back', async () => {
    await queue.send('poison');
    for (let n = 0; n < 3; n++) {
      expect(await queue.bodies({ MaxNumberOfMessages: 1 })).toEqual(['poison']);
      if (n === 0) await queue.send('fresh');
      await cloud.pass(30_000);
    }
    expect(await queue.bodies({ MaxNumberOfMessages: 1 })).toEqual(['fresh']);
  });

  test('what is no receipt handle is refused', async () => {
    await expect(queue.remove({ ReceiptHandle: 'rubbish' })).rejects.toMatchObject({
      code: 'ReceiptHandleIsInvalid',
      status: 404,
    });
  });
});

describe('delays', () => {
  test('a message is delayed by its own delay, before the one of the queue', async () => {
    const slow = await queueIn(cloud, 'slow', { DelaySeconds: '60' });
    await slow.send('own', { DelaySeconds: 5 });
    await slow.send('queue');
    expect(await slow.attribute('ApproximateNumberOfMessagesDelayed')).toBe('2');
    await cloud.pass(5_000);
    expect(await slow.bodies()).toEqual(['own']);
    await cloud.pass(55_000);
    expect(await slow.bodies()).toContain('queue');
  });

  test('a change of the delay of a standard queue leaves the messages in it alone', async () => {
    const slow = await queueIn(cloud, 'slow', { DelaySeconds: '60' });
    await slow.send('m');
    await slow.call('SetQueueAttributes', { Attributes: { DelaySeconds: '0' } });
    expect(await slow.bodies()).toEqual([]);
  });
});

describe('long polling', () => {
  test('a receive waits for a message and is answered when one is sent', async () => {
    const waiting = queue.bodies({ WaitTimeSeconds: 20 });
    await cloud.pass(7_000);
    await queue.send('m');
    expect(await waiting).toEqual(['m']);
  });

  test('a receive is answered when a visibility timeout ends, without another call', async () => {
    await queue.send('m');
    await queue.receive({ VisibilityTimeout: 5 });
    const waiting = queue.receive({ WaitTimeSeconds: 20, MessageSystemAttributeNames: ['All'] });
    const started = cloud.cloud.now();
    await cloud.pass(5_000);
    expect((await waiting)[0]?.Attributes?.ApproximateFirstReceiveTimestamp).toBe(String(started));
    expect((await waiting)[0]?.Attributes?.ApproximateReceiveCount).toBe('2');
  });

  test('that holds for every timeout that follows, without another call in between', async () => {
    await queue.send('m');
    for (let n = 0; n < 3; n++) {
      expect(await queue.bodies({ VisibilityTimeout: 5 })).toEqual(['m']);
      const waiting = queue.bodies({ WaitTimeSeconds: 20, VisibilityTimeout: 0 });
      await cloud.pass(5_000);
      expect(await waiting).toEqual(['m']);
    }
  });

  test('a receive is answered when somebody ends a visibility timeout, or shortens it', async () => {
    await queue.send('m');
    for (const seconds of [0, 3]) {
      const [message] = await queue.receive();
      const waiting = queue.bodies({ WaitTimeSeconds: 20, VisibilityTimeout: 0 });
      await queue.hide(message, seconds);
      await cloud.pass(seconds * 1000);
      expect(await waiting).toEqual(['m']);
    }
  });

  test('a receive is answered when a delay ends', async () => {
    await queue.send('m', { DelaySeconds: 3 });
    const waiting = queue.bodies({ WaitTimeSeconds: 20 });
    await cloud.pass(3_000);
    expect(await waiting).toEqual(['m']);
  });

  test('a receive is answered when its message group opens', async () => {
    const fifo = await queueIn(cloud, 'orders.fifo');
    await fifo.sendInOrder('g1-m1', 'g1-m2');
    const [first] = await fifo.receive({ MaxNumberOfMessages: 1 });
    const waiting = fifo.bodies({ WaitTimeSeconds: 20 });
    await fifo.remove(first);
    await cloud.pass(0);
    expect(await waiting).toEqual(['g1-m2']);
  });

  test('a receive gives up at the end of its wait, with no member Messages at all', async () => {
    const waiting = queue.call('ReceiveMessage', { WaitTimeSeconds: 2 });
    let answered = false;
    waiting.then(() => {
      answered = true;
    });
    await cloud.pass(1_999);
    expect(answered).toBe(false);
    await cloud.pass(1);
    expect(await waiting).toEqual({});
  });

  test('the wait of the queue holds where the request names none', async () => {
    const patient = await queueIn(cloud, 'patient', { ReceiveMessageWaitTimeSeconds: '10' });
    const waiting = patient.bodies();
    await cloud.pass(9_000);
    await patient.send('m');
    expect(await waiting).toEqual(['m']);
  });

  test('of two that wait, one message answers one', async () => {
    const both = [queue.bodies({ WaitTimeSeconds: 2 }), queue.bodies({ WaitTimeSeconds: 2 })];
    await queue.send('m');
    await cloud.pass(2_000);
    expect((await Promise.all(both)).flat()).toEqual(['m']);
  });

  test('those who wait learn that the queue was deleted', async () => {
    const waiting = queue.receive({ WaitTimeSeconds: 20 });
    const refused = expect(waiting).rejects.toMatchObject({ code: 'QueueDoesNotExist' });
    await queue.call('DeleteQueue');
    await cloud.pass(0);
    await refused;
  });
});

test('a message vanishes at the end of its retention, with a note', async () => {
  const brief = await queueIn(cloud, 'brief', { MessageRetentionPeriod: '60' });
  const { MessageId } = await brief.send('m');
  await cloud.pass(59_999);
  expect(await brief.attribute('ApproximateNumberOfMessages')).toBe('1');
  await cloud.pass(1);
  const note = cloud.cloud.journal.entries.find(({ action }) => action === 'MessageExpired');
  expect(note?.input).toMatchObject({ queue: 'brief', messageId: MessageId, body: 'm' });
  expect(await brief.attribute('ApproximateNumberOfMessages')).toBe('0');
});

test('a message in flight expires too, and takes its receipt handle along', async () => {
  const brief = await queueIn(cloud, 'brief', { MessageRetentionPeriod: '60', VisibilityTimeout: '600' });
  await brief.send('m');
  const [message] = await brief.receive();
  await cloud.pass(60_000);
  expect(await brief.attribute('ApproximateNumberOfMessagesNotVisible')).toBe('0');
  await expect(brief.remove(message)).resolves.toEqual({});
});

test('messages expire one after the other with nobody looking', async () => {
  const brief = await queueIn(cloud, 'brief', { MessageRetentionPeriod: '60' });
  for (const body of ['a', 'b', 'c']) {
    await brief.send(body);
    await cloud.pass(10_000);
  }
  await cloud.pass(60_000);
  const notes = cloud.cloud.journal.entries.filter(({ action }) => action === 'MessageExpired');
  expect(notes.map(({ at, input }) => [input.body, at - input.sent])).toEqual([
    ['a', 60_000],
    ['b', 60_000],
    ['c', 60_000],
  ]);
});

test('a queue has few steps on the agenda, however many messages are in flight', async () => {
  for (let n = 0; n < 100; n++) await queue.send('m');
  for (let n = 0; n < 10; n++) {
    await queue.receive();
    await cloud.pass(1);
  }
  expect(cloud.cloud.agenda.size).toBeLessThanOrEqual(3); // a deadline, retention, metrics
});

test('a queue has at most 120,000 messages in flight', async () => {
  await queue.send('m');
  const { counts } = cloud.cloud.state<Queues>('sqs', 'eu-west-1').queues.get('inbox')!;
  counts.inFlight = 119_999; // so many receives would take five seconds
  expect(await queue.bodies()).toEqual(['m']);
  await queue.send('one more');
  await expect(queue.receive()).rejects.toMatchObject({ code: 'OverLimit', status: 403 });
});
