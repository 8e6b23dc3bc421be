/**
 * The commit: in one DynamoDB transaction the record of an event becomes completed, on condition that it is still ours
 * to complete, together with every write its handler asked for.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
 */
import {
  type CancellationReason,
  type DynamoDBClient,
  GetItemCommand,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { keeping } from './line.ts';
import { type Completion, completing, expiring, readRecord, type StoredRecord, tying, writing } from './record.ts';

/** How a commit ended. */
export type Committed =
  /** It holds, now or since an attempt whose answer was lost. */
  | { readonly kind: 'committed' }
  /** Somebody completed the event before; this is what they decided. */
  | { readonly kind: 'known'; readonly record: StoredRecord }
  /** A lease that was ours is no longer. */
  | { readonly kind: 'lost' }
  /** What the handler read has changed: run it anew. `taken`: the fact, as `table/key`, that another event has added. */
  | { readonly kind: 'stale'; readonly taken?: string }
  /** Another transaction is at the same items: try again. */
  | { readonly kind: 'busy' };

/** A transaction takes at most 100 actions and 4 MB. */
export const ACTIONS_MAX = 100;
export const TRANSACTION_BYTES_MAX = 3_500_000;

const actionsOf = (completion: Completion, leased: boolean): TransactWriteItem[] => [
  completing(completion, { leased }),
  ...completion.decision.writes.map((write) => writing(write, completion.key)),
  ...completion.lines.map((line) => keeping(line, completion.table, completion.now)),
  ...(completion.after === undefined ? [] : [tying(completion.table, completion.after, completion.key)]),
  ...(completion.through === undefined ? [] : [expiring(completion.table, completion.through, completion.now)]),
];

/**
 * Commits several completions, all or none. The answers are in the order of the completions.
 * @throws whatever DynamoDB answers that is no cancellation, where the records do not show that it was done all the same
 */
export async function commit(
  dynamodb: DynamoDBClient,
  completions: readonly Completion[],
  { leased = false } = {},
): Promise<readonly Committed[]> {
  const actions = completions.map((completion) => actionsOf(completion, leased));
  try {
    await dynamodb.send(new TransactWriteItemsCommand({ TransactItems: actions.flat() }));
    return completions.map(() => ({ kind: 'committed' }));
  } catch (error) {
    const reasons = cancellationReasons(error);
    if (reasons) return explain(reasons, { actions, completions, leased });
    return afterUnknownResult(dynamodb, completions, { cause: error, leased });
  }
}

/** Why a transaction was cancelled, for each of its actions; undefined for whatever else was thrown. */
export const cancellationReasons = (error: unknown): readonly CancellationReason[] | undefined =>
  error instanceof Error && error.name === 'TransactionCanceledException' && 'CancellationReasons' in error
    ? (error.CancellationReasons as CancellationReason[])
    : undefined;

/** Says of each completion why the transaction was cancelled; of those without blame, that they may try again. */
function explain(
  reasons: readonly CancellationReason[],
  {
    actions,
    completions,
    leased,
  }: { actions: TransactWriteItem[][]; completions: readonly Completion[]; leased: boolean },
): readonly Committed[] {
  let at = 0;
  return actions.map((own, index): Committed => {
    const [ofRecord, ...ofWrites] = reasons.slice(at, at + own.length);
    at += own.length;
    if (ofRecord?.Code === 'ConditionalCheckFailed') {
      const record = ofRecord.Item && readRecord(ofRecord.Item);
      if (record?.status === 'COMPLETED') {
        return ours(record, completions[index]!, leased);
      }
      return leased ? { kind: 'lost' } : { kind: 'busy' };
    }
    const failed = ofWrites.find((reason) => reason.Code !== undefined && reason.Code !== 'None');
    if (failed?.Code === 'ConditionalCheckFailed') {
      const write = completions[index]!.decision.writes[ofWrites.indexOf(failed)];
      return write?.added ? { kind: 'stale', taken: `${write.table}/${write.key}` } : { kind: 'stale' };
    }
    if (failed && failed.Code !== 'TransactionConflict' && !transient.has(failed.Code!)) {
      throw Object.assign(
        new Error(`the commit of ${completions[index]!.key} was refused: ${failed.Code}: ${failed.Message}`),
        { name: failed.Code },
      );
    }
    return { kind: 'busy' };
  });
}

const transient = new Set(['ThrottlingError', 'ProvisionedThroughputExceeded', 'TransactionConflict', 'DuplicateItem']);

/**
 * What a completed record says that may bear our token. Under a lease an event is decided once. Without one it may have been
 * decided anew after an attempt that seemed to have failed, and it is that attempt which holds: so the record is asked.
 */
const ours = (record: StoredRecord, { token }: Completion, leased: boolean): Committed =>
  leased && record.token === token ? { kind: 'committed' } : { kind: 'known', record };

/** The answer was lost, or was no answer. The records know: those that bear our token are done. */
async function afterUnknownResult(
  dynamodb: DynamoDBClient,
  completions: readonly Completion[],
  { cause, leased }: { cause: unknown; leased: boolean },
): Promise<readonly Committed[]> {
  const [one, ...others] = completions;
  const isOurs = (record: StoredRecord | undefined, { token }: Completion): record is StoredRecord =>
    record?.status === 'COMPLETED' && record.token === token;
  const first = await recordOf(dynamodb, one!);
  if (!isOurs(first, one!)) throw cause;
  const records = [first, ...(await Promise.all(others.map((other) => recordOf(dynamodb, other))))];
  return completions.map((completion, index) => {
    const record = records[index];
    return isOurs(record, completion) ? ours(record, completion, leased) : { kind: 'busy' };
  });
}

/** The record of a completion as it is now, read consistently. */
export async function recordOf(
  dynamodb: DynamoDBClient,
  { table, key }: Pick<Completion, 'table' | 'key'>,
): Promise<StoredRecord | undefined> {
  const { Item } = await dynamodb.send(
    new GetItemCommand({ TableName: table, Key: { id: { S: key } }, ConsistentRead: true }),
  );
  return Item && readRecord(Item);
}
