/**
 * Transactions take time, and while one is under way it holds its items: other transactions and single writes that want
 * one of them are refused, and so are transactional reads. Nobody waits, so there is no deadlock. Plain reads see the
 * items as they were. What comes from no client (expiry, writes of other regions) is not refused; the transaction
 * judges its items anew then.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html
 */
import { type Context, ServiceError } from '../service.ts';
import type { Table, Tables } from './state.ts';
import type { Place } from './storage.ts';
import { invalid } from './values.ts';

/** Milliseconds from the first look at the items to the commit. AWS gives no number; a few round trips within a region. */
const SHORTEST = 2;
const LONGEST = 10;

interface Target {
  readonly table: Table;
  readonly key: Place;
}

const nameOf = ({ table, key }: Target): string => `${table.id}/${key.partition.length}:${key.partition}${key.sort}`;

export const isHeld = (state: Tables, target: Target): boolean => state.held.size > 0 && state.held.has(nameOf(target));

/** Holds the items; returns how to let go of them. */
export function hold(state: Tables, targets: readonly Target[]): () => void {
  const names = targets.map(nameOf);
  for (const name of names) state.held.add(name);
  return () => {
    for (const name of names) state.held.delete(name);
  };
}

/** When a transaction that begins now commits. */
export const commitTime = ({ now, dice, region }: Context): number =>
  now + dice.between(SHORTEST, LONGEST, 'dynamodb', 'transaction', region);

export const CONFLICT = 'Transaction is ongoing for the item';

/** @throws ServiceError TransactionConflictException */
export function refuseHeld(state: Tables, target: Target): void {
  if (isHeld(state, target)) throw new ServiceError('TransactionConflictException', CONFLICT);
}

/** @throws ServiceError ValidationException */
export function checkCount(actions: readonly unknown[], most: number): void {
  if (actions.length >= 1 && actions.length <= most) return;
  const bound = actions.length < 1 ? 'greater than or equal to 1' : `less than or equal to ${most}`;
  throw invalid(
    `1 validation error detected: Value at 'TransactItems' failed to satisfy constraint: Member must have length ${bound}`,
  );
}

/** @throws ServiceError TransactionCanceledException with one reason for each action, in order */
export function cancel(reasons: readonly { readonly Code?: string | undefined }[]): never {
  const codes = reasons.map(({ Code }) => Code).join(', ');
  throw new ServiceError(
    'TransactionCanceledException',
    `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
    { fields: { CancellationReasons: reasons } },
  );
}
