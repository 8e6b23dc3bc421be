import {
  DeleteLogStreamCommand,
  DescribeLogStreamsCommand,
  type DescribeLogStreamsCommandInput,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { expect } from 'vitest';
import { type Aws, behaviour, refused } from '../contract.ts';
import { api, captured, described, group, groupArn, lines, slow, stream } from './given.ts';

const recorded = captured('ingestion');
const missingGroup = 'The specified log group does not exist.';
const missingStream = 'The specified log stream does not exist.';

const list = (aws: Aws, input: DescribeLogStreamsCommandInput) => aws.logs.send(new DescribeLogStreamsCommand(input));
const remove = (aws: Aws, logGroupName: string, logStreamName: string) =>
  aws.logs.send(new DeleteLogStreamCommand({ logGroupName, logStreamName }));

async function names(aws: Aws, input: DescribeLogStreamsCommandInput) {
  return (await list(aws, input)).logStreams!.map(({ logStreamName }) => logStreamName);
}

behaviour(
  'a new stream has no events, and says nothing of their times',
  { source: recorded, covers: ['logs:CreateLogStream', 'logs:DescribeLogStreams'] },
  async (aws) => {
    const logGroupName = await group(aws);
    await stream(aws, logGroupName, 'one');
    expect((await list(aws, { logGroupName })).logStreams).toEqual([
      {
        logStreamName: 'one',
        creationTime: expect.any(Number),
        arn: `${groupArn(aws, logGroupName)}:log-stream:one`,
        storedBytes: 0,
      },
    ]);
  },
);

behaviour(
  'a stream tells the times of its first and last event, and of the last that came in',
  { source: api('LogStream'), covers: ['logs:DescribeLogStreams', 'logs:PutLogEvents'], notRemote: slow },
  async (aws) => {
    const { logGroupName, at, put, line } = await lines(aws);
    await put([line('a', -2000), line('b', -1000)]);
    const [told] = (await list(aws, { logGroupName })).logStreams!;
    expect(told).toMatchObject({ firstEventTimestamp: at - 2000, lastEventTimestamp: at - 1000 });
    expect(told!.lastIngestionTime).toBeGreaterThanOrEqual(at);
    expect((await described(aws, logGroupName)).storedBytes).toBe(2 * (1 + 26));
  },
);

behaviour(
  'a stream exists once, in a group that exists',
  {
    source: recorded,
    covers: ['logs:CreateLogStream!ResourceAlreadyExistsException', 'logs:CreateLogStream!ResourceNotFoundException'],
  },
  async (aws) => {
    const logGroupName = await group(aws);
    await stream(aws, logGroupName, 'one');
    await refused(
      stream(aws, logGroupName, 'one'),
      'ResourceAlreadyExistsException',
      'The specified log stream already exists',
    );
    await refused(stream(aws, aws.name('nobody'), 'one'), 'ResourceNotFoundException', missingGroup);
  },
);

behaviour(
  'the name of a stream has 1 to 512 characters, and neither a colon nor an asterisk',
  { source: api('CreateLogStream'), covers: ['logs:CreateLogStream!InvalidParameterException'] },
  async (aws) => {
    const logGroupName = await group(aws);
    await stream(aws, logGroupName, '2026/01/01/[$LATEST]0 1');
    for (const name of ['', 'a:b', 'a*', 'a'.repeat(513)]) {
      await refused(stream(aws, logGroupName, name), 'InvalidParameterException');
    }
  },
);

behaviour(
  'streams are told by name, by the beginning of it, downwards, and by pages',
  { source: api('DescribeLogStreams'), covers: ['logs:DescribeLogStreams'] },
  async (aws) => {
    const logGroupName = await group(aws);
    for (const name of ['b1', 'a1', 'a2']) await stream(aws, logGroupName, name);
    expect(await names(aws, { logGroupName })).toEqual(['a1', 'a2', 'b1']);
    expect(await names(aws, { logGroupName, descending: true })).toEqual(['b1', 'a2', 'a1']);
    expect(await names(aws, { logGroupName, logStreamNamePrefix: 'a' })).toEqual(['a1', 'a2']);
    expect(await names(aws, { logGroupIdentifier: groupArn(aws, logGroupName) })).toEqual(['a1', 'a2', 'b1']);
    const { nextToken } = await list(aws, { logGroupName, limit: 2 });
    expect(await names(aws, { logGroupName, limit: 2, nextToken })).toEqual(['b1']);
  },
);

behaviour(
  'streams are told by their last event too',
  { source: api('DescribeLogStreams'), covers: ['logs:DescribeLogStreams'], notRemote: slow },
  async (aws) => {
    const logGroupName = await group(aws);
    const { creationTime: at } = await described(aws, logGroupName);
    for (const [name, before] of [
      ['late', 1000],
      ['early', 9000],
    ] as const) {
      await stream(aws, logGroupName, name);
      const logEvents = [{ timestamp: at! - before, message: 'x' }];
      await aws.logs.send(new PutLogEventsCommand({ logGroupName, logStreamName: name, logEvents }));
    }
    expect(await names(aws, { logGroupName, orderBy: 'LastEventTime' })).toEqual(['early', 'late']);
    expect(await names(aws, { logGroupName, orderBy: 'LastEventTime', descending: true })).toEqual(['late', 'early']);
  },
);

behaviour(
  'a list of streams makes sense, and is of a group that exists',
  {
    source: api('DescribeLogStreams'),
    covers: ['logs:DescribeLogStreams!InvalidParameterException', 'logs:DescribeLogStreams!ResourceNotFoundException'],
  },
  async (aws) => {
    const logGroupName = await group(aws);
    const error = 'InvalidParameterException';
    await refused(
      list(aws, { logGroupName, orderBy: 'LastEventTime', logStreamNamePrefix: 'a' }),
      error,
      'Cannot order by LastEventTime with a logStreamNamePrefix.',
    );
    await refused(list(aws, { logGroupName, limit: 51 }), error);
    await refused(list(aws, { logGroupName, nextToken: 'nonsense' }), error);
    await refused(list(aws, { logGroupName: aws.name('nobody') }), 'ResourceNotFoundException', missingGroup);
  },
);

behaviour(
  'a stream that is deleted is gone with its events, and cannot be deleted again',
  { source: recorded, covers: ['logs:DeleteLogStream', 'logs:DeleteLogStream!ResourceNotFoundException'] },
  async (aws) => {
    const { logGroupName, logStreamName, put, get, line } = await lines(aws);
    await put([line('x')]);
    await remove(aws, logGroupName, logStreamName);
    await refused(get(), 'ResourceNotFoundException', missingStream);
    await refused(remove(aws, logGroupName, logStreamName), 'ResourceNotFoundException', missingStream);
    await refused(remove(aws, aws.name('nobody'), logStreamName), 'ResourceNotFoundException', missingGroup);
  },
);

behaviour(
  'to delete a stream one must name a group as groups are named',
  { source: api('DeleteLogStream'), covers: ['logs:DeleteLogStream!InvalidParameterException'] },
  (aws) => refused(remove(aws, 'a b', 'x'), 'InvalidParameterException'),
);
