import { GetQueueUrlCommand } from '@aws-sdk/client-sqs';
import { names } from '../model/names.ts';
import { RefusedError, type Target } from './target.ts';

/**
 * Asks for a queue's URL, since an operator need not know the account.
 * @throws RefusedError when there is no such queue: the pipeline is not deployed there
 */
export async function queueUrlOf({ sqs, deployment, region }: Target, name: string): Promise<string> {
  try {
    return (await sqs.send(new GetQueueUrlCommand({ QueueName: name }))).QueueUrl!;
  } catch (error) {
    if ((error as Error).name !== 'QueueDoesNotExist') throw error;
    throw new RefusedError(`there is no queue ${name} in ${region}; is ${names.base(deployment)} deployed there?`);
  }
}
