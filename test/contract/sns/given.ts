/** A topic to begin with, a queue that listens, and a caller who may do nothing. */
import { CreateRoleCommand, DeleteRoleCommand } from '@aws-sdk/client-iam';
import {
  CreateTopicCommand,
  DeleteTopicCommand,
  type MessageAttributeValue,
  PublishCommand,
  SNSClient,
  SubscribeCommand,
} from '@aws-sdk/client-sns';
import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import type { Aws } from '../contract.ts';
import { givenQueue } from '../sqs/given.ts';

/** A page of the API reference of SNS. */
export const api = (action: string): string => `https://docs.aws.amazon.com/sns/latest/api/API_${action}.html`;

/** A page of the developer guide of SNS. */
export const guide = (page: string): string => `https://docs.aws.amazon.com/sns/latest/dg/${page}.html`;

export const arnOf = (aws: Aws, name: string): string => `arn:aws:sns:${aws.region}:${aws.account}:${name}`;

/** A topic; gone after the test. */
export async function givenTopic(aws: Aws, Attributes: Record<string, string> = {}) {
  const Name = aws.name('topic');
  const { TopicArn } = await aws.sns.send(new CreateTopicCommand({ Name, Attributes }));
  aws.afterwards(() => aws.sns.send(new DeleteTopicCommand({ TopicArn })));
  const publish = (
    Message: string,
    more: { Subject?: string; MessageAttributes?: Record<string, MessageAttributeValue> } = {},
  ) => aws.sns.send(new PublishCommand({ TopicArn, Message, ...more }));
  return { name: Name, arn: TopicArn!, publish };
}

/** A topic and a queue that it may send to, subscribed. */
export async function givenListener(aws: Aws, Attributes: Record<string, string> = {}) {
  const topic = await givenTopic(aws);
  const queue = await givenQueue(aws);
  await queue.set({ Policy: allowing(topic.arn, queue.arn) });
  const { SubscriptionArn } = await aws.sns.send(
    new SubscribeCommand({ TopicArn: topic.arn, Protocol: 'sqs', Endpoint: queue.arn, Attributes }),
  );
  return { topic, queue, subscription: SubscriptionArn! };
}

/** The policy of a queue that takes messages of a topic (SNS developer guide, "Subscribing an Amazon SQS queue"). */
export const allowing = (topic: string, queue: string): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: 'sns.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Resource: queue,
        Condition: { ArnEquals: { 'aws:SourceArn': topic } },
      },
    ],
  });

/** A client of somebody whom no policy allows anything. */
export async function givenNobody(aws: Aws): Promise<SNSClient> {
  const RoleName = aws.name('nobody');
  const trust = { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${aws.account}:root` }, Action: 'sts:AssumeRole' };
  const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [trust] });
  const { Role } = await aws.iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
  aws.afterwards(() => aws.iam.send(new DeleteRoleCommand({ RoleName })));
  await aws.pass(15_000); // IAM takes a while to tell everybody
  const { Credentials: keys } = await aws.sts.send(
    new AssumeRoleCommand({ RoleArn: Role!.Arn, RoleSessionName: 'nobody' }),
  );
  const { endpoint, requestHandler } = aws.sns.config;
  return new SNSClient({
    region: aws.region,
    requestHandler,
    maxAttempts: 1,
    ...(endpoint === undefined ? {} : { endpoint }),
    credentials: {
      accessKeyId: keys!.AccessKeyId!,
      secretAccessKey: keys!.SecretAccessKey!,
      sessionToken: keys!.SessionToken!,
    },
  });
}
