import {
  CancelReplayCommand,
  DeleteArchiveCommand,
  DescribeReplayCommand,
  ListReplaysCommand,
  StartReplayCommand,
  type StartReplayCommandInput,
} from '@aws-sdk/client-eventbridge';
import { expect } from 'vitest';
import { type Aws, behaviour, refused } from '../contract.ts';
import { archive, bodies, bus, busArn, captured, messages, pipe, publish, queue, rule } from './given.ts';

const guide = 'https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-archive.html';
const api = (action: string) => `https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_${action}.html`;
const recorded =
  'https://github.com/localstack/localstack/blob/main/tests/aws/services/events/test_archive_and_replay.snapshot.json';

/** AWS asks to wait so long before a replay. */
const ARCHIVED = 600_000;
/** By then a replay of a few events has ended. */
const REPLAYED = 300_000;

const START = new Date('2026-01-04T00:00:00Z');
const END = new Date('2026-01-05T00:00:00Z');
const during = (minute: number, second = 0) => new Date(START.getTime() + 60_000 * minute + 1000 * second);

/** A bus with a queue that receives everything, an archive, and how to replay. */
async function given(aws: Aws) {
  const to = await pipe(aws);
  const archived = await archive(aws, to.bus);
  const start = async (more: Partial<StartReplayCommandInput> = {}) => {
    const ReplayName = more.ReplayName ?? aws.name('replay');
    const { $metadata: _, ...answer } = await aws.events.send(
      new StartReplayCommand({
        ReplayName,
        EventSourceArn: archived.arn,
        EventStartTime: START,
        EventEndTime: END,
        Destination: { Arn: busArn(aws, to.bus) },
        ...more,
      }),
    );
    return { name: ReplayName, answer };
  };
  const describe = (ReplayName: string) => aws.events.send(new DescribeReplayCommand({ ReplayName }));
  return { ...to, archive: archived, start, describe };
}

behaviour(
  'a replay sends what was archived again: marked with its name, under new ids, at the time it first had',
  {
    source: captured('replays'),
    covers: ['events:StartReplay', 'events:DescribeReplay', 'events:ListReplays'],
    notRemote: 'it takes a quarter of an hour',
  },
  async (aws) => {
    const { bus: EventBusName, inbox, archive: from, start, describe } = await given(aws);
    const { Entries } = await publish(aws, { EventBusName, Time: during(1), Resources: ['r'] });
    await messages(aws, inbox);
    await aws.pass(ARCHIVED);
    const { name, answer } = await start({ Description: 'again' });
    const ReplayArn = `arn:aws:events:${aws.region}:${aws.account}:replay/${name}`;
    expect(answer).toEqual({ ReplayArn, State: 'STARTING', ReplayStartTime: expect.any(Date) });
    await aws.pass(REPLAYED);
    const [event] = await bodies(aws, inbox);
    expect(event).toMatchObject({
      'replay-name': name,
      'detail-type': 'counted',
      source: 'contract',
      account: aws.account,
      region: aws.region,
      time: '2026-01-04T00:01:00Z',
      resources: ['r'],
      detail: { n: 1 },
    });
    expect(event.id).not.toBe(Entries![0]!.EventId);
    const { $metadata: _, ...described } = await describe(name);
    const { Destination, Description, ReplayArn: arn, ...listed } = described;
    expect([Destination, Description, arn]).toEqual([{ Arn: busArn(aws, EventBusName) }, 'again', ReplayArn]);
    expect(listed).toEqual({
      ReplayName: name,
      EventSourceArn: from.arn,
      State: 'COMPLETED',
      EventStartTime: START,
      EventEndTime: END,
      ReplayStartTime: answer.ReplayStartTime,
      ReplayEndTime: expect.any(Date),
      EventLastReplayedTime: during(1),
    });
    expect((await aws.events.send(new ListReplaysCommand({ NamePrefix: name }))).Replays).toEqual([listed]);
  },
);

behaviour(
  'a replay takes the events whose own time is in its range: the start is in it, the end is not',
  { source: captured('replays'), covers: ['events:StartReplay'], notRemote: 'it takes a quarter of an hour' },
  async (aws) => {
    const { bus: EventBusName, inbox, start } = await given(aws);
    const times = [new Date(START.getTime() - 1000), START, during(1), new Date(END.getTime() - 1000), END];
    for (const [n, Time] of times.entries()) await publish(aws, { EventBusName, Time, Detail: JSON.stringify({ n }) });
    await messages(aws, inbox, 5);
    await aws.pass(ARCHIVED);
    await start();
    await aws.pass(REPLAYED);
    expect((await bodies(aws, inbox, 4)).map(({ detail }) => detail.n).sort()).toEqual([1, 2, 3]);
  },
);

