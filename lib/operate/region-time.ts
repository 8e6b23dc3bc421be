/** The time in a region, from what it answers: whoever decides by time must not go by a laptop's clock. */
import { ListTablesCommand } from '@aws-sdk/client-dynamodb';
import type { Target } from './target.ts';

/** Milliseconds since 1970, in whole seconds; never ahead of the region's clock. */
export async function timeIn({ dynamodb, region }: Target): Promise<number> {
  const command = new ListTablesCommand({ Limit: 1 });
  let time = Number.NaN;
  command.middlewareStack.add(
    (next) => async (given) => {
      const answered = await next(given);
      time = Date.parse((answered.response as { headers?: Record<string, string> }).headers?.date ?? '');
      return answered;
    },
    { step: 'deserialize', priority: 'low' },
  );
  await dynamodb.send(command);
  if (Number.isNaN(time)) throw new Error(`DynamoDB in ${region} did not say what time it is`);
  return time;
}
