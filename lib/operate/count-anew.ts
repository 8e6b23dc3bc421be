/**
 * Has producers begin a new count for an entity. Where two regions numbered its events at once, the line that was written
 * last stays, be its count the earlier: a stage that has heard the other then finds everything that comes behind, and
 * gives it up as `out-of-sequence`. No producer can know that, so whoever deals with such a letter sees to it.
 */
import { TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { INGRESS, lineKey, names } from '../model/names.ts';
import { ingressSource } from '../model/pipeline.ts';
import { keeping, lineOf } from '../runtime/line.ts';
import { readItems } from '../runtime/read-items.ts';
import type { Letter } from './letters.ts';
import type { Target } from './target.ts';

/**
 * Where a letter's entity is counted behind what its stage has heard, the next number is the first of a later count. What
 * was numbered and never sent is numbered anew when it is published again.
 * @returns whether that was so
 * @throws whatever DynamoDB answers, a `TransactionCanceledException` when somebody numbers the entity at this moment
 */
export async function countAnew(
  { dynamodb, deployment, pipeline, trail }: Target,
  { reason, stage, entity, source }: Letter,
): Promise<boolean> {
  if (reason !== 'out-of-sequence' || source !== ingressSource(pipeline.name)) return false;
  if (stage === undefined || entity === undefined) return false;
  const table = names.records(deployment);
  const keys = { said: lineKey(INGRESS, entity), heard: lineKey(stage, entity) };
  const items = await readItems({ dynamodb, table }, Object.values(keys));
  const at = trail.now();
  const line = lineOf(keys.said, items.get(keys.said), at);
  const last = line.said[stage];
  const heard = lineOf(keys.heard, items.get(keys.heard), at).heard[source];
  if (!last || !heard || last.generation >= heard.generation) return false;
  const said = { ...line.said, [stage]: { generation: heard.generation + 1, number: 0, at: last.at } };
  const anew = keeping({ ...line, said, parked: {}, recent: [] }, table, at);
  await dynamodb.send(new TransactWriteItemsCommand({ TransactItems: [anew] }));
  return true;
}
