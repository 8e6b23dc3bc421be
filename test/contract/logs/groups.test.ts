import {
  CreateLogGroupCommand,
  type CreateLogGroupCommandInput,
  DeleteLogGroupCommand,
  DeleteLogStreamCommand,
  DeleteRetentionPolicyCommand,
  DescribeLogGroupsCommand,
  type DescribeLogGroupsCommandInput,
  PutLogGroupDeletionProtectionCommand,
  PutRetentionPolicyCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { expect } from 'vitest';
import { type Aws, behaviour, refused } from '../contract.ts';
import { givenRole } from '../sts/given.ts';
import { api, captured, described, group, groupArn, lines, logsAs, stream } from './given.ts';

const recorded = captured('ingestion');
const missing = 'The specified log group does not exist.';

const list = (aws: Aws, input: DescribeLogGroupsCommandInput) => aws.logs.send(new DescribeLogGroupsCommand(input));
const retain = (aws: Aws, logGroupName: string, retentionInDays: number) =>
  aws.logs.send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays }));
const forget = (aws: Aws, logGroupName: string) => aws.logs.send(new DeleteRetentionPolicyCommand({ logGroupName }));
const remove = (aws: Aws, logGroupName: string) => aws.logs.send(new DeleteLogGroupCommand({ logGroupName }));
const protect = (aws: Aws, logGroupIdentifier: string, deletionProtectionEnabled?: boolean) =>
  aws.logs.send(new PutLogGroupDeletionProtectionCommand({ logGroupIdentifier, deletionProtectionEnabled }));

behaviour(
  'a new group keeps its lines for ever, and tells both its ARNs',
  { source: recorded, covers: ['logs:CreateLogGroup', 'logs:DescribeLogGroups'] },
  async (aws) => {
    const logGroupName = await group(aws);
    const told = await described(aws, logGroupName);
    expect(told).toMatchObject({
      logGroupName,
      creationTime: expect.any(Number),
      metricFilterCount: 0,
      arn: `${groupArn(aws, logGroupName)}:*`,
      logGroupArn: groupArn(aws, logGroupName),
      storedBytes: 0,
      logGroupClass: 'STANDARD',
      deletionProtectionEnabled: false,
    });
    expect(told).not.toHaveProperty('retentionInDays');
  },
);

behaviour(
  'a group exists once',
  { source: recorded, covers: ['logs:CreateLogGroup!ResourceAlreadyExistsException'] },
  async (aws) => {
    const logGroupName = await group(aws);
    await refused(
      aws.logs.send(new CreateLogGroupCommand({ logGroupName })),
      'ResourceAlreadyExistsException',
      'The specified log group already exists',
    );
  },
);

behaviour(
  'the name of a group has 1 to 512 letters, digits and some signs',
  {
    source: api('CreateLogGroup'),
    covers: [
      'logs:CreateLogGroup!InvalidParameterException',
      'logs:DeleteLogGroup!InvalidParameterException',
      'logs:PutRetentionPolicy!InvalidParameterException',
      'logs:DeleteRetentionPolicy!InvalidParameterException',
      'logs:PutLogGroupDeletionProtection!InvalidParameterException',
    ],
  },
  async (aws) => {
    const create = (logGroupName: string, more: Partial<CreateLogGroupCommandInput> = {}) =>
      group(aws, { logGroupName, ...more });
    const error = 'InvalidParameterException';
    await create('a'.repeat(500) + aws.name('b').slice(-9));
    for (const name of ['', 'a b', 'a:b', 'a'.repeat(513)]) await refused(create(name), error);
    await refused(remove(aws, 'a b'), error);
    await refused(retain(aws, 'a b', 1), error);
    await refused(forget(aws, 'a b'), error);
    await refused(protect(aws, 'a b', true), error);
  },
);

behaviour(
  'a group is found by the beginning of its name, or by any part of it whatever the case',
  { source: api('DescribeLogGroups'), covers: ['logs:DescribeLogGroups'] },
  async (aws) => {
    const word = aws.name('Word');
    const [b, a] = [await group(aws, { logGroupName: `${word}/b` }), await group(aws, { logGroupName: `${word}/a` })];
    const names = async (input: DescribeLogGroupsCommandInput) =>
      (await list(aws, input)).logGroups!.map(({ logGroupName }) => logGroupName);
    expect(await names({ logGroupNamePrefix: word })).toEqual([a, b]);
    expect(await names({ logGroupNamePrefix: word.toLowerCase() })).toEqual([]);
    expect(await names({ logGroupNamePattern: `${word.slice(1).toUpperCase()}/A` })).toEqual([a]);
  },
);

behaviour(
  'groups are told by pages',
  {
    source: api('DescribeLogGroups'),
    covers: ['logs:DescribeLogGroups', 'logs:DescribeLogGroups!InvalidParameterException'],
  },
  async (aws) => {
    const logGroupNamePrefix = aws.name('page');
    for (const end of ['a', 'b', 'c']) await group(aws, { logGroupName: `${logGroupNamePrefix}${end}` });
    const first = await list(aws, { logGroupNamePrefix, limit: 2 });
    const second = await list(aws, { logGroupNamePrefix, limit: 2, nextToken: first.nextToken });
    const ends = [first, second].map(({ logGroups }) => logGroups!.map(({ logGroupName }) => logGroupName!.slice(-1)));
    expect(ends).toEqual([['a', 'b'], ['c']]);
    expect(second.nextToken).toBeUndefined();
    const error = 'InvalidParameterException';
    await refused(list(aws, { limit: 51 }), error);
    await refused(list(aws, { limit: 0 }), error);
    await refused(list(aws, { nextToken: 'nonsense' }), error);
    await refused(list(aws, { logGroupNamePrefix: 'a', logGroupNamePattern: 'a' }), error);
  },
);

