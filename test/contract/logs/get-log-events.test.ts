import { expect } from 'vitest';
import { behaviour, refused } from '../contract.ts';
import { api, captured, group, groupArn, lines, messagesOf, slow } from './given.ts';

const page = api('GetLogEvents');
const recorded = captured('ingestion');

/** Five lines, a second apart, the last of them now. */
async function five(aws: Parameters<typeof lines>[0]) {
  const given = await lines(aws);
  await given.put(['a', 'b', 'c', 'd', 'e'].map((letter, index) => given.line(letter, (index - 4) * 1000)));
  return given;
}

behaviour(
  'the last events come first into view, and within a page they are in order',
  { source: page, covers: ['logs:GetLogEvents'], notRemote: slow },
  async (aws) => {
    const { get, at } = await five(aws);
    expect(messagesOf(await get({ limit: 2 }))).toEqual(['d', 'e']);
    expect(messagesOf(await get({ limit: 2, startFromHead: true }))).toEqual(['a', 'b']);
    expect((await get()).events![4]).toEqual({ timestamp: at, message: 'e', ingestionTime: expect.any(Number) });
  },
);

behaviour(
  'tokens lead backwards and forwards, and stay what they are where there is no more',
  { source: page, covers: ['logs:GetLogEvents'], notRemote: slow },
  async (aws) => {
    const { get, put, line } = await five(aws);
    const last = await get({ limit: 2 });
    const before = await get({ limit: 2, nextToken: last.nextBackwardToken });
    const first = await get({ limit: 2, nextToken: before.nextBackwardToken });
    expect([before, first].map(messagesOf)).toEqual([['b', 'c'], ['a']]);
    const none = await get({ limit: 2, nextToken: first.nextBackwardToken });
    expect([messagesOf(none), none.nextBackwardToken]).toEqual([[], first.nextBackwardToken]);
    const forward = await get({ limit: 2, nextToken: before.nextForwardToken });
    expect(messagesOf(forward)).toEqual(['d', 'e']);
    const end = await get({ limit: 2, nextToken: forward.nextForwardToken });
    expect([messagesOf(end), end.nextForwardToken]).toEqual([[], forward.nextForwardToken]);
    await put([line('f', 1000)]);
    expect(messagesOf(await get({ limit: 2, nextToken: end.nextForwardToken }))).toEqual(['f']);
  },
);

behaviour(
  'the start is included, the end is not',
  { source: page, covers: ['logs:GetLogEvents'], notRemote: slow },
  async (aws) => {
    const { get, at } = await five(aws);
    expect(messagesOf(await get({ startTime: at - 3000, endTime: at - 1000 }))).toEqual(['b', 'c']);
  },
);

behaviour(
  'a group may be named by its ARN, as its identifier',
  { source: page, covers: ['logs:GetLogEvents'] },
  async (aws) => {
    const { get, logGroupName } = await lines(aws);
    const logGroupIdentifier = groupArn(aws, logGroupName);
    expect((await get({ logGroupName: undefined, logGroupIdentifier })).events).toEqual([]);
  },
);

behaviour(
  'a page holds 1 to 10,000 events, and a token is one that was handed out',
  { source: page, covers: ['logs:GetLogEvents!InvalidParameterException'] },
  async (aws) => {
    const { get } = await lines(aws);
    const error = 'InvalidParameterException';
    await refused(get({ limit: 0 }), error);
    await refused(get({ limit: 10_001 }), error);
    await refused(get({ nextToken: 'nonsense' }), error, 'The specified nextToken is invalid.');
  },
);

behaviour(
  'events are those of a stream and a group that exist',
  { source: recorded, covers: ['logs:GetLogEvents!ResourceNotFoundException'] },
  async (aws) => {
    const { get } = await lines(aws);
    const error = 'ResourceNotFoundException';
    await refused(get({ logStreamName: 'nobody' }), error, 'The specified log stream does not exist.');
    await refused(get({ logGroupName: aws.name('nobody') }), error, 'The specified log group does not exist.');
    await refused(get({ logGroupName: await group(aws) }), error, 'The specified log stream does not exist.');
  },
);
