import {
  CreateTopicCommand,
  DeleteTopicCommand,
  GetTopicAttributesCommand,
  ListTagsForResourceCommand,
  ListTopicsCommand,
  SetTopicAttributesCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-sns';
import { expect } from 'vitest';
import { type Aws, behaviour, refused } from '../contract.ts';
import { api, arnOf, givenTopic, guide } from './given.ts';

const attributesOf = async (aws: Aws, TopicArn: string) =>
  (await aws.sns.send(new GetTopicAttributesCommand({ TopicArn }))).Attributes!;
const set = (aws: Aws, TopicArn: string, AttributeName: string, AttributeValue: string) =>
  aws.sns.send(new SetTopicAttributesCommand({ TopicArn, AttributeName, AttributeValue }));
const tag = (aws: Aws, ResourceArn: string, tags: Record<string, string>) =>
  aws.sns.send(
    new TagResourceCommand({ ResourceArn, Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) }),
  );
const tagsOf = async (aws: Aws, ResourceArn: string) => {
  const { Tags } = await aws.sns.send(new ListTagsForResourceCommand({ ResourceArn }));
  return Object.fromEntries(Tags!.map(({ Key, Value }) => [Key, Value]));
};

behaviour(
  'a topic has an ARN by its name, and creating it again answers the same',
  { source: api('CreateTopic'), covers: ['sns:CreateTopic'] },
  async (aws) => {
    const topic = await givenTopic(aws, { DisplayName: 'Orders' });
    expect(topic.arn).toBe(arnOf(aws, topic.name));
    expect((await aws.sns.send(new CreateTopicCommand({ Name: topic.name }))).TopicArn).toBe(topic.arn);
  },
);

behaviour(
  'a topic that exists with other attributes or tags is refused',
  {
    source: `${api('CreateTopic')}; https://github.com/localstack/localstack/blob/a42d276ccfa507a407e963fa26c5c0e4ccee47dc/localstack-core/localstack/services/sns/provider.py`,
    covers: ['sns:CreateTopic!InvalidParameterException'],
  },
  async (aws) => {
    const { name: Name } = await givenTopic(aws, { DisplayName: 'Orders' });
    await refused(
      aws.sns.send(new CreateTopicCommand({ Name, Attributes: { DisplayName: 'Payments' } })),
      'InvalidParameterException',
      'Invalid parameter: Attributes Reason: Topic already exists with different attributes',
    );
    await refused(
      aws.sns.send(new CreateTopicCommand({ Name, Tags: [{ Key: 'a', Value: 'b' }] })),
      'InvalidParameterException',
      'Invalid parameter: Tags Reason: Topic already exists with different tags',
    );
  },
);

behaviour(
  'a name has 1 to 256 letters, digits, hyphens and underscores',
  { source: api('CreateTopic'), covers: ['sns:CreateTopic!InvalidParameterException'] },
  async (aws) => {
    for (const Name of ['with space', 'x'.repeat(257)]) {
      const call = aws.sns.send(new CreateTopicCommand({ Name }));
      await refused(call, 'InvalidParameterException', 'Invalid parameter: Topic Name');
    }
  },
);

behaviour(
  'attributes tell who owns the topic, its policy, and how many listen',
  { source: api('GetTopicAttributes'), covers: ['sns:GetTopicAttributes'] },
  async (aws) => {
    const topic = await givenTopic(aws);
    const { Policy, ...attributes } = await attributesOf(aws, topic.arn);
    expect(attributes).toMatchObject({
      TopicArn: topic.arn,
      Owner: aws.account,
      DisplayName: '',
      SubscriptionsConfirmed: '0',
      SubscriptionsPending: '0',
      SubscriptionsDeleted: '0',
    });
    expect(JSON.parse(Policy!).Statement[0]).toMatchObject({ Effect: 'Allow', Resource: topic.arn });
  },
);

behaviour(
  'an attribute is set and given back',
  { source: api('SetTopicAttributes'), covers: ['sns:SetTopicAttributes', 'sns:GetTopicAttributes'] },
  async (aws) => {
    const topic = await givenTopic(aws);
    await set(aws, topic.arn, 'DisplayName', 'Orders');
    expect(await attributesOf(aws, topic.arn)).toMatchObject({ DisplayName: 'Orders' });
  },
);

behaviour(
  'an attribute that no topic has is refused, and so is a policy that is no JSON',
  { source: api('SetTopicAttributes'), covers: ['sns:SetTopicAttributes!InvalidParameterException'] },
  async (aws) => {
    const topic = await givenTopic(aws);
    const unknown = set(aws, topic.arn, 'Nonsense', 'x');
    await refused(unknown, 'InvalidParameterException', 'Invalid parameter: AttributeName');
    await refused(
      set(aws, topic.arn, 'Policy', 'no policy'),
      'InvalidParameterException',
      /^Invalid parameter: Policy/,
    );
  },
);

behaviour(
  'a topic that does not exist has no attributes',
  {
    source: api('GetTopicAttributes'),
    covers: ['sns:GetTopicAttributes!NotFoundException', 'sns:SetTopicAttributes!NotFoundException'],
  },
  async (aws) => {
    const nowhere = arnOf(aws, aws.name('nowhere'));
    await refused(attributesOf(aws, nowhere), 'NotFoundException', 'Topic does not exist');
    await refused(set(aws, nowhere, 'DisplayName', 'x'), 'NotFoundException', 'Topic does not exist');
  },
);

