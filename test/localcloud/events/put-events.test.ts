import { describe, expect, test } from 'vitest';
import { busArn, queueArn, stage } from './stubs.ts';

const entry = { Source: 'shop', DetailType: 'item.sold', Detail: '{"n":1}', EventBusName: 'trade' };

test('an event reaches the queue in the envelope that AWS gives it', async () => {
  const { rule, call, pass, scene } = stage();
  await rule('sold', { source: ['shop'] }, [{ Arn: queueArn('inbox') }]);
  const Time = new Date(Date.UTC(2026, 0, 5, 7, 59, 58, 750));
  const { Entries } = await call('events', 'PutEvents', { Entries: [{ ...entry, Time, Resources: ['arn:x'] }] });
  await pass(1000);
  expect(scene.sent.map(({ input }) => input.MessageBody)).toEqual([
    `{"version":"0","id":"${Entries[0].EventId}","detail-type":"item.sold","source":"shop","account":"123456789012",` +
      '"time":"2026-01-05T07:59:58Z","region":"eu-west-1","resources":["arn:x"],"detail":{"n":1}}',
  ]);
  expect(scene.sent[0]).toMatchObject({
    queue: 'inbox',
    input: { QueueUrl: 'http://127.0.0.1:4566/123456789012/inbox' },
    principal: {
      kind: 'service',
      service: 'events.amazonaws.com',
      sourceArn: 'arn:aws:events:eu-west-1:123456789012:rule/trade/sold',
    },
  });
});

test('the time of an event without one is now; by wire it comes in seconds', async () => {
  const { rule, call, pass, scene } = stage();
  await rule('sold', { source: ['shop'] }, [{ Arn: queueArn('inbox') }]);
  await call('events', 'PutEvents', { Entries: [entry, { ...entry, Time: 1_767_600_000.4 }] });
  await pass(1000);
  expect(scene.sent.map(({ body }) => body.time).sort()).toEqual(['2026-01-05T08:00:00Z', '2026-01-05T08:00:00Z']);
});

test('numbers that JSON.parse would round arrive as they were sent', async () => {
  const { rule, call, pass, scene } = stage();
  await rule('sold', { source: ['shop'] }, [{ Arn: queueArn('inbox') }]);
  await call('events', 'PutEvents', { Entries: [{ ...entry, Detail: '{"n":12345678901234567890}' }] });
  await pass(1000);
  expect(scene.sent[0]!.input.MessageBody).toContain('"detail":{"n":12345678901234567890}}');
});

test('a trace header goes on to the queue', async () => {
  const { rule, call, pass, scene } = stage();
  await rule('sold', { source: ['shop'] }, [{ Arn: queueArn('inbox') }]);
  await call('events', 'PutEvents', { Entries: [{ ...entry, TraceHeader: 'Root=1-x' }] });
  await pass(1000);
  expect(scene.sent[0]!.input.MessageSystemAttributes).toEqual({
    AWSTraceHeader: { DataType: 'String', StringValue: 'Root=1-x' },
  });
});

