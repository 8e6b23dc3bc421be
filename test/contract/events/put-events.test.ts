import { PutEventsCommand, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { expect } from 'vitest';
import { behaviour, refused } from '../contract.ts';
import { bodies, bus, busArn, messages, pipe, publish } from './given.ts';

const page = 'https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html';
const recorded =
  'https://github.com/localstack/localstack/blob/main/tests/aws/services/events/test_events.snapshot.json';
const sizes = 'https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html';

behaviour(
  'an event is delivered as an envelope around its detail, with the id that PutEvents answered',
  {
    source: 'https://docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html',
    covers: ['events:PutEvents'],
  },
  async (aws) => {
    const to = await pipe(aws);
    const { Entries, FailedEntryCount } = await publish(aws, {
      EventBusName: to.bus,
      Resources: ['arn:aws:sqs:eu-west-1:123456789012:some', 'other'],
      Time: new Date('2026-01-04T05:06:07.890Z'),
    });
    expect(FailedEntryCount).toBe(0);
    const [message] = await messages(aws, to.inbox);
    expect(message!.Body).toBe(
      `{"version":"0","id":"${Entries![0]!.EventId}","detail-type":"counted","source":"contract","account":"${aws.account}","time":"2026-01-04T05:06:07Z","region":"${aws.region}","resources":["arn:aws:sqs:eu-west-1:123456789012:some","other"],"detail":{"n":1}}`,
    );
  },
);

behaviour(
  'an event without a time has that of its publication, to the second',
  { source: page, covers: ['events:PutEvents'] },
  async (aws) => {
    const to = await pipe(aws);
    await publish(aws, { EventBusName: to.bus });
    const [event] = await bodies(aws, to.inbox);
    expect(event).toMatchObject({ time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/), resources: [] });
  },
);