behaviour(
  'what is no ARN is refused, with its number of elements',
  {
    source:
      'https://github.com/awsdocs/aws-doc-sdk-examples/blob/f1eb6f2b33c9f3e62d42c6b9477d563bef50fa16/javascriptv3/example_code/sns/tests/get-topic-attributes.integration.test.js',
    covers: [
      'sns:GetTopicAttributes!InvalidParameterException',
      'sns:SetTopicAttributes!InvalidParameterException',
      'sns:DeleteTopic!InvalidParameterException',
    ],
  },
  async (aws) => {
    const message = 'Invalid parameter: TopicArn Reason: An ARN must have at least 6 elements, not 1';
    const calls = [
      () => attributesOf(aws, 'TOPIC_ARN'),
      () => set(aws, 'TOPIC_ARN', 'DisplayName', 'x'),
      () => aws.sns.send(new DeleteTopicCommand({ TopicArn: 'TOPIC_ARN' })),
    ];
    for (const call of calls) await refused(call(), 'InvalidParameterException', message);
  },
);

behaviour(
  'a deleted topic is gone, and may be deleted again',
  { source: api('DeleteTopic'), covers: ['sns:DeleteTopic'] },
  async (aws) => {
    const topic = await givenTopic(aws);
    const remove = () => aws.sns.send(new DeleteTopicCommand({ TopicArn: topic.arn }));
    await remove();
    await remove();
    await refused(attributesOf(aws, topic.arn), 'NotFoundException');
  },
);

behaviour(
  'topics are listed, a hundred at a time',
  {
    source: api('ListTopics'),
    covers: ['sns:ListTopics', 'sns:ListTopics!InvalidParameterException'],
    notRemote: 'makes a hundred topics',
  },
  async (aws) => {
    const names = Array.from({ length: 101 }, () => aws.name('listed'));
    for (const Name of names) await aws.sns.send(new CreateTopicCommand({ Name }));
    const first = await aws.sns.send(new ListTopicsCommand({}));
    expect(first.Topics).toHaveLength(100);
    const second = await aws.sns.send(new ListTopicsCommand({ NextToken: first.NextToken }));
    const all = [...first.Topics!, ...second.Topics!].map(({ TopicArn }) => TopicArn);
    expect(all.sort()).toEqual(names.map((name) => arnOf(aws, name)).sort());
    expect(second.NextToken).toBeUndefined();
    await refused(aws.sns.send(new ListTopicsCommand({ NextToken: 'nonsense' })), 'InvalidParameterException');
  },
);

behaviour(
  'tags are added, replaced and taken away',
  {
    source: guide('sns-tags'),
    covers: ['sns:TagResource', 'sns:UntagResource', 'sns:ListTagsForResource'],
  },
  async (aws) => {
    const { arn } = await givenTopic(aws);
    await tag(aws, arn, { a: '1', b: '2' });
    await tag(aws, arn, { a: '3' });
    expect(await tagsOf(aws, arn)).toEqual({ a: '3', b: '2' });
    await aws.sns.send(new UntagResourceCommand({ ResourceArn: arn, TagKeys: ['a', 'none'] }));
    expect(await tagsOf(aws, arn)).toEqual({ b: '2' });
  },
);

behaviour(
  'a topic has at most fifty tags, and what is refused adds none',
  {
    source: api('TagResource'),
    covers: ['sns:TagResource!TagLimitExceededException', 'sns:CreateTopic!TagLimitExceededException'],
  },
  async (aws) => {
    const { arn } = await givenTopic(aws);
    const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`k${n}`, 'v']));
    await tag(aws, arn, many(50));
    await refused(tag(aws, arn, { more: 'v' }), 'TagLimitExceededException');
    expect(Object.keys(await tagsOf(aws, arn))).toHaveLength(50);
    const Tags = Object.keys(many(51)).map((Key) => ({ Key, Value: 'v' }));
    const create = new CreateTopicCommand({ Name: aws.name('topic'), Tags });
    await refused(aws.sns.send(create), 'TagLimitExceededException');
  },
);

behaviour(
  'tags hang on topics that exist, named by an ARN',
  {
    source: `${api('TagResource')}; https://github.com/getmoto/moto/blob/master/moto/sns/exceptions.py`,
    covers: [
      'sns:TagResource!ResourceNotFoundException',
      'sns:UntagResource!ResourceNotFoundException',
      'sns:ListTagsForResource!ResourceNotFoundException',
      'sns:TagResource!InvalidParameterException',
      'sns:UntagResource!InvalidParameterException',
      'sns:ListTagsForResource!InvalidParameterException',
    ],
  },
  async (aws) => {
    const calls = (ResourceArn: string) => [
      () => tag(aws, ResourceArn, { a: 'b' }),
      () => aws.sns.send(new UntagResourceCommand({ ResourceArn, TagKeys: ['a'] })),
      () => tagsOf(aws, ResourceArn),
    ];
    for (const call of calls(arnOf(aws, aws.name('nowhere')))) {
      await refused(call(), 'ResourceNotFoundException', 'Resource does not exist');
    }
    for (const call of calls('no-arn')) await refused(call(), 'InvalidParameterException');
  },
);

behaviour(
  'a key is given once in a request',
  { source: api('TagResource'), covers: ['sns:TagResource!InvalidParameterException'] },
  async (aws) => {
    const { arn: ResourceArn } = await givenTopic(aws);
    const twice = { Key: 'a', Value: 'b' };
    const call = aws.sns.send(new TagResourceCommand({ ResourceArn, Tags: [twice, twice] }));
    await refused(call, 'InvalidParameterException', /Duplicated keys are not allowed/);
  },
);
