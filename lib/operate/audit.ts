/**
 * The trail of what operators do, in the platform's table: who did what, upon which, why, and what came of it. Written before
 * the deed, so that nothing is done that left no trace, and completed after it. It never expires.
 */
import { PutItemCommand, ScanCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { AUDIT, auditKey, names } from '../model/names.ts';
import { type Target, UsageError } from './target.ts';

/** Something that an operator does. */
export interface Act {
  /** As on the command line: `dlq redrive`. */
  readonly what: string;
  readonly on: Readonly<Record<string, unknown>>;
  /** Why. */
  readonly note: string | undefined;
}

export interface AuditEntry {
  readonly id: string;
  /** RFC 3339. */
  readonly at: string;
  /** An ARN. */
  readonly who: string;
  readonly what: string;
  readonly on: Readonly<Record<string, unknown>>;
  readonly why: string;
  readonly result: string;
}

/** What is still to be told when the deed is done. */
export const UNDER_WAY = 'under way';

/** Who we are, as AWS knows us. */
export async function callerOf({ clientOptions }: Target): Promise<string> {
  return (await new STSClient(clientOptions).send(new GetCallerIdentityCommand({}))).Arn!;
}

/**
 * Refuses a deed without a reason.
 * @throws UsageError without a note
 */
export function noted({ what, note }: Pick<Act, 'what' | 'note'>): string {
  if (note !== undefined && note.trim() !== '') return note;
  throw new UsageError(`${what} changes things: say why with --note "…"; it is kept in the audit trail`);
}

/** A deed that is being done. */
export interface Deed {
  readonly id: string;
  readonly who: string;
  readonly at: string;
  /** Says what came of it. */
  ended(result: string): Promise<void>;
}

/**
 * Writes down what is about to be done.
 * @throws UsageError without a note; whatever DynamoDB or STS answers: what cannot be written down is not done
 */
export async function begin(target: Target, act: Act, who?: string): Promise<Deed> {
  const why = noted(act);
  const { dynamodb, deployment, trail } = target;
  const TableName = names.records(deployment);
  const time = () => new Date(trail.now()).toISOString();
  const at = time();
  const id = auditKey(at, trail.newId());
  const caller = who ?? (await callerOf(target));
  const entry: AuditEntry = { id, at, who: caller, what: act.what, on: act.on, why, result: UNDER_WAY };
  const Item = marshall(entry, { removeUndefinedValues: true });
  await dynamodb.send(new PutItemCommand({ TableName, Item, ConditionExpression: 'attribute_not_exists(id)' }));
  return {
    id,
    at,
    who: caller,
    async ended(result) {
      await dynamodb.send(
        new UpdateItemCommand({
          TableName,
          Key: marshall({ id }),
          UpdateExpression: 'SET #result = :result, ended = :ended',
          ExpressionAttributeNames: { '#result': 'result' },
          ExpressionAttributeValues: marshall({ ':result': result, ':ended': time() }),
        }),
      );
    },
  };
}

/** Does something that is written down before and after. `tell` puts what came of it into words. */
export async function audited<T>(
  target: Target,
  act: Act,
  { run, tell }: { run: (deed: Deed) => Promise<T>; tell: (done: T) => string },
): Promise<T> {
  const deed = await begin(target, act);
  try {
    const done = await run(deed);
    await deed.ended(tell(done));
    return done;
  } catch (error) {
    await deed.ended(`failed: ${(error as Error).message}`).catch(() => {});
    throw error;
  }
}

/** Lists the trail, oldest first. Reads the whole table of records, a page at a time. */
export async function listAudit(
  { dynamodb, deployment }: Target,
  { since }: { since?: string | undefined } = {},
): Promise<readonly AuditEntry[]> {
  const found: AuditEntry[] = [];
  let ExclusiveStartKey: Record<string, any> | undefined;
  do {
    const page = await dynamodb.send(
      new ScanCommand({
        TableName: names.records(deployment),
        FilterExpression: 'begins_with(id, :audit) AND id >= :since AND attribute_exists(#what)',
        ExpressionAttributeNames: { '#what': 'what' },
        ExpressionAttributeValues: marshall({ ':audit': `${AUDIT}#`, ':since': `${AUDIT}#${since ?? ''}` }),
        ...(ExclusiveStartKey ? { ExclusiveStartKey } : {}),
      }),
    );
    found.push(...(page.Items ?? []).map((item) => unmarshall(item) as AuditEntry));
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey);
  return found.sort((a, b) => (a.id < b.id ? -1 : 1));
}
