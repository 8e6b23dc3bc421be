import { PutLogEventsCommand, PutRetentionPolicyCommand } from '@aws-sdk/client-cloudwatch-logs';
import { expect } from 'vitest';
import { behaviour, refused } from '../contract.ts';
import { api, captured, DAY, HOUR, lines, logsAs, messagesOf, slow } from './given.ts';

const recorded = captured('ingestion');
const page = api('PutLogEvents');

behaviour(
  'events are read in the order of their time, whatever the order of the batches; equal ones as they came',
  { source: recorded, covers: ['logs:PutLogEvents', 'logs:GetLogEvents'], notRemote: slow },
  async (aws) => {
    const { put, get, line } = await lines(aws);
    await put([line('A', -5000), line('B', -4000)]);
    await put([line('D', -2000)]);
    await put([line('a', -5000), line('C', -3000)]);
    expect(messagesOf(await get({ startFromHead: true }))).toEqual(['A', 'a', 'B', 'C', 'D']);
  },
);

behaviour(
  'a batch that comes twice is kept twice, and any sequence token will do',
  { source: recorded, covers: ['logs:PutLogEvents'], notRemote: slow },
  async (aws) => {
    const { put, get, line } = await lines(aws);
    const { nextSequenceToken } = await put([line('A')]);
    expect(nextSequenceToken).toEqual(expect.any(String));
    await put([line('A')], { sequenceToken: nextSequenceToken });
    await put([line('A')], { sequenceToken: 'not-a-valid-sequence-token' });
    expect(messagesOf(await get())).toEqual(['A', 'A', 'A']);
  },
);

behaviour(
  'what is too old, has outlived its retention or is too new is told, and the rest is kept',
  { source: recorded, covers: ['logs:PutLogEvents'], notRemote: slow },
  async (aws) => {
    const { logGroupName, put, get, line } = await lines(aws);
    await aws.logs.send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays: 1 }));
    const { rejectedLogEventsInfo } = await put([
      line('too old 0', -16 * DAY),
      line('too old 1', -15 * DAY),
      line('expired 2', -48 * HOUR),
      line('expired 3', -36 * HOUR),
      line('valid 4', -2 * HOUR),
      line('valid 5', -HOUR),
      line('too new 6', 3 * HOUR),
    ]);
    expect(rejectedLogEventsInfo).toEqual({
      tooOldLogEventEndIndex: 2,
      expiredLogEventEndIndex: 4,
      tooNewLogEventStartIndex: 6,
    });
    expect(messagesOf(await get())).toEqual(['valid 4', 'valid 5']);
  },
);

behaviour(
  'a batch is in the order of time',
  { source: recorded, covers: ['logs:PutLogEvents!InvalidParameterException'] },
  async (aws) => {
    const { put, line } = await lines(aws);
    await refused(
      put([line('late'), line('early', -1000)]),
      'InvalidParameterException',
      'Log events in a single PutLogEvents request must be in chronological order.',
    );
  },
);

behaviour(
  'a batch spans a day at most, but for what is refused by itself',
  { source: recorded, covers: ['logs:PutLogEvents', 'logs:PutLogEvents!InvalidParameterException'] },
  async (aws) => {
    const { put, line } = await lines(aws);
    await put([line('a', -DAY - HOUR), line('b', -HOUR)]);
    await refused(
      put([line('a', -DAY - HOUR - 1), line('b', -HOUR)]),
      'InvalidParameterException',
      'The batch of log events in a single PutLogEvents request cannot span more than 24 hours.',
    );
    const told = await put([line('old', -16 * DAY), line('a', -24 * HOUR), line('b', -HOUR), line('new', 3 * HOUR)]);
    expect(told.rejectedLogEventsInfo).toEqual({ tooOldLogEventEndIndex: 1, tooNewLogEventStartIndex: 3 });
  },
);

behaviour(
  'a batch holds a mebibyte of UTF-8, with 26 bytes for each event besides',
  { source: recorded, covers: ['logs:PutLogEvents', 'logs:PutLogEvents!InvalidParameterException'] },
  async (aws) => {
    const { put, line } = await lines(aws);
    const old = -16 * DAY;
    await put([line('é'.repeat(524_275), old)]);
    await refused(
      put([line('é'.repeat(524_276), old)]),
      'InvalidParameterException',
      'Log event too large: 1048578 bytes exceeds limit of 1048576',
    );
    await refused(put([line('a'.repeat(524_262), old), line('a'.repeat(524_263), old)]), 'InvalidParameterException');
  },
);

behaviour(
  'a batch has 1 to 10,000 events, each with a message',
  { source: page, covers: ['logs:PutLogEvents!InvalidParameterException'] },
  async (aws) => {
    const { put, line } = await lines(aws);
    const error = 'InvalidParameterException';
    await refused(put([]), error);
    await refused(put([line('')]), error);
    const many = (count: number) => Array.from({ length: count }, () => line('x'));
    await put(many(10_000));
    await refused(put(many(10_001)), error);
  },
);

behaviour(
  'events go to a stream and a group that exist',
  { source: recorded, covers: ['logs:PutLogEvents!ResourceNotFoundException'] },
  async (aws) => {
    const { put, line } = await lines(aws);
    const error = 'ResourceNotFoundException';
    await refused(put([line('x')], { logStreamName: 'nobody' }), error, 'The specified log stream does not exist.');
    await refused(
      put([line('x')], { logGroupName: aws.name('nobody') }),
      error,
      'The specified log group does not exist.',
    );
  },
);

behaviour(
  'who has a key that nobody knows is nobody',
  { source: page, covers: ['logs:PutLogEvents!UnrecognizedClientException'] },
  async (aws) => {
    const { logGroupName, logStreamName, line } = await lines(aws);
    const stranger = logsAs(aws, { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'none' });
    await refused(
      stranger.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents: [line('x')] })),
      'UnrecognizedClientException',
      'The security token included in the request is invalid.',
    );
  },
);
