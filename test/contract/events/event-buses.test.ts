import {
  CreateEventBusCommand,
  DeleteEventBusCommand,
  DescribeEventBusCommand,
  ListEventBusesCommand,
  UpdateEventBusCommand,
} from '@aws-sdk/client-eventbridge';
import { expect } from 'vitest';
import { behaviour, refused } from '../contract.ts';
import { bus, busArn, captured, queue, rule } from './given.ts';

const api = (action: string) => `https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_${action}.html`;
const recorded =
  'https://github.com/localstack/localstack/blob/main/tests/aws/services/events/test_events.snapshot.json';

behaviour(
  'a bus is made, described and deleted',
  {
    source: recorded,
    covers: [
      'events:CreateEventBus',
      'events:DescribeEventBus',
      'events:DescribeEventBus!ResourceNotFoundException',
      'events:DeleteEventBus',
    ],
  },
  async (aws) => {
    const Name = aws.name('bus');
    const { EventBusArn } = await aws.events.send(new CreateEventBusCommand({ Name }));
    expect(EventBusArn).toBe(busArn(aws, Name));
    const { $metadata: _, ...described } = await aws.events.send(new DescribeEventBusCommand({ Name }));
    expect(described).toEqual({
      Name,
      Arn: EventBusArn,
      CreationTime: expect.any(Date),
      LastModifiedTime: expect.any(Date),
    });
    await aws.events.send(new DeleteEventBusCommand({ Name }));
    await refused(
      aws.events.send(new DescribeEventBusCommand({ Name })),
      'ResourceNotFoundException',
      `Event bus ${Name} does not exist.`,
    );
  },
);

behaviour(
  'every region has a default bus, which needs no name and cannot be deleted',
  { source: recorded, covers: ['events:DescribeEventBus', 'events:DeleteEventBus'] },
  async (aws) => {
    const { Name, Arn } = await aws.events.send(new DescribeEventBusCommand({}));
    expect([Name, Arn]).toEqual(['default', busArn(aws, 'default')]);
    await refused(
      aws.events.send(new DeleteEventBusCommand({ Name: 'default' })),
      'ValidationException',
      'Cannot delete event bus default.',
    );
  },
);

behaviour(
  'a name is taken once',
  { source: recorded, covers: ['events:CreateEventBus!ResourceAlreadyExistsException'] },
  async (aws) => {
    const Name = await bus(aws);
    await refused(
      aws.events.send(new CreateEventBusCommand({ Name })),
      'ResourceAlreadyExistsException',
      `Event bus ${Name} already exists.`,
    );
  },
);

behaviour(
  'a name has letters, digits, and . - _ /',
  { source: api('CreateEventBus'), covers: ['events:CreateEventBus'] },
  async (aws) => {
    await refused(
      aws.events.send(new CreateEventBusCommand({ Name: 'not this' })),
      'ValidationException',
      "1 validation error detected: Value 'not this' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: [/\\.\\-_A-Za-z0-9]+",
    );
    const Name = `partner.example/${aws.name('a-b_c')}`;
    await aws.events.send(new CreateEventBusCommand({ Name }));
    aws.afterwards(() => aws.events.send(new DeleteEventBusCommand({ Name })));
  },
);

behaviour(
  'deleting a bus that does not exist does nothing, and says so to nobody',
  { source: api('DeleteEventBus'), covers: ['events:DeleteEventBus'] },
  async (aws) => {
    await aws.events.send(new DeleteEventBusCommand({ Name: aws.name('nowhere') }));
  },
);

behaviour(
  'a bus with rules stays',
  { source: captured('control_plane'), covers: ['events:DeleteEventBus'] },
  async (aws) => {
    const Name = await bus(aws);
    await rule(aws, Name);
    await refused(
      aws.events.send(new DeleteEventBusCommand({ Name })),
      'ValidationException',
      "EventBus can't be deleted since it has rules.",
    );
  },
);

behaviour(
  'UpdateEventBus changes what it is given and leaves the rest',
  {
    source: api('UpdateEventBus'),
    covers: ['events:UpdateEventBus', 'events:UpdateEventBus!ResourceNotFoundException'],
  },
  async (aws) => {
    const [Name, failed] = [await bus(aws), await queue(aws)];
    const DeadLetterConfig = { Arn: failed.arn };
    await aws.events.send(new UpdateEventBusCommand({ Name, DeadLetterConfig, Description: 'first' }));
    const { $metadata: _, ...answered } = await aws.events.send(
      new UpdateEventBusCommand({ Name, Description: 'second' }),
    );
    expect(answered).toEqual({ Name, Arn: busArn(aws, Name), Description: 'second', DeadLetterConfig });
    expect(await aws.events.send(new DescribeEventBusCommand({ Name }))).toMatchObject({
      Description: 'second',
      DeadLetterConfig,
    });
    const nowhere = aws.name('nowhere');
    await refused(
      aws.events.send(new UpdateEventBusCommand({ Name: nowhere, Description: 'x' })),
      'ResourceNotFoundException',
      `Event bus ${nowhere} does not exist.`,
    );
  },
);

behaviour(
  'buses are listed by the beginning of their names, in pages',
  { source: recorded, covers: ['events:ListEventBuses'] },
  async (aws) => {
    const prefix = aws.name('many');
    for (const n of [1, 2, 3]) {
      const Name = `${prefix}-${n}`;
      await aws.events.send(new CreateEventBusCommand({ Name }));
      aws.afterwards(() => aws.events.send(new DeleteEventBusCommand({ Name })));
    }
    const first = await aws.events.send(new ListEventBusesCommand({ NamePrefix: prefix, Limit: 2 }));
    expect(first.EventBuses).toHaveLength(2);
    const { EventBuses, NextToken } = await aws.events.send(
      new ListEventBusesCommand({ NamePrefix: prefix, Limit: 2, NextToken: first.NextToken }),
    );
    expect(NextToken).toBeUndefined();
    expect([...first.EventBuses!, ...EventBuses!].map(({ Name }) => Name).sort()).toEqual(
      [1, 2, 3].map((n) => `${prefix}-${n}`),
    );
  },
);

behaviour(
  'an account has at most a hundred buses in a region',
  {
    source: 'https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html',
    covers: ['events:CreateEventBus!LimitExceededException'],
    notRemote: 'the quota may be raised, and other buses of the account count',
  },
  async (aws) => {
    for (let n = 1; n < 100; n++) await aws.events.send(new CreateEventBusCommand({ Name: `bus-${n}` }));
    await refused(
      aws.events.send(new CreateEventBusCommand({ Name: 'bus-100' })),
      'LimitExceededException',
      'The requested resource exceeds the maximum number allowed.',
    );
  },
);
