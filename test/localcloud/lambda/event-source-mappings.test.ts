import { describe, expect, test } from 'vitest';
import { ServiceError } from '../../../localcloud/service.ts';
import { type Bench, bench } from './bench.ts';

const QUEUE = 'arn:aws:sqs:eu-west-1:123456789012:inbox';

async function fed(settings: object = {}, queue = QUEUE): Promise<Bench & { uuid: string }> {
  const cloud = bench();
  await cloud.create('worker', { Timeout: 10 });
  const { UUID } = await cloud.call('lambda', 'CreateEventSourceMapping', {
    EventSourceArn: queue,
    FunctionName: 'worker',
    ...settings,
  });
  return Object.assign(cloud, { uuid: UUID });
}

const send = (cloud: Bench, ...ids: string[]) =>
  Promise.all(ids.map((id) => cloud.call('sqs', 'SendMessage', { id, body: `{"n":"${id}"}` })));

async function answer(cloud: Bench, invoke: { environment: string; requestId: string }, payload?: unknown) {
  const { environment, requestId } = invoke;
  await cloud.report('InvocationEnded', { environment, requestId, payload: JSON.stringify(payload ?? null) });
}

describe('an event source mapping', () => {
  test('hands the function what Lambda hands it, under the role of the function', async () => {
    const cloud = await fed();
    await send(cloud, 'a');
    const [invoke] = await cloud.start();
    expect(JSON.parse(invoke!.payload)).toEqual({
      Records: [
        {
          messageId: 'a',
          receiptHandle: 'receipt a',
          body: '{"n":"a"}',
          attributes: { ApproximateReceiveCount: '1', MessageGroupId: 'g', SequenceNumber: '18849496460467696128' },
          messageAttributes: {
            kind: { stringValue: 'sample', stringListValues: [], binaryListValues: [], dataType: 'String' },
          },
          md5OfBody: 'd41d8cd98f00b204e9800998ecf8427e',
          eventSource: 'aws:sqs',
          eventSourceARN: QUEUE,
          awsRegion: 'eu-west-1',
        },
      ],
    });
    const received = cloud.cloud.journal.entries.find(({ action }) => action === 'ReceiveMessage');
    expect(received?.principal).toMatch(/^arn:aws:sts::123456789012:assumed-role\/worker\/awslambda_/);
    expect(cloud.notes('InvocationStarted')).toEqual([
      expect.objectContaining({ function: 'worker', records: ['a'], mapping: cloud.uuid }),
    ]);
  });

  test('deletes the batch when the function has returned', async () => {
    const cloud = await fed();
    await send(cloud, 'a', 'b');
    const [invoke] = await cloud.start();
    await answer(cloud, invoke!);
    expect(cloud.messages.map(({ id }) => id)).not.toContain('a');
  });

  test('leaves a failed batch to its visibility timeout, and then tries again', async () => {
    const cloud = await fed();
    await send(cloud, 'a');
    const [{ environment, requestId } = { environment: '', requestId: '' }] = await cloud.start();
    await cloud.report('InvocationEnded', { environment, requestId, error: { errorType: 'E', errorMessage: '' } });
    expect(cloud.messages).toHaveLength(1);
    expect(cloud.taken()).toEqual([]);
    await cloud.pass(30_000);
    await send(cloud, 'b');
    const again = cloud.taken()[0];
    expect(again?.kind === 'invoke' && JSON.parse(again.payload).Records.map((one: any) => one.messageId)).toEqual([
      'a',
      'b',
    ]);
  });

  test('keeps only the failed messages when the function reports them', async () => {
    const cloud = await fed({ FunctionResponseTypes: ['ReportBatchItemFailures'] });
    await cloud.call('lambda', 'UpdateEventSourceMapping', { UUID: cloud.uuid, Enabled: false });
    await send(cloud, 'a', 'b', 'c');
    await cloud.call('lambda', 'UpdateEventSourceMapping', { UUID: cloud.uuid, Enabled: true });
    const [invoke] = await cloud.start();
    await answer(cloud, invoke!, { batchItemFailures: [{ itemIdentifier: 'b' }] });
    expect(cloud.messages.map(({ id }) => id)).toEqual(['b']);
    expect(cloud.notes('BatchItemsFailed')).toEqual([expect.objectContaining({ records: ['b'] })]);
  });

  test('works on as many batches at once as the function may have environments', async () => {
    const cloud = await fed({ BatchSize: 1 });
    await send(cloud, 'a', 'b', 'c');
    const running = await cloud.start();
    expect(running).toHaveLength(2);
    expect(cloud.messages.filter(({ receipts }) => receipts > 0)).toHaveLength(2);
    await answer(cloud, running[0]!);
    expect(cloud.taken()).toHaveLength(1);
  });

  test('leaves a throttled batch in the queue', async () => {
    const cloud = await fed();
    await cloud.call('lambda', 'PutFunctionConcurrency', { FunctionName: 'worker', ReservedConcurrentExecutions: 0 });
    await send(cloud, 'a');
    expect(cloud.taken()).toEqual([]);
    expect(cloud.messages[0]?.receipts).toBe(1);
    expect(cloud.notes('InvocationThrottled')).toEqual([expect.objectContaining({ records: ['a'] })]);
  });

  test('asks a throttled function less and less often', async () => {
    const cloud = await fed({ BatchSize: 1 });
    await cloud.call('lambda', 'PutFunctionConcurrency', { FunctionName: 'worker', ReservedConcurrentExecutions: 0 });
    await send(cloud, 'a', 'b', 'c', 'd', 'e', 'f');
    await cloud.pass(14_000);
    // At once, and after 1, 3 and 7 seconds; the next would come after 15.
    expect(cloud.messages.filter(({ receipts }) => receipts > 0)).toHaveLength(4);
  });

  test('that is off receives nothing, and receives again when it is on', async () => {
    const cloud = await fed();
    const off = await cloud.call('lambda', 'UpdateEventSourceMapping', { UUID: cloud.uuid, Enabled: false });
    expect(off.State).toBe('Disabling');
    await send(cloud, 'a');
    expect(cloud.messages[0]?.receipts).toBe(0);
    await cloud.call('lambda', 'UpdateEventSourceMapping', { UUID: cloud.uuid, Enabled: true });
    expect(await cloud.start()).toHaveLength(1);
  });

  test('has one poller, however often it is switched off and on', async () => {
    const cloud = await fed();
    for (const Enabled of [false, true, false, true]) {
      await cloud.call('lambda', 'UpdateEventSourceMapping', { UUID: cloud.uuid, Enabled });
    }
    const looks = () => cloud.cloud.journal.entries.filter(({ action }) => action === 'ReceiveMessage').length;
    const before = looks();
    await send(cloud, 'a');
    // Once for the message and once in vain: pollers of before, parked at the same queue, must not look too.
    expect(looks() - before).toBe(2);
  });

  test('tries again later when the queue refuses', async () => {
    const cloud = await fed();
    cloud.refusal = new ServiceError('AccessDenied', 'not you', { status: 403 });
    await send(cloud, 'a');
    expect((await cloud.call('lambda', 'GetEventSourceMapping', { UUID: cloud.uuid })).LastProcessingResult).toBe(
      'PROBLEM: not you',
    );
    cloud.refusal = undefined;
    await cloud.pass(1000);
    expect(await cloud.start()).toHaveLength(1);
  });

  test('gathers messages for the length of its batching window', async () => {
    const cloud = await fed({ BatchSize: 20, MaximumBatchingWindowInSeconds: 2 });
    await send(cloud, 'a');
    await cloud.pass(1000);
    await send(cloud, 'b');
    expect(cloud.taken()).toEqual([]);
    await cloud.pass(1000);
    const [invoke] = await cloud.start();
    expect(JSON.parse(invoke!.payload).Records).toHaveLength(2);
  });

  test.each([
    [
      'a filter, because Lambda deletes what it rejects',
      { FilterCriteria: { Filters: [] } },
      /does not support FilterCriteria/,
    ],
    ['more than ten of a FIFO queue', { BatchSize: 11 }, /between 1 and 10 for FIFO/, `${QUEUE}.fifo`],
    ['a window on a FIFO queue', { MaximumBatchingWindowInSeconds: 1 }, /not supported for FIFO/, `${QUEUE}.fifo`],
    ['a batch of more than ten without a window', { BatchSize: 11 }, /must be greater than 0/],
    ['a concurrency of one', { ScalingConfig: { MaximumConcurrency: 1 } }, /greater than or equal to 2/],
    ['another source than a queue', {}, /event sources of SQS only/, 'arn:aws:kinesis:eu-west-1:123456789012:stream/s'],
  ])('refuses %s', async (_what, settings, message, queue = QUEUE) => {
    await expect(fed(settings, queue)).rejects.toThrow(message);
  });

  test('refuses a queue whose visibility timeout is shorter than the timeout of the function', async () => {
    const cloud = bench();
    await cloud.create('worker', { Timeout: 31 });
    const created = cloud.call('lambda', 'CreateEventSourceMapping', { EventSourceArn: QUEUE, FunctionName: 'worker' });
    await expect(created).rejects.toThrow(
      'Queue visibility timeout: 30 seconds is less than Function timeout: 31 seconds',
    );
  });

  test('is one only for a queue and a function', async () => {
    const cloud = await fed();
    const second = cloud.call('lambda', 'CreateEventSourceMapping', { EventSourceArn: QUEUE, FunctionName: 'worker' });
    await expect(second).rejects.toMatchObject({ code: 'ResourceConflictException' });
  });
});
