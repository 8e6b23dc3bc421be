import { beforeEach, describe, expect, it } from 'vitest';
import { monitoring } from '../../../localcloud/cloudwatch/index.ts';
import { kms } from '../../../localcloud/kms/index.ts';
import { logs } from '../../../localcloud/logs/index.ts';
import { type TestCloud, testCloud } from '../bench-cloud.ts';

const DAY = 86_400_000;
const GROUP = 'arn:aws:logs:eu-west-1:123456789012:log-group:/app/worker';

let bench: TestCloud;
let now: number;
const call = (action: string, input: object = {}) =>
  bench.call('logs', action, { logGroupName: '/app/worker', ...input });
const put = (logEvents: object[], logStreamName = 's1') => call('PutLogEvents', { logStreamName, logEvents });
const line = (message: string, after = 0) => ({ message, timestamp: bench.cloud.now() + after });
const read = async (more: object = {}) =>
  (await call('GetLogEvents', { logStreamName: 's1', ...more })).events.map(
    (event: { message: string }) => event.message,
  );
const filter = async (more: object = {}) =>
  (await call('FilterLogEvents', more)).events.map((event: { message: string }) => event.message);

beforeEach(async () => {
  bench = testCloud([logs, monitoring, kms]);
  now = bench.cloud.now();
  await call('CreateLogGroup');
  for (const logStreamName of ['s1', 's2']) await call('CreateLogStream', { logStreamName });
});

describe('groups and streams', () => {
  it('are described', async () => {
    await put([line('abc'), line('de', 5)]);
    await call('PutRetentionPolicy', { retentionInDays: 7 });
    const [group] = (await bench.call('logs', 'DescribeLogGroups', { logGroupNamePrefix: '/app' })).logGroups;
    expect(group).toMatchObject({ arn: `${GROUP}:*`, logGroupArn: GROUP, retentionInDays: 7, storedBytes: 57 });
    const { logStreams } = await call('DescribeLogStreams', { orderBy: 'LastEventTime', descending: true });
    expect(logStreams).toMatchObject([
      { logStreamName: 's1', firstEventTimestamp: now, lastEventTimestamp: now + 5 },
      { logStreamName: 's2' },
    ]);
  });

  it('exist once, and are missed by name', async () => {
    await expect(call('CreateLogGroup')).rejects.toMatchObject({ code: 'ResourceAlreadyExistsException' });
    await expect(call('CreateLogStream', { logStreamName: 's1' })).rejects.toMatchObject({
      code: 'ResourceAlreadyExistsException',
    });
    await expect(put([line('x')], 's3')).rejects.toMatchObject({
      code: 'ResourceNotFoundException',
      message: 'The specified log stream does not exist.',
    });
    await call('DeleteLogGroup');
    await expect(put([line('x')])).rejects.toMatchObject({ message: 'The specified log group does not exist.' });
  });

  it('carry tags', async () => {
    await bench.call('logs', 'TagResource', { resourceArn: GROUP, tags: { a: '1', b: '2' } });
    await bench.call('logs', 'UntagResource', { resourceArn: GROUP, tagKeys: ['a'] });
    expect(await bench.call('logs', 'ListTagsForResource', { resourceArn: GROUP })).toEqual({ tags: { b: '2' } });
  });

  it('take only a key that works', async () => {
    const { KeyMetadata } = await bench.call('kms', 'CreateKey');
    await call('AssociateKmsKey', { kmsKeyId: KeyMetadata.Arn });
    const [group] = (await bench.call('logs', 'DescribeLogGroups')).logGroups;
    expect(group.kmsKeyId).toBe(KeyMetadata.Arn);
    const used = bench.cloud.journal.entries.find((entry) => entry.action === 'GenerateDataKeyWithoutPlaintext');
    expect(used).toMatchObject({
      principal: 'logs.eu-west-1.amazonaws.com',
      input: { EncryptionContext: { 'aws:logs:arn': GROUP } },
    });
    await bench.call('kms', 'DisableKey', { KeyId: KeyMetadata.KeyId });
    const other = bench.call('logs', 'CreateLogGroup', { logGroupName: 'b', kmsKeyId: KeyMetadata.Arn });
    await expect(other).rejects.toMatchObject({ code: 'InvalidParameterException' });
  });
});