behaviour(
  'events go out minute by minute of their own time, within a minute in any order',
  { source: guide, covers: ['events:StartReplay'], notRemote: 'deliveries overtake each other there' },
  async (aws) => {
    const { bus: EventBusName, inbox, start } = await given(aws);
    for (let n = 0; n < 10; n++)
      await publish(aws, { EventBusName, Time: during(n < 5 ? 2 : 1, n), Detail: JSON.stringify({ n }) });
    await messages(aws, inbox, 10);
    await aws.pass(ARCHIVED);
    await start();
    await aws.pass(REPLAYED);
    const replayed = (await bodies(aws, inbox, 10)).map(({ detail }) => detail.n);
    expect(replayed.slice(0, 5).sort()).toEqual([5, 6, 7, 8, 9]);
    expect(replayed).not.toEqual([5, 6, 7, 8, 9, 0, 1, 2, 3, 4]);
  },
);

behaviour(
  'an event may reach the archive late: a replay that does not wait ten minutes may miss it',
  { source: guide, covers: ['events:StartReplay'], notRemote: 'it may also be there in time' },
  async (aws) => {
    const { bus: EventBusName, inbox, start } = await given(aws);
    for (let n = 0; n < 20; n++) await publish(aws, { EventBusName, Time: during(n) });
    await messages(aws, inbox, 20);
    const replayed = async () => {
      await start();
      await aws.pass(60_000);
      return (await messages(aws, inbox, 20)).length;
    };
    expect(await replayed()).toBeLessThan(20);
    await aws.pass(ARCHIVED);
    expect(await replayed()).toBe(20);
  },
);

behaviour(
  'a replay goes to the rules that it names, or to all; and not to those that want no replays',
  { source: api('ReplayDestination'), covers: ['events:StartReplay'], notRemote: 'it takes a quarter of an hour' },
  async (aws) => {
    const { bus: EventBusName, inbox, ruleArn, start } = await given(aws);
    const [other, live] = [await queue(aws), await queue(aws)];
    await rule(aws, EventBusName, { targets: [{ Id: 't', Arn: other.arn }] });
    const pattern = { 'replay-name': [{ exists: false }] };
    await rule(aws, EventBusName, { pattern, targets: [{ Id: 't', Arn: live.arn }] });
    await publish(aws, { EventBusName, Time: during(1) });
    for (const each of [inbox, other, live]) expect(await messages(aws, each)).toHaveLength(1);
    await aws.pass(ARCHIVED);
    await start({ Destination: { Arn: busArn(aws, EventBusName), FilterArns: [ruleArn] } });
    await aws.pass(REPLAYED);
    expect(await messages(aws, inbox)).toHaveLength(1);
    expect(await messages(aws, other)).toEqual([]);
    await start();
    await aws.pass(REPLAYED);
    expect(await messages(aws, other)).toHaveLength(1);
    expect(await messages(aws, live)).toEqual([]);
  },
);

behaviour(
  'what is replayed is not archived again',
  { source: captured('replays'), covers: ['events:StartReplay'], notRemote: 'it takes half an hour' },
  async (aws) => {
    const { bus: EventBusName, inbox, start } = await given(aws);
    await publish(aws, { EventBusName, Time: during(1) });
    await messages(aws, inbox);
    for (const _ of [1, 2]) {
      await aws.pass(ARCHIVED);
      await start();
      await aws.pass(REPLAYED);
      expect(await messages(aws, inbox, 2)).toHaveLength(1);
    }
  },
);

behaviour(
  'a replay that is cancelled sends no more, and cannot be cancelled again',
  {
    source: recorded,
    covers: ['events:CancelReplay', 'events:CancelReplay!IllegalStatusException'],
    notRemote: 'whether a replay is over before it is cancelled is chance',
  },
  async (aws) => {
    const { bus: EventBusName, inbox, start, describe } = await given(aws);
    await publish(aws, { EventBusName, Time: during(1) });
    await messages(aws, inbox);
    await aws.pass(ARCHIVED);
    const { name: ReplayName } = await start();
    const { ReplayArn, State } = await aws.events.send(new CancelReplayCommand({ ReplayName }));
    expect([ReplayArn, State]).toEqual([(await describe(ReplayName)).ReplayArn, 'CANCELLING']);
    await aws.pass(REPLAYED);
    expect((await describe(ReplayName)).State).toBe('CANCELLED');
    expect(await messages(aws, inbox)).toEqual([]);
    await refused(
      aws.events.send(new CancelReplayCommand({ ReplayName })),
      'IllegalStatusException',
      `Replay ${ReplayName} is not in a valid state for this operation.`,
    );
  },
);