test('entries fail one by one, in the order of the request, and the request succeeds', async () => {
  const { call } = stage();
  await call('events', 'CreateEventBus', { Name: 'trade' });
  const malformed = { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
  const missing = (name: string) => ({
    ErrorCode: 'InvalidArgument',
    ErrorMessage: `Parameter ${name} is not valid. Reason: ${name} is a required argument.`,
  });
  const answer = await call('events', 'PutEvents', {
    Entries: [
      entry,
      { ...entry, Source: undefined },
      { ...entry, DetailType: '' },
      { ...entry, Detail: undefined },
      { ...entry, Detail: 'text' },
      { ...entry, Detail: '["list"]' },
      { ...entry, Detail: '"text"' },
      { ...entry, Source: 'aws.s3' },
      { ...entry, Detail: '{"n":2}' },
    ],
  });
  expect(answer.FailedEntryCount).toBe(7);
  expect(answer.Entries.slice(1, 8)).toEqual([
    missing('Source'),
    missing('DetailType'),
    missing('Detail'),
    malformed,
    malformed,
    malformed,
    { ErrorCode: 'NotAuthorizedForSourceException', ErrorMessage: 'Not authorized for the source.' },
  ]);
  expect(answer.Entries[0].EventId).toMatch(/^[0-9a-f-]{36}$/);
  expect(answer.Entries[8].EventId).not.toBe(answer.Entries[0].EventId);
});

describe('a request is refused as a whole', () => {
  test('with no entry or more than ten', async () => {
    const { call } = stage();
    await expect(call('events', 'PutEvents', { Entries: [] })).rejects.toMatchObject({
      code: 'ValidationException',
      message:
        "1 validation error detected: Value '[]' at 'entries' failed to satisfy constraint: Member must have length greater than or equal to 1",
    });
    const eleven = call('events', 'PutEvents', { Entries: Array(11).fill(entry) });
    await expect(eleven).rejects.toMatchObject({
      code: 'ValidationException',
      message: expect.stringMatching(
        /^1 validation error detected: Value '\[PutEventsRequestEntry\(time=null, source=shop, resources=null, detailType=item.sold, detail=\{"n":1\}, eventBusName=trade, traceHeader=null, .* Member must have length less than or equal to 10$/,
      ),
    });
  });

  test('beyond one megabyte in all', async () => {
    const { call } = stage();
    await call('events', 'CreateEventBus', { Name: 'trade' });
    const room = 1_048_576 - 'shop'.length - 'item.sold'.length;
    const detail = (bytes: number) => ({ ...entry, Detail: `{"x":"${'x'.repeat(bytes - 8)}"}` });
    await expect(call('events', 'PutEvents', { Entries: [detail(room)] })).resolves.toMatchObject({
      FailedEntryCount: 0,
    });
    const over = call('events', 'PutEvents', { Entries: [detail(room + 1)] });
    await expect(over).rejects.toMatchObject({
      code: 'ValidationException',
      message: 'Total size of the entries in the request is over the limit.',
    });
    const dated = call('events', 'PutEvents', { Entries: [{ ...detail(room), Time: new Date(0) }] });
    await expect(dated).rejects.toMatchObject({ code: 'ValidationException' });
  });

  test('for a global endpoint, which is not supported', async () => {
    const { call } = stage();
    await expect(call('events', 'PutEvents', { Entries: [entry], EndpointId: 'a.b' })).rejects.toMatchObject({
      code: 'NotImplemented',
      message: expect.stringContaining('EndpointId'),
    });
  });
});

test('a bus is named by name or by ARN, and is the default one unless named', async () => {
  const { rule, call, pass, scene } = stage();
  await rule('sold', { source: ['shop'] }, [{ Arn: queueArn('trade-inbox') }]);
  await rule('sold', { source: ['shop'] }, [{ Arn: queueArn('default-inbox') }], { bus: 'default' });
  await call('events', 'PutEvents', { Entries: [{ ...entry, EventBusName: busArn('trade') }] });
  await call('events', 'PutEvents', { Entries: [{ ...entry, EventBusName: undefined }] });
  await pass(1000);
  expect(scene.sent.map(({ queue }) => queue).sort()).toEqual(['default-inbox', 'trade-inbox']);
});

test.each(['nowhere', busArn('nowhere'), busArn('trade', 'us-east-1')])(
  'an event for the unknown bus %s is accepted, and lost with a note',
  async (EventBusName) => {
    const { call, notes } = stage();
    await call('events', 'CreateEventBus', { Name: 'trade' });
    const { FailedEntryCount, Entries } = await call('events', 'PutEvents', { Entries: [{ ...entry, EventBusName }] });
    expect(FailedEntryCount).toBe(0);
    expect(notes('EventToUnknownBus').map(({ input }) => input)).toEqual([
      { bus: EventBusName, eventId: Entries[0].EventId },
    ]);
  },
);

test('the same event said twice is two events, and ids do not depend on what else was said', async () => {
  const ids = async (details: number[]) => {
    const { call, put } = stage('seed');
    await call('events', 'CreateEventBus', { Name: 'trade' });
    const answers = [];
    for (const n of details) answers.push((await put({ n })).Entries![0]!.EventId);
    return answers;
  };
  const [a1, b, a2] = await ids([1, 2, 1]);
  expect(new Set([a1, b, a2]).size).toBe(3);
  expect(await ids([1, 1])).toEqual([a1, a2]);
});

test('a matching rule is noted, a disabled or unmatched one is not', async () => {
  const { rule, call, put, pass, notes, scene } = stage();
  await rule('sold', { 'detail-type': ['item.sold'] }, [{ Arn: queueArn('inbox') }]);
  await rule('asleep', { 'detail-type': ['item.sold'] }, [{ Arn: queueArn('inbox') }]);
  await rule('other', { 'detail-type': ['item.returned'] }, [{ Arn: queueArn('inbox') }]);
  await call('events', 'DisableRule', { Name: 'asleep', EventBusName: 'trade' });
  const { Entries } = await put({ n: 1 });
  await pass(1000);
  const noted = notes('RuleMatched').map(({ input }) => input);
  expect(noted).toEqual([{ bus: 'trade', rule: 'sold', eventId: Entries![0]!.EventId }]);
  expect(scene.sent).toHaveLength(1);
});
