/**
 * Completes here what another region completed and could not hand on in full: transactions come item by item, and of one that
 * was committed just before a loss the record may have come and its items not.
 */
import { type DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { recordKey } from '../model/names.ts';
import { allEnded } from './all-ended.ts';
import { currentSignal } from './clients.ts';
import { backOff, now, pause } from './clock.ts';
import { commit, recordOf } from './commit.ts';
import type { CompletingOptions } from './completing.ts';
import type { Decision } from './decision.ts';
import { measure } from './measure.ts';
import { itemOf, type StoredRecord } from './record.ts';
import type { Arrival } from './settled.ts';
import { tellUnknown } from './testimony.ts';
import type { Write } from './tools.ts';
import { torn } from './torn.ts';
import { holds, type Kept } from './trail.ts';

const RUNS_MAX = 6;

/**
 * Facts are written as the record has them. What was replaced may have been replaced here since by others: there the handler
 * runs once more, on what is there, and what it writes is applied; what it says was said before. Where it says something else by
 * now, what was said holds, and the record tells that what was written does not.
 * @throws Torn where that may still come with the other region's return
 */
export async function restore(arrival: Arrival, known: StoredRecord, options: CompletingOptions): Promise<void> {
  const { dynamodb, table, stage, epoch } = options;
  const key = recordKey(stage, arrival.event.id);
  let record: StoredRecord | undefined = known;
  for (let run = 1; record?.decision && record.epoch < epoch(); run++) {
    const { writes, events } = record.decision;
    const state = await stateOf(writes.filter(isReplacing), { dynamodb, key, epoch: record.epoch });
    if (state === 'there') return addAll(dynamodb, writes, key);
    if (run > RUNS_MAX)
      throw new Error(`${stage}: ${key} met another commit ${RUNS_MAX} times; it will be tried again`);
    if (run > 1) await pause(backOff(run), currentSignal());
    const decision = await options.decide(arrival, { anew: true });
    const isSame = saysTheSame(decision, record.decision);
    if (!isSame && state === 'to come') throw torn(key, 'its handler decides otherwise by now');
    const known: Decision = isSame
      ? { events, writes: decision.writes }
      : { events, writes: writes.filter((write) => !isReplacing(write)), unknown: 'writes' };
    const [committed] = await commit(dynamodb, [
      {
        ...{ table, key, token: `${arrival.token}/anew/${run}`, anew: record.token, epoch: epoch(), now: now() },
        ...{ decision: known, digest: record.digest, type: arrival.event.type, redrives: record.redrives },
        ...{ lines: [], after: undefined },
      },
    ]);
    if (!isSame && committed!.kind === 'committed') {
      tellUnknown(key, events, decision);
      measure('WritesUnknown', 1);
    }
    record = await recordOf(dynamodb, { table, key });
  }
}

/** Records of before said it of none. */
const isReplacing = ({ added, replaces }: Write): boolean => !(added ?? replaces === null);

/**
 * Whether the items hold what a record says that it wrote. `replaced`: here others have written to those that do not, under a later
 * authority, and the later write wins: nothing more will come of it.
 */
async function stateOf(
  writes: readonly Write[],
  { dynamodb, key: by, epoch }: { dynamodb: DynamoDBClient; key: string; epoch: number },
): Promise<'there' | 'to come' | 'replaced'> {
  let state: 'there' | 'replaced' = 'there';
  for (const { table, key, replaces } of writes) {
    const { Item } = await dynamodb.send(
      new GetItemCommand({ TableName: table, Key: { id: { S: key } }, ConsistentRead: true }),
    );
    const found = Item && (unmarshall(Item) as Kept);
    if (holds(found, { by, epoch, version: (replaces ?? 0) + 1 })) continue;
    if (!found?.forks?.some(([later]) => later > epoch)) return 'to come';
    state = 'replaced';
  }
  return state;
}

/** One that is there stays as it is. */
async function addAll(dynamodb: DynamoDBClient, writes: readonly Write[], by: string): Promise<void> {
  const add = (write: Write) =>
    dynamodb.send(
      new PutItemCommand({
        TableName: write.table,
        Item: itemOf(write, by),
        ConditionExpression: 'attribute_not_exists(id)',
      }),
    );
  const unlessThere = (error: unknown) => {
    if (!(error instanceof Error) || error.name !== 'ConditionalCheckFailedException') throw error;
  };
  await allEnded(writes.filter((write) => !isReplacing(write)).map((write) => add(write).catch(unlessThere)));
}

/** When it was said, and under which number, is no part of it. */
const saysTheSame = (one: Decision, other: Decision): boolean =>
  one.failure === undefined && contentOf(one) === contentOf(other);

const contentOf = ({ events }: Decision): string =>
  JSON.stringify(events.map(({ id, type, data }) => [id, type, data]));
