import {
  CreateQueueCommand,
  DeleteQueueCommand,
  ListQueueTagsCommand,
  TagQueueCommand,
  UntagQueueCommand,
} from '@aws-sdk/client-sqs';
import { expect } from 'vitest';
import { type Aws, behaviour } from '../contract.ts';
import { api, type Given, givenQueue, guide, recorded, refusedAs } from './given.ts';

const tagsOf = async (aws: Aws, { url: QueueUrl }: Pick<Given, 'url'>) =>
  (await aws.sqs.send(new ListQueueTagsCommand({ QueueUrl }))).Tags ?? {};
const tag = (aws: Aws, { url: QueueUrl }: Given, Tags: Record<string, string>) =>
  aws.sqs.send(new TagQueueCommand({ QueueUrl, Tags }));
const untag = (aws: Aws, { url: QueueUrl }: Given, ...TagKeys: string[]) =>
  aws.sqs.send(new UntagQueueCommand({ QueueUrl, TagKeys }));

behaviour(
  'tags are added, and taken away by their keys, those that are not there too',
  { source: recorded('test_tag_untag_queue'), covers: ['sqs:TagQueue', 'sqs:UntagQueue', 'sqs:ListQueueTags'] },
  async (aws) => {
    const queue = await givenQueue(aws);
    await tag(aws, queue, { tag1: 'value1', tag2: 'value2', tag3: '' });
    expect(await tagsOf(aws, queue)).toEqual({ tag1: 'value1', tag2: 'value2', tag3: '' });
    await untag(aws, queue, 'tag1', 'tag3', 'tag4');
    expect(await tagsOf(aws, queue)).toEqual({ tag2: 'value2' });
    await untag(aws, queue, 'tag2');
    expect(await tagsOf(aws, queue)).toEqual({});
  },
);

behaviour(
  'a tag with a key that is there replaces it; letter case matters',
  { source: guide('sqs-queue-tags'), covers: ['sqs:TagQueue'] },
  async (aws) => {
    const queue = await givenQueue(aws);
    await tag(aws, queue, { key: 'old' });
    await tag(aws, queue, { key: 'new', KEY: 'other' });
    expect(await tagsOf(aws, queue)).toEqual({ key: 'new', KEY: 'other' });
  },
);

behaviour(
  'a queue may be created with tags',
  { source: api('CreateQueue'), covers: ['sqs:CreateQueue', 'sqs:ListQueueTags'] },
  async (aws) => {
    const QueueName = aws.name('tagged');
    const { QueueUrl } = await aws.sqs.send(new CreateQueueCommand({ QueueName, tags: { owner: 'team' } }));
    aws.afterwards(() => aws.sqs.send(new DeleteQueueCommand({ QueueUrl })));
    expect(await tagsOf(aws, { url: QueueUrl! })).toEqual({ owner: 'team' });
  },
);

behaviour(
  'a queue has at most fifty tags, and none that begins with aws:',
  { source: guide('quotas-fifo'), covers: ['sqs:TagQueue'] },
  async (aws) => {
    const queue = await givenQueue(aws);
    const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`k${n}`, 'v']));
    await refusedAs(tag(aws, queue, many(51)), 'InvalidParameterValue', /./);
    await refusedAs(tag(aws, queue, { 'aws:x': 'v' }), 'InvalidParameterValue', /./);
    expect(await tagsOf(aws, queue)).toEqual({});
    await tag(aws, queue, many(50));
  },
);
