import type { ResourceContext, ResourceType } from '../resource-type.ts';
import { documentText, listChanges } from './properties.ts';

const setPolicy = (TopicArn: string, document: unknown, context: ResourceContext) =>
  context.call('sns', 'SetTopicAttributes', {
    TopicArn,
    AttributeName: 'Policy',
    AttributeValue: documentText(document),
  });

/** A topic cannot be without a policy; this is the one it is created with (SNS developer guide, "Default access policy"). */
const restore = (TopicArn: string, context: ResourceContext) =>
  setPolicy(
    TopicArn,
    {
      Version: '2008-10-17',
      Id: '__default_policy_ID',
      Statement: [
        {
          Sid: '__default_statement_ID',
          Effect: 'Allow',
          Principal: { AWS: '*' },
          Action: [
            'SNS:GetTopicAttributes',
            'SNS:SetTopicAttributes',
            'SNS:AddPermission',
            'SNS:RemovePermission',
            'SNS:DeleteTopic',
            'SNS:Subscribe',
            'SNS:ListSubscriptionsByTopic',
            'SNS:Publish',
          ],
          Resource: TopicArn,
          Condition: { StringEquals: { 'AWS:SourceOwner': context.account } },
        },
      ],
    },
    context,
  );

/** The one policy of each of its topics. */
export const snsTopicPolicy: ResourceType = {
  type: 'AWS::SNS::TopicPolicy',
  properties: ['PolicyDocument', 'Topics'],
  attributes: ['Id'],
  create({ PolicyDocument, Topics }, context) {
    const id = context.name();
    const standing = { ref: id, attributes: { Id: id } };
    context.made(standing);
    for (const topic of Topics) setPolicy(topic, PolicyDocument, context);
    return standing;
  },
  update({ PolicyDocument, Topics }, existing, context) {
    for (const topic of listChanges<string>(existing.properties.Topics, Topics).gone) restore(topic, context);
    for (const topic of Topics) setPolicy(topic, PolicyDocument, context);
    return existing;
  },
  remove({ properties }, context) {
    for (const topic of properties.Topics) restore(topic, context);
  },
};
