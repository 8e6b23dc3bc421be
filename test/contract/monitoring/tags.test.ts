import {
  ListTagsForResourceCommand,
  type Tag,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-cloudwatch';
import { expect } from 'vitest';
import { type Aws, behaviour, refused } from '../contract.ts';
import { alarm, api, captured } from './given.ts';

const controls = captured('alarm_controls');

const arn = (aws: Aws, name: string): string => `arn:aws:cloudwatch:${aws.region}:${aws.account}:alarm:${name}`;
const tag = (aws: Aws, ResourceARN: string, Tags: Tag[]) =>
  aws.cloudwatch.send(new TagResourceCommand({ ResourceARN, Tags }));
const untag = (aws: Aws, ResourceARN: string, ...TagKeys: string[]) =>
  aws.cloudwatch.send(new UntagResourceCommand({ ResourceARN, TagKeys }));

async function tags(aws: Aws, ResourceARN: string) {
  const { Tags } = await aws.cloudwatch.send(new ListTagsForResourceCommand({ ResourceARN }));
  return Object.fromEntries(Tags!.map(({ Key, Value }) => [Key, Value]));
}

const tagged = (...pairs: [string, string][]): Tag[] => pairs.map(([Key, Value]) => ({ Key, Value }));

behaviour(
  'an alarm has the tags it was made with, and putting it again changes none of them',
  { source: controls, covers: ['monitoring:ListTagsForResource', 'monitoring:PutMetricAlarm'] },
  async (aws) => {
    const AlarmName = await alarm(aws, { Tags: tagged(['create', 'original'], ['keep', 'yes']) });
    await alarm(aws, { AlarmName, Tags: tagged(['create', 'ignored'], ['new', 'ignored']) });
    expect(await tags(aws, arn(aws, AlarmName))).toEqual({ create: 'original', keep: 'yes' });
  },
);

behaviour(
  'tags are added, replaced and taken away; the last of two with one key counts',
  {
    source: controls,
    covers: ['monitoring:TagResource', 'monitoring:UntagResource', 'monitoring:ListTagsForResource'],
  },
  async (aws) => {
    const resource = arn(aws, await alarm(aws, { Tags: tagged(['a', '1']) }));
    await tag(aws, resource, tagged(['a', '2'], ['b', ''], ['c', 'first'], ['c', 'second']));
    expect(await tags(aws, resource)).toEqual({ a: '2', b: '', c: 'second' });
    await untag(aws, resource, 'a', 'never-present');
    expect(await tags(aws, resource)).toEqual({ b: '', c: 'second' });
  },
);

behaviour(
  "keys that begin with aws: are nobody's to give, and then nothing is tagged",
  { source: controls, covers: ['monitoring:TagResource'] },
  async (aws) => {
    const resource = arn(aws, await alarm(aws));
    await refused(
      tag(aws, resource, tagged(['fine', '1'], ['AWS:reserved', '1'])),
      'AccessDenied',
      'The provided tag keys must not start with any case of "aws:"',
    );
    expect(await tags(aws, resource)).toEqual({});
  },
);

behaviour(
  'there are at most 50 tags',
  { source: controls, covers: ['monitoring:TagResource', 'monitoring:PutMetricAlarm'] },
  async (aws) => {
    const many = (count: number) =>
      tagged(...Array.from({ length: count }, (_, n): [string, string] => [`k${n}`, 'v']));
    const message = 'The resultant tag set must not have more than 50 user tags.';
    await refused(alarm(aws, { Tags: many(51) }), 'ValidationException', message);
    const resource = arn(aws, await alarm(aws, { Tags: many(50) }));
    await refused(tag(aws, resource, tagged(['more', '1'])), 'ValidationException');
  },
);

behaviour(
  'what is not there has no tags, and gets none',
  {
    source: controls,
    covers: [
      'monitoring:ListTagsForResource!ResourceNotFoundException',
      'monitoring:TagResource!ResourceNotFoundException',
      'monitoring:UntagResource!ResourceNotFoundException',
    ],
  },
  async (aws) => {
    const nobody = arn(aws, aws.name('nobody'));
    for (const call of [
      () => tags(aws, nobody),
      () => tag(aws, nobody, tagged(['k', 'v'])),
      () => untag(aws, nobody, 'k'),
    ]) {
      await refused(call(), 'ResourceNotFoundException');
    }
  },
);

behaviour(
  'tags belong to an ARN, and what is none is refused, as is a key without a letter or too long a value',
  {
    source: api('TagResource'),
    covers: [
      'monitoring:ListTagsForResource!InvalidParameterValueException',
      'monitoring:TagResource!InvalidParameterValueException',
      'monitoring:UntagResource!InvalidParameterValueException',
    ],
  },
  async (aws) => {
    const error = 'InvalidParameterValueException';
    for (const call of [() => tags(aws, 'x'), () => tag(aws, 'x', tagged(['k', 'v'])), () => untag(aws, 'x', 'k')]) {
      await refused(call(), error);
    }
    const resource = arn(aws, await alarm(aws));
    await refused(tag(aws, resource, tagged(['k', 'v'.repeat(257)])), error);
  },
);