behaviour(
  'a group that is deleted is gone with its streams',
  { source: recorded, covers: ['logs:DeleteLogGroup', 'logs:DeleteLogGroup!ResourceNotFoundException'] },
  async (aws) => {
    const logGroupName = await group(aws);
    await stream(aws, logGroupName, 'one');
    await remove(aws, logGroupName);
    await refused(stream(aws, logGroupName, 'two'), 'ResourceNotFoundException', missing);
    await refused(remove(aws, logGroupName), 'ResourceNotFoundException', missing);
    // One may be made anew under the name, and knows nothing of the old.
    await group(aws, { logGroupName });
    await stream(aws, logGroupName, 'one');
  },
);

behaviour(
  'retention is set, told and taken away, and may be taken away twice',
  { source: recorded, covers: ['logs:PutRetentionPolicy', 'logs:DeleteRetentionPolicy', 'logs:DescribeLogGroups'] },
  async (aws) => {
    const name = await group(aws);
    await retain(aws, name, 14);
    expect((await described(aws, name)).retentionInDays).toBe(14);
    for (const _ of ['once', 'twice']) await forget(aws, name);
    expect(await described(aws, name)).not.toHaveProperty('retentionInDays');
  },
);

behaviour(
  'retention is one of a list of days, of a group that exists',
  {
    source: api('PutRetentionPolicy'),
    covers: [
      'logs:PutRetentionPolicy!InvalidParameterException',
      'logs:PutRetentionPolicy!ResourceNotFoundException',
      'logs:DeleteRetentionPolicy!ResourceNotFoundException',
    ],
  },
  async (aws) => {
    const name = await group(aws);
    for (const days of [0, 2, 4000]) await refused(retain(aws, name, days), 'InvalidParameterException');
    await refused(retain(aws, aws.name('nobody'), 1), 'ResourceNotFoundException', missing);
    await refused(forget(aws, aws.name('nobody')), 'ResourceNotFoundException', missing);
  },
);

behaviour(
  'lines are gone when their retention is over',
  { source: api('PutRetentionPolicy'), covers: ['logs:PutRetentionPolicy'], notRemote: 'it takes days' },
  async (aws) => {
    const { logGroupName, put, get, line } = await lines(aws);
    await put([line('old')]);
    await retain(aws, logGroupName, 3);
    await aws.pass(2 * 86_400_000);
    await put([line('new', 2 * 86_400_000)]);
    expect((await get()).events).toHaveLength(2);
    await aws.pass(86_400_000 + 1000);
    expect((await get()).events).toMatchObject([{ message: 'new' }]);
    expect((await described(aws, logGroupName)).storedBytes).toBe(3 + 26);
  },
);

behaviour(
  'a protected group is not deleted, nor is a stream of it',
  {
    source: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/protecting-log-groups-from-deletion.html',
    covers: [
      'logs:PutLogGroupDeletionProtection',
      'logs:DeleteLogGroup!ValidationException',
      'logs:DeleteLogStream!ValidationException',
    ],
  },
  async (aws) => {
    const logGroupName = await group(aws, { deletionProtectionEnabled: true });
    aws.afterwards(() => protect(aws, logGroupName, false));
    await stream(aws, logGroupName, 'one');
    expect((await described(aws, logGroupName)).deletionProtectionEnabled).toBe(true);
    await refused(remove(aws, logGroupName), 'ValidationException', /deletion protection enabled/);
    const removeStream = new DeleteLogStreamCommand({ logGroupName, logStreamName: 'one' });
    await refused(aws.logs.send(removeStream), 'ValidationException', /deletion protection enabled/);
    await protect(aws, groupArn(aws, logGroupName), false);
    await aws.logs.send(removeStream);
  },
);

behaviour(
  'protection is for a group that exists, on or off, and for who may give it',
  {
    source: api('PutLogGroupDeletionProtection'),
    covers: [
      'logs:PutLogGroupDeletionProtection!ResourceNotFoundException',
      'logs:PutLogGroupDeletionProtection!InvalidParameterException',
      'logs:PutLogGroupDeletionProtection!AccessDeniedException',
    ],
  },
  async (aws) => {
    const logGroupName = await group(aws);
    await refused(protect(aws, aws.name('nobody'), true), 'ResourceNotFoundException', missing);
    await refused(protect(aws, logGroupName), 'InvalidParameterException');
    const { Credentials: keys } = await (await givenRole(aws)).assume();
    const poor = logsAs(aws, {
      accessKeyId: keys!.AccessKeyId!,
      secretAccessKey: keys!.SecretAccessKey!,
      sessionToken: keys!.SessionToken!,
    });
    await refused(
      poor.send(
        new PutLogGroupDeletionProtectionCommand({ logGroupIdentifier: logGroupName, deletionProtectionEnabled: true }),
      ),
      'AccessDeniedException',
      /is not authorized to perform: logs:PutLogGroupDeletionProtection/,
    );
  },
);
