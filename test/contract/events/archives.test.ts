import {
  CreateArchiveCommand,
  DeleteArchiveCommand,
  DescribeArchiveCommand,
  ListArchivesCommand,
  UpdateArchiveCommand,
} from '@aws-sdk/client-eventbridge';
import { expect } from 'vitest';
import { behaviour, refused } from '../contract.ts';
import { archive, bus, busArn, publish } from './given.ts';

const api = (action: string) => `https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_${action}.html`;
const recorded =
  'https://github.com/localstack/localstack/blob/main/tests/aws/services/events/test_archive_and_replay.snapshot.json';
const EventPattern = '{"source":["contract"]}';

behaviour(
  'an archive is made, listed, described, changed and deleted',
  {
    source: recorded,
    covers: [
      'events:CreateArchive',
      'events:DescribeArchive',
      'events:ListArchives',
      'events:UpdateArchive',
      'events:DeleteArchive',
    ],
  },
  async (aws) => {
    const EventSourceArn = busArn(aws, await bus(aws));
    const ArchiveName = aws.name('archive');
    const ArchiveArn = `arn:aws:events:${aws.region}:${aws.account}:archive/${ArchiveName}`;
    const create = { ArchiveName, EventSourceArn, EventPattern, RetentionDays: 1, Description: 'all' };
    const { $metadata: _, ...created } = await aws.events.send(new CreateArchiveCommand(create));
    expect(created).toEqual({ ArchiveArn, State: expect.any(String), CreationTime: expect.any(Date) });
    await aws.pass(2000);
    const listed = {
      ArchiveName,
      EventSourceArn,
      State: 'ENABLED',
      RetentionDays: 1,
      SizeBytes: 0,
      EventCount: 0,
      CreationTime: created.CreationTime,
    };
    expect((await aws.events.send(new ListArchivesCommand({ NamePrefix: ArchiveName }))).Archives).toEqual([listed]);
    const describe = async () => {
      const { $metadata, ...described } = await aws.events.send(new DescribeArchiveCommand({ ArchiveName }));
      return described;
    };
    expect(await describe()).toEqual({ ...listed, ArchiveArn, EventPattern, Description: 'all' });
    await aws.events.send(
      new UpdateArchiveCommand({ ArchiveName, RetentionDays: 2, Description: 'more', EventPattern }),
    );
    expect(await describe()).toMatchObject({ RetentionDays: 2, Description: 'more', EventPattern });
    await aws.events.send(new DeleteArchiveCommand({ ArchiveName }));
    expect((await aws.events.send(new ListArchivesCommand({ NamePrefix: ArchiveName }))).Archives).toEqual([]);
  },
);

behaviour(
  'a name is taken once',
  { source: recorded, covers: ['events:CreateArchive!ResourceAlreadyExistsException'] },
  async (aws) => {
    const busName = await bus(aws);
    const { name: ArchiveName } = await archive(aws, busName);
    await refused(
      aws.events.send(new CreateArchiveCommand({ ArchiveName, EventSourceArn: busArn(aws, busName) })),
      'ResourceAlreadyExistsException',
      `Archive ${ArchiveName} already exists.`,
    );
  },
);

behaviour(
  'an archive is of a bus that exists, and is listed by one that exists',
  {
    source: recorded,
    covers: ['events:CreateArchive!ResourceNotFoundException', 'events:ListArchives!ResourceNotFoundException'],
  },
  async (aws) => {
    const nowhere = aws.name('nowhere');
    const EventSourceArn = busArn(aws, nowhere);
    const message = `Event bus ${nowhere} does not exist.`;
    await refused(
      aws.events.send(new CreateArchiveCommand({ ArchiveName: aws.name('archive'), EventSourceArn })),
      'ResourceNotFoundException',
      message,
    );
    await refused(aws.events.send(new ListArchivesCommand({ EventSourceArn })), 'ResourceNotFoundException', message);
  },
);

behaviour(
  'an archive that does not exist is not found',
  {
    source: recorded,
    covers: ['events:DescribeArchive!ResourceNotFoundException', 'events:DeleteArchive!ResourceNotFoundException'],
  },
  async (aws) => {
    const ArchiveName = aws.name('none');
    for (const call of [
      aws.events.send(new DescribeArchiveCommand({ ArchiveName })),
      aws.events.send(new DeleteArchiveCommand({ ArchiveName })),
    ]) {
      await refused(call, 'ResourceNotFoundException', `Archive ${ArchiveName} does not exist.`);
    }
  },
);

behaviour(
  'an archive that does not exist cannot be changed',
  {
    source: api('UpdateArchive'),
    covers: ['events:UpdateArchive!ResourceNotFoundException'],
    notRemote: 'AWS was recorded to answer InternalException instead (2024)',
  },
  (aws) =>
    refused(
      aws.events.send(new UpdateArchiveCommand({ ArchiveName: 'none', RetentionDays: 1 })),
      'ResourceNotFoundException',
      'Archive none does not exist.',
    ),
);

behaviour(
  'an archive cannot be given a pattern that is none',
  { source: api('UpdateArchive'), covers: ['events:UpdateArchive!InvalidEventPatternException'] },
  async (aws) => {
    const { name: ArchiveName } = await archive(aws, await bus(aws), { EventPattern });
    await refused(
      aws.events.send(new UpdateArchiveCommand({ ArchiveName, EventPattern: '{"source":[]}' })),
      'InvalidEventPatternException',
    );
    const kept = await aws.events.send(new DescribeArchiveCommand({ ArchiveName }));
    expect(kept.EventPattern).toBe(EventPattern);
  },
);

behaviour(
  'archives are listed by name, by bus, and in pages',
  { source: recorded, covers: ['events:ListArchives'] },
  async (aws) => {
    const [one, other] = [await bus(aws), await bus(aws)];
    const names = [await archive(aws, one), await archive(aws, one), await archive(aws, other)].map(({ name }) => name);
    const list = { EventSourceArn: busArn(aws, one) };
    await aws.pass(2000);
    const first = await aws.events.send(new ListArchivesCommand({ EventSourceArn: list.EventSourceArn, Limit: 1 }));
    const { NextToken } = first;
    const { Archives, ...rest } = await aws.events.send(
      new ListArchivesCommand({ EventSourceArn: list.EventSourceArn, Limit: 1, NextToken }),
    );
    expect([...first.Archives!, ...Archives!].map(({ ArchiveName }) => ArchiveName).sort()).toEqual(
      names.slice(0, 2).sort(),
    );
    expect(rest.NextToken).toBeUndefined();
  },
);

behaviour(
  'an archive counts what it holds: what its pattern takes, some minutes after it came, and not beyond its retention',
  {
    source: 'https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-archive.html',
    covers: ['events:DescribeArchive', 'events:CreateArchive'],
    notRemote: 'AWS refreshes the counts within a day, and a retention is a day at least',
  },
  async (aws) => {
    const EventBusName = await bus(aws);
    const { name: ArchiveName } = await archive(aws, EventBusName, { EventPattern, RetentionDays: 1 });
    await publish(aws, { EventBusName });
    await publish(aws, { EventBusName, Source: 'other' });
    const count = async () => (await aws.events.send(new DescribeArchiveCommand({ ArchiveName }))).EventCount;
    await aws.pass(600_000);
    expect(await count()).toBe(1);
    await aws.pass(86_400_000);
    expect(await count()).toBe(0);
  },
);