behaviour(
  'a replay whose archive is deleted before it begins fails',
  {
    source: captured('replays'),
    covers: ['events:StartReplay', 'events:DeleteArchive'],
    notRemote: 'the replay has to begin later than the deletion',
  },
  async (aws) => {
    const { archive: from, start, describe } = await given(aws);
    const { name } = await start();
    await aws.events.send(new DeleteArchiveCommand({ ArchiveName: from.name }));
    await aws.pass(REPLAYED);
    expect(await describe(name)).toMatchObject({ State: 'FAILED', StateReason: 'Archive resource not found.' });
  },
);

behaviour(
  'a replay is refused from an archive that does not exist, to a bus that does not exist, and to any but its own',
  { source: recorded, covers: ['events:StartReplay', 'events:StartReplay!ResourceNotFoundException'] },
  async (aws) => {
    const { start, archive: from } = await given(aws);
    const none = aws.name('none');
    await refused(
      start({ EventSourceArn: from.arn.replace(from.name, none) }),
      'ValidationException',
      `Parameter EventSourceArn is not valid. Reason: Archive ${none} does not exist.`,
    );
    await refused(
      start({ Destination: { Arn: busArn(aws, none) } }),
      'ResourceNotFoundException',
      `Event bus ${none} does not exist.`,
    );
    await refused(
      start({ Destination: { Arn: busArn(aws, await bus(aws)) } }),
      'ValidationException',
      'Parameter Destination.Arn is not valid. Reason: Cross event bus replay is not permitted.',
    );
  },
);

behaviour('a replay ends later than it begins', { source: recorded, covers: ['events:StartReplay'] }, async (aws) => {
  const { start } = await given(aws);
  const message = 'Parameter EventEndTime is not valid. Reason: EventStartTime must be before EventEndTime.';
  await refused(start({ EventEndTime: START }), 'ValidationException', message);
  await refused(start({ EventEndTime: new Date(0) }), 'ValidationException', message);
});

behaviour(
  'the name of a replay is taken for good',
  { source: recorded, covers: ['events:StartReplay!ResourceAlreadyExistsException'] },
  async (aws) => {
    const { start } = await given(aws);
    const { name: ReplayName } = await start();
    await refused(start({ ReplayName }), 'ResourceAlreadyExistsException', `Replay ${ReplayName} already exists.`);
  },
);

behaviour(
  'ten replays may run at once',
  {
    source: 'https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html',
    covers: ['events:StartReplay!LimitExceededException'],
    notRemote: 'the quota may be raised, and there is no way to delete replays',
  },
  async (aws) => {
    const { start } = await given(aws);
    for (let n = 0; n < 10; n++) await start();
    await refused(start(), 'LimitExceededException', 'The requested resource exceeds the maximum number allowed.');
    await aws.pass(REPLAYED);
    await start();
  },
);

behaviour(
  'a replay that does not exist is not found',
  {
    source: api('DescribeReplay'),
    covers: ['events:DescribeReplay!ResourceNotFoundException', 'events:CancelReplay!ResourceNotFoundException'],
  },
  async (aws) => {
    const ReplayName = aws.name('none');
    const message = `Replay ${ReplayName} does not exist.`;
    await refused(aws.events.send(new DescribeReplayCommand({ ReplayName })), 'ResourceNotFoundException', message);
    await refused(aws.events.send(new CancelReplayCommand({ ReplayName })), 'ResourceNotFoundException', message);
  },
);

behaviour(
  'replays are listed by name, archive and state, in pages',
  { source: recorded, covers: ['events:ListReplays'], notRemote: 'there is no way to delete replays' },
  async (aws) => {
    const { start, archive: from } = await given(aws);
    const names = [await start(), await start(), await start()].map(({ name }) => name);
    const list = { EventSourceArn: from.arn, Limit: 2 };
    const first = await aws.events.send(new ListReplaysCommand(list));
    const { Replays, NextToken } = await aws.events.send(
      new ListReplaysCommand({ ...list, NextToken: first.NextToken }),
    );
    expect([...first.Replays!, ...Replays!].map(({ ReplayName }) => ReplayName)).toEqual(names);
    expect(NextToken).toBeUndefined();
    await aws.pass(REPLAYED);
    expect((await aws.events.send(new ListReplaysCommand({ State: 'COMPLETED' }))).Replays).toHaveLength(3);
    expect((await aws.events.send(new ListReplaysCommand({ State: 'RUNNING' }))).Replays).toEqual([]);
  },
);
