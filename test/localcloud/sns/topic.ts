/** A topic, and how to listen and speak to it. */
import { queueArn, stage } from '../events/stubs.ts';

export const arn = 'arn:aws:sns:eu-west-1:123456789012:alerts';

export async function withTopic(attributes: Record<string, string> = {}) {
  const here = stage();
  await here.call('sns', 'CreateTopic', { Name: 'alerts', Attributes: attributes });
  const listen = (queue: string, Attributes: object = {}) =>
    here.call('sns', 'Subscribe', { TopicArn: arn, Protocol: 'sqs', Endpoint: queueArn(queue), Attributes });
  const publish = (input: object = {}) =>
    here.call('sns', 'Publish', { TopicArn: arn, Message: 'look here', ...input });
  return { ...here, listen, publish };
}
