import {
  CreateKeyCommand,
  DisableKeyCommand,
  PutKeyPolicyCommand,
  ScheduleKeyDeletionCommand,
} from '@aws-sdk/client-kms';
import {
  CreateTopicCommand,
  DeleteTopicCommand,
  GetSubscriptionAttributesCommand,
  GetTopicAttributesCommand,
  ListSubscriptionsByTopicCommand,
  ListSubscriptionsCommand,
  ListTagsForResourceCommand,
  ListTopicsCommand,
  PublishBatchCommand,
  PublishCommand,
  SetSubscriptionAttributesCommand,
  SetTopicAttributesCommand,
  SubscribeCommand,
  TagResourceCommand,
  UnsubscribeCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-sns';
import { type Aws, behaviour, refused } from '../contract.ts';
import { api, givenListener, givenNobody, givenTopic, guide } from './given.ts';

behaviour(
  'whom no policy allows anything may do nothing',
  {
    source: guide('sns-access-policy-language-evaluation-logic'),
    covers: [
      'sns:CreateTopic!AuthorizationErrorException',
      'sns:DeleteTopic!AuthorizationErrorException',
      'sns:GetSubscriptionAttributes!AuthorizationErrorException',
      'sns:GetTopicAttributes!AuthorizationErrorException',
      'sns:ListSubscriptions!AuthorizationErrorException',
      'sns:ListSubscriptionsByTopic!AuthorizationErrorException',
      'sns:ListTagsForResource!AuthorizationErrorException',
      'sns:ListTopics!AuthorizationErrorException',
      'sns:Publish!AuthorizationErrorException',
      'sns:PublishBatch!AuthorizationErrorException',
      'sns:SetSubscriptionAttributes!AuthorizationErrorException',
      'sns:SetTopicAttributes!AuthorizationErrorException',
      'sns:Subscribe!AuthorizationErrorException',
      'sns:TagResource!AuthorizationErrorException',
      'sns:Unsubscribe!AuthorizationErrorException',
      'sns:UntagResource!AuthorizationErrorException',
    ],
  },
  async (aws) => {
    const { topic, queue, subscription } = await givenListener(aws);
    // The policy that a topic has from the beginning lets everybody of the account in.
    const owner = { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${aws.account}:root` } };
    const statement = { ...owner, Action: ['SNS:Publish', 'SNS:SetTopicAttributes'], Resource: topic.arn };
    const AttributeValue = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
    await aws.sns.send(new SetTopicAttributesCommand({ TopicArn: topic.arn, AttributeName: 'Policy', AttributeValue }));
    const nobody = await givenNobody(aws);
    const TopicArn = topic.arn;
    const SubscriptionArn = subscription;
    const ResourceArn = topic.arn;
    const calls = [
      () => nobody.send(new CreateTopicCommand({ Name: aws.name('topic') })),
      () => nobody.send(new DeleteTopicCommand({ TopicArn })),
      () => nobody.send(new GetSubscriptionAttributesCommand({ SubscriptionArn })),
      () => nobody.send(new GetTopicAttributesCommand({ TopicArn })),
      () => nobody.send(new ListSubscriptionsCommand({})),
      () => nobody.send(new ListSubscriptionsByTopicCommand({ TopicArn })),
      () => nobody.send(new ListTagsForResourceCommand({ ResourceArn })),
      () => nobody.send(new ListTopicsCommand({})),
      () => nobody.send(new PublishCommand({ TopicArn, Message: 'm' })),
      () => nobody.send(new PublishBatchCommand({ TopicArn, PublishBatchRequestEntries: [{ Id: 'a', Message: 'm' }] })),
      () =>
        nobody.send(
          new SetSubscriptionAttributesCommand({
            SubscriptionArn,
            AttributeName: 'RawMessageDelivery',
            AttributeValue: 'true',
          }),
        ),
      () => nobody.send(new SetTopicAttributesCommand({ TopicArn, AttributeName: 'DisplayName', AttributeValue: 'x' })),
      () => nobody.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: queue.arn })),
      () => nobody.send(new TagResourceCommand({ ResourceArn, Tags: [{ Key: 'a', Value: 'b' }] })),
      () => nobody.send(new UnsubscribeCommand({ SubscriptionArn })),
      () => nobody.send(new UntagResourceCommand({ ResourceArn, TagKeys: ['a'] })),
    ];
    for (const call of calls)
      await refused(call(), 'AuthorizationErrorException', /is not authorized to perform: SNS:/);
  },
);

const notRemote = 'SNS goes on with the data key that it has for some minutes, and keys cost money';

/** A topic with a key of its own, and all that uses the key. */
async function givenEncryptedTopic(aws: Aws) {
  const { KeyMetadata } = await aws.kms.send(new CreateKeyCommand({}));
  const KeyId = KeyMetadata!.KeyId!;
  const topic = await givenTopic(aws, { KmsMasterKeyId: KeyId });
  await topic.publish('m');
  const PublishBatchRequestEntries = [{ Id: 'a', Message: 'm' }];
  const calls = [
    () => topic.publish('m'),
    () => aws.sns.send(new PublishBatchCommand({ TopicArn: topic.arn, PublishBatchRequestEntries })),
  ];
  return { KeyId, topic, calls };
}

behaviour(
  'a topic with a key of KMS takes no message while the key is disabled',
  {
    source: api('Publish'),
    covers: ['sns:Publish!KMSDisabledException', 'sns:PublishBatch!KMSDisabledException'],
    notRemote,
  },
  async (aws) => {
    const { KeyId, calls } = await givenEncryptedTopic(aws);
    await aws.kms.send(new DisableKeyCommand({ KeyId }));
    for (const call of calls) await refused(call(), 'KMSDisabledException');
  },
);

behaviour(
  'nor while it waits for its deletion',
  {
    source: api('Publish'),
    covers: ['sns:Publish!KMSInvalidStateException', 'sns:PublishBatch!KMSInvalidStateException'],
    notRemote,
  },
  async (aws) => {
    const { KeyId, calls } = await givenEncryptedTopic(aws);
    await aws.kms.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }));
    for (const call of calls) await refused(call(), 'KMSInvalidStateException');
  },
);

behaviour(
  'nor when there is no such key',
  {
    source: api('Publish'),
    covers: ['sns:Publish!KMSNotFoundException', 'sns:PublishBatch!KMSNotFoundException'],
    notRemote,
  },
  async (aws) => {
    const { topic, calls } = await givenEncryptedTopic(aws);
    const AttributeValue = '1234abcd-12ab-34cd-56ef-1234567890ab';
    await aws.sns.send(
      new SetTopicAttributesCommand({ TopicArn: topic.arn, AttributeName: 'KmsMasterKeyId', AttributeValue }),
    );
    for (const call of calls) await refused(call(), 'KMSNotFoundException');
  },
);

behaviour(
  'nor when the policy of the key does not let the caller use it',
  {
    source: guide('sns-key-management'),
    covers: ['sns:Publish!KMSAccessDeniedException', 'sns:PublishBatch!KMSAccessDeniedException'],
    notRemote,
  },
  async (aws) => {
    const { KeyId, calls } = await givenEncryptedTopic(aws);
    const owner = { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${aws.account}:root` } };
    const statement = { ...owner, Action: ['kms:PutKeyPolicy', 'kms:ScheduleKeyDeletion'], Resource: '*' };
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
    await aws.kms.send(new PutKeyPolicyCommand({ KeyId, Policy }));
    for (const call of calls) await refused(call(), 'KMSAccessDeniedException');
  },
);