describe('events', () => {
  it('are read in the order of their time, whatever the order of the batches', async () => {
    await put([line('second', 10), line('third', 20)]);
    await put([line('first', 5)]);
    expect(await read()).toEqual(['first', 'second', 'third']);
    expect(await read({ startTime: now + 10, endTime: now + 20 })).toEqual(['second']);
  });

  it('are paged forwards and backwards, and a token at the end stays where it is', async () => {
    await put([0, 1, 2, 3, 4].map((n) => line(`${n}`, n)));
    const head = await call('GetLogEvents', { logStreamName: 's1', limit: 2, startFromHead: true });
    expect(head.events).toMatchObject([{ message: '0' }, { message: '1' }]);
    expect(await read({ limit: 2, nextToken: head.nextForwardToken })).toEqual(['2', '3']);
    const tail = await call('GetLogEvents', { logStreamName: 's1', limit: 2 });
    expect(tail.events).toMatchObject([{ message: '3' }, { message: '4' }]);
    expect(await read({ limit: 2, nextToken: tail.nextBackwardToken })).toEqual(['1', '2']);
    const end = await call('GetLogEvents', { logStreamName: 's1', nextToken: tail.nextForwardToken });
    expect(end).toMatchObject({ events: [], nextForwardToken: tail.nextForwardToken });
    await put([line('5', 5)]);
    expect(await read({ nextToken: tail.nextForwardToken })).toEqual(['5']);
  });

  it('that are too old or too new are left out, and told', async () => {
    const hours = (n: number) => line('x', n * 3_600_000);
    expect((await put([hours(-14 * 24 - 1), hours(-14 * 24 + 1)])).rejectedLogEventsInfo).toEqual({
      tooOldLogEventEndIndex: 1,
    });
    expect((await put([hours(1), hours(3)])).rejectedLogEventsInfo).toEqual({ tooNewLogEventStartIndex: 1 });
    await call('PutRetentionPolicy', { retentionInDays: 1 });
    expect((await put([hours(-25), hours(-23)])).rejectedLogEventsInfo).toEqual({ expiredLogEventEndIndex: 1 });
  });

  it.each([
    ['none', () => []],
    ['disorder', () => [line('a', 1), line('b', 0)]],
    ['more than a day', () => [line('a', -DAY - 1), line('b')]],
    ['too many bytes', () => [line('a'.repeat(1_048_576 - 25))]],
  ])('are refused as a batch with %s', async (_what, batch) => {
    await expect(put(batch())).rejects.toMatchObject({ code: 'InvalidParameterException' });
  });

  it('are forgotten when their retention is over, and a token still leads on', async () => {
    await put([line('old')]);
    await bench.pass(DAY / 2);
    await put([line('new')]);
    const { nextForwardToken } = await call('GetLogEvents', { logStreamName: 's1' });
    await call('PutRetentionPolicy', { retentionInDays: 1 });
    await bench.pass(DAY / 2 + 1);
    expect(await read()).toEqual(['new']);
    await put([line('newer')]);
    expect(await read({ nextToken: nextForwardToken })).toEqual(['newer']);
    await expect(call('PutRetentionPolicy', { retentionInDays: 2 })).rejects.toMatchObject({
      code: 'InvalidParameterException',
    });
  });

  it('do not fill the journal', async () => {
    const before = bench.cloud.journal.entries.length;
    await put([line('x')]);
    expect(bench.cloud.journal.entries.length).toBe(before);
  });
});

