/** Sends the body of each record on to the queue of its environment, with the real SDK over its real HTTP handler. */
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';

const sqs = new SQSClient({});

export async function handler(event: { Records: { messageId: string; body: string }[] }): Promise<unknown> {
  for (const { body } of event.Records) {
    await sqs.send(new SendMessageCommand({ QueueUrl: process.env.QUEUE_URL!, MessageBody: body }));
  }
  return { batchItemFailures: [] };
}
