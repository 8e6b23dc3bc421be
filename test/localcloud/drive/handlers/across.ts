/** Sends a message to a queue of the region that the event names; says how that went, after one attempt and after three. */
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';

export async function handler({ region, QueueUrl }: { region: string; QueueUrl: string }): Promise<unknown> {
  const attempt = (maxAttempts: number) =>
    new SQSClient({ region, maxAttempts }).send(new SendMessageCommand({ QueueUrl, MessageBody: 'across' })).then(
      () => 'sent',
      ({ code, $metadata }) => `${code} after ${$metadata?.attempts ?? 0}`,
    );
  return [await attempt(1), await attempt(3)];
}
