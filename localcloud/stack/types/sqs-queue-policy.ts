import type { ResourceType } from '../resource-type.ts';
import { documentText, listChanges } from './properties.ts';

/** The one policy of each of its queues. */
export const sqsQueuePolicy: ResourceType = {
  type: 'AWS::SQS::QueuePolicy',
  properties: ['Queues', 'PolicyDocument'],
  attributes: ['Id'],
  create({ Queues, PolicyDocument }, context) {
    const id = context.name();
    const standing = { ref: id, attributes: { Id: id } };
    context.made(standing);
    const Policy = documentText(PolicyDocument);
    for (const QueueUrl of Queues) context.call('sqs', 'SetQueueAttributes', { QueueUrl, Attributes: { Policy } });
    return standing;
  },
  update({ Queues, PolicyDocument }, existing, context) {
    const Policy = documentText(PolicyDocument);
    const { gone } = listChanges<string>(existing.properties.Queues, Queues);
    for (const QueueUrl of gone) context.call('sqs', 'SetQueueAttributes', { QueueUrl, Attributes: { Policy: '' } });
    for (const QueueUrl of Queues) context.call('sqs', 'SetQueueAttributes', { QueueUrl, Attributes: { Policy } });
    return existing;
  },
  remove({ properties }, context) {
    for (const QueueUrl of properties.Queues) {
      context.call('sqs', 'SetQueueAttributes', { QueueUrl, Attributes: { Policy: '' } });
    }
  },
};