describe('filters', () => {
  beforeEach(async () => {
    await put([line('{"level":"ERROR","code":404,"at":{"stage":"pay"},"who":["ann"]}'), line('plain ERROR line', 2)]);
    await put([line('{"level":"INFO","code":200,"at":{"stage":"post"}}', 1)], 's2');
  });

  it('merge the streams by time', async () => {
    expect(await filter()).toEqual([
      expect.stringContaining('404'),
      expect.stringContaining('200'),
      'plain ERROR line',
    ]);
    expect(await filter({ logStreamNames: ['s2'] })).toHaveLength(1);
    expect(await filter({ startTime: now + 1, endTime: now + 2 })).toHaveLength(2);
    const first = await call('FilterLogEvents', { limit: 2 });
    expect(await filter({ limit: 2, nextToken: first.nextToken })).toEqual(['plain ERROR line']);
  });

  it.each([
    ['ERROR', 2],
    ['ERROR plain', 1],
    ['"ERROR line"', 1],
    ['error', 0],
    ['{ $.level = "ERROR" }', 1],
    ['{ $.level != "ERROR" }', 1],
    ['{ $.code = 404 }', 1],
    ['{ $.code = 4 }', 0],
    ['{ $.at.stage = p* }', 2],
    ['{ $.who[0] = "ann" }', 1],
    ['?plain ?404', 2],
    ['ERROR -plain', 1],
    ['ERROR ?INFO', 2],
    ['%[45]0\\d%', 1],
    ['{ $.code > 200 }', 1],
    ['{ $.code >= 200 && $.code < 404 }', 1],
    ['{ ($.level = "INFO" || $.code = 404) && $.at.stage != "post" }', 1],
    ['{ $.who NOT EXISTS }', 1],
    ['{ $.level = %^E% }', 1],
  ])('find with %s %i events', async (filterPattern, found) => {
    expect(await filter({ filterPattern })).toHaveLength(found);
  });

  it('tell equal from unequal', async () => {
    expect(await filter({ filterPattern: '{ $.level = "ERROR" }' })).toEqual([expect.stringContaining('404')]);
    expect(await filter({ filterPattern: '{ $.level != "ERROR" }' })).toEqual([expect.stringContaining('200')]);
  });

  it('refuse columns by name', async () => {
    await expect(filter({ filterPattern: '[a, b]' })).rejects.toMatchObject({ code: 'NotImplemented', status: 501 });
  });

  it.each(['{ $.a', '{ $.a = }', '{ a = 1 }', '{ $.a > b }', '{ $.a = 1 } b', '%(%', 'a.b'])(
    'refuse what is no pattern: %s',
    async (filterPattern) => {
      await expect(filter({ filterPattern })).rejects.toMatchObject({ code: 'InvalidParameterException' });
    },
  );
});

describe('metrics in lines', () => {
  const metrics = (more: object = {}, directive: object = {}) =>
    JSON.stringify({
      _aws: {
        Timestamp: now,
        CloudWatchMetrics: [
          {
            Namespace: 'App',
            Dimensions: [['stage'], ['stage', 'region']],
            Metrics: [
              { Name: 'Handled', Unit: 'Count' },
              { Name: 'Took', Unit: 'Milliseconds' },
            ],
            ...directive,
          },
        ],
      },
      stage: 'pay',
      region: 'eu',
      Handled: 3,
      Took: [10, 20],
      ...more,
    });
  const sum = async (MetricName: string, Dimensions: object[], statistic = 'Sum') => {
    const { Datapoints } = await bench.call('monitoring', 'GetMetricStatistics', {
      Namespace: 'App',
      MetricName,
      Dimensions,
      Period: 60,
      Statistics: [statistic],
      StartTime: new Date(now),
      EndTime: new Date(now + 60_000),
    });
    return Datapoints[0]?.[statistic];
  };

  it('are published for every set of dimensions, single values and lists', async () => {
    await put([line(metrics()), line(metrics())]);
    const stage = { Name: 'stage', Value: 'pay' };
    expect(await sum('Handled', [stage])).toBe(6);
    expect(await sum('Handled', [{ Name: 'region', Value: 'eu' }, stage])).toBe(6);
    expect(await sum('Handled', [])).toBeUndefined();
    expect(await sum('Took', [stage], 'SampleCount')).toBe(4);
    expect(await sum('Took', [stage], 'Average')).toBe(15);
  });

  it('need no dimensions, and may stand behind the head of a text line', async () => {
    await put([line(`2026-01-05T08:00:00.000Z\trequest\tINFO\t${metrics({}, { Dimensions: [[]] })}`)]);
    expect(await sum('Handled', [])).toBe(3);
  });

  it.each([
    ['a value that is no number', () => metrics({ Handled: 'three' })],
    ['a dimension that is missing', () => metrics({ region: undefined })],
    ['a namespace of AWS', () => metrics({}, { Namespace: 'AWS/SQS' })],
  ])('with %s are noted, and the line is kept', async (_what, message) => {
    await put([line(message())]);
    expect(await sum('Handled', [{ Name: 'stage', Value: 'pay' }])).toBeUndefined();
    expect(await read()).toHaveLength(1);
    const noted = bench.cloud.journal.entries.filter((entry) => entry.kind === 'note');
    expect(noted).toHaveLength(1);
    expect(noted[0]).toMatchObject({
      action: 'EmbeddedMetricRejected',
      input: { logGroup: '/app/worker' },
    });
  });
});