behaviour(
  'entries fail one by one, the answer is in the order of the request, and the others are delivered',
  { source: page, covers: ['events:PutEvents'] },
  async (aws) => {
    const to = await pipe(aws);
    const entry = (more: object) => ({ Source: 'contract', DetailType: 'counted', EventBusName: to.bus, ...more });
    const { Entries, FailedEntryCount } = await aws.events.send(
      new PutEventsCommand({
        Entries: [entry({ Detail: '{"n":1}' }), entry({ Detail: 'nonsense' }), entry({ Detail: '{"n":3}' })],
      }),
    );
    expect(FailedEntryCount).toBe(1);
    expect(Entries).toEqual([
      { EventId: expect.any(String) },
      { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' },
      { EventId: expect.any(String) },
    ]);
    const arrived = await bodies(aws, to.inbox, 2);
    expect(arrived.map(({ detail }) => detail.n).sort()).toEqual([1, 3]);
  },
);

for (const member of ['Source', 'DetailType', 'Detail'] as const) {
  behaviour(
    `an entry without ${member} fails, with status 200`,
    { source: recorded, covers: ['events:PutEvents'] },
    async (aws) => {
      const { Entries, FailedEntryCount } = await publish(aws, { [member]: undefined });
      expect(FailedEntryCount).toBe(1);
      expect(Entries).toEqual([
        {
          ErrorCode: 'InvalidArgument',
          ErrorMessage: `Parameter ${member} is not valid. Reason: ${member} is a required argument.`,
        },
      ]);
    },
  );
}

for (const [what, Detail] of [
  ['a text', '"text"'],
  ['a list', '[{"n":1}]'],
  ['no JSON', '{"n":'],
  ['an object within a text', JSON.stringify('{"n":1}')],
] as const) {
  behaviour(
    `a detail that is ${what} is malformed: only an object is none`,
    { source: recorded, covers: ['events:PutEvents'] },
    async (aws) => {
      const { Entries } = await publish(aws, { Detail });
      expect(Entries).toEqual([{ ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' }]);
    },
  );
}

behaviour(
  'no account may publish under a source of AWS',
  {
    source: 'https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsResultEntry.html',
    covers: ['events:PutEvents'],
  },
  async (aws) => {
    const { Entries, FailedEntryCount } = await publish(aws, { Source: 'aws.s3' });
    expect([FailedEntryCount, Entries![0]!.ErrorCode]).toEqual([1, 'NotAuthorizedForSourceException']);
  },
);

behaviour(
  'a detail type is at most 128 characters long',
  {
    source: 'https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsResultEntry.html',
    covers: ['events:PutEvents'],
  },
  async (aws) => {
    expect((await publish(aws, { DetailType: 't'.repeat(128) })).FailedEntryCount).toBe(0);
    expect((await publish(aws, { DetailType: 't'.repeat(129) })).Entries![0]!.ErrorCode).toBe('InvalidArgument');
  },
);

behaviour(
  'ten entries are the most; eleven are refused as a whole, each of them repeated in the message',
  { source: recorded, covers: ['events:PutEvents'] },
  async (aws) => {
    const entry: PutEventsRequestEntry = { Source: 's', DetailType: 't', Detail: '{"n":1}' };
    const ten = Array.from({ length: 10 }, () => entry);
    expect((await aws.events.send(new PutEventsCommand({ Entries: ten }))).Entries).toHaveLength(10);
    const shown =
      'PutEventsRequestEntry(time=null, source=s, resources=null, detailType=t, detail={"n":1}, eventBusName=null, traceHeader=null, kmsKeyIdentifier=null, internalMetadata=null)';
    await refused(
      aws.events.send(new PutEventsCommand({ Entries: [...ten, entry] })),
      'ValidationException',
      `1 validation error detected: Value '[${[...ten, entry].map(() => shown).join(', ')}]' at 'entries' failed to satisfy constraint: Member must have length less than or equal to 10`,
    );
    await refused(
      aws.events.send(new PutEventsCommand({ Entries: [] })),
      'ValidationException',
      /greater than or equal to 1$/,
    );
  },
);

behaviour(
  'a request of more than 1 MB is refused as a whole; the size counts source, type, detail, resources, and 14 bytes for a time',
  { source: sizes, covers: ['events:PutEvents'] },
  async (aws) => {
    const most = 1_048_576;
    const detail = (bytes: number) => `{"a":"${'b'.repeat(bytes - 8)}"}`;
    const fits = { Source: 'é', DetailType: 't', Resources: ['r'], Detail: detail(most - 4) };
    expect((await publish(aws, fits)).FailedEntryCount).toBe(0);
    const message = 'Total size of the entries in the request is over the limit.';
    await refused(publish(aws, { ...fits, Resources: ['r2'] }), 'ValidationException', message);
    await refused(publish(aws, { ...fits, Time: new Date() }), 'ValidationException', message);
  },
);

behaviour(
  'an event for a bus that does not exist gets an id, and is gone',
  { source: recorded, covers: ['events:PutEvents'] },
  async (aws) => {
    const { Entries, FailedEntryCount } = await publish(aws, { EventBusName: aws.name('nowhere') });
    expect([FailedEntryCount, Entries]).toEqual([0, [{ EventId: expect.any(String) }]]);
  },
);

behaviour('a bus may be named by its ARN', { source: page, covers: ['events:PutEvents'] }, async (aws) => {
  const to = await pipe(aws);
  await publish(aws, { EventBusName: busArn(aws, to.bus) });
  expect(await bodies(aws, to.inbox)).toMatchObject([{ detail: { n: 1 } }]);
});

behaviour(
  'the same event published twice is two events with two ids',
  {
    source: 'https://docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html',
    covers: ['events:PutEvents'],
  },
  async (aws) => {
    const EventBusName = await bus(aws);
    const ids = [await publish(aws, { EventBusName }), await publish(aws, { EventBusName })].map(
      ({ Entries }) => Entries![0]!.EventId,
    );
    expect(new Set(ids).size).toBe(2);
  },
);

behaviour(
  'a detail travels as its publisher wrote it: neither large numbers nor the order of keys change',
  {
    source: 'https://docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html',
    covers: ['events:PutEvents'],
    notRemote: 'AWS does not say whether it keeps numbers beyond what a double holds',
  },
  async (aws) => {
    const to = await pipe(aws);
    await publish(aws, { EventBusName: to.bus, Detail: '{"b":12345678901234567890,"a":1.0}' });
    const [message] = await messages(aws, to.inbox);
    expect(message!.Body).toContain('"detail":{"b":12345678901234567890,"a":1.0}}');
  },
);

behaviour(
  'a trace header goes on to the queue as its system attribute',
  {
    source: 'https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsRequestEntry.html',
    covers: ['events:PutEvents'],
  },
  async (aws) => {
    const to = await pipe(aws);
    const TraceHeader = 'Root=1-5f84c7a1-0123456789abcdef01234567;Parent=0123456789abcdef;Sampled=1';
    await publish(aws, { EventBusName: to.bus, TraceHeader });
    const [message] = await messages(aws, to.inbox);
    expect(message!.Attributes!.AWSTraceHeader).toContain('Root=1-5f84c7a1-0123456789abcdef01234567');
  },
);
