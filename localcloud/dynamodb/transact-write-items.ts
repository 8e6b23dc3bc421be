/**
 * All writes or none, in two steps: the first judges the items and holds them, the second, some milliseconds later,
 * commits. What wants the same items in between is refused, as it is on AWS.
 */
import { createHash } from 'node:crypto';
import type { TransactWriteItemsInput, TransactWriteItemsOutput } from '@aws-sdk/client-dynamodb';
import { type Action, type Context, refuseUnknown, ServiceError } from '../service.ts';
import { consumedByTable, readUnits } from './sizes.ts';
import { type Tables, tableOf } from './state.ts';
import { find } from './storage.ts';
import { refuseForStrong } from './strong/group.ts';
import { intentsOf, type Reason, reasonOf } from './transacted-intents.ts';
import { CONFLICT, cancel, checkCount, commitTime, hold, isHeld } from './under-way.ts';
import { invalid, type OnWire } from './values.ts';
import { commit, consumptionOf, type Intent, type Judged, judge } from './write.ts';

const MOST_ACTIONS = 100;
const LARGEST = 4 * 1024 * 1024;
const TOKEN_LIFE = 10 * 60_000;

const KNOWN = ['TransactItems', 'ClientRequestToken', 'ReturnConsumedCapacity', 'ReturnItemCollectionMetrics'];
type Input = OnWire<TransactWriteItemsInput>;
type Output = OnWire<TransactWriteItemsOutput>;

/** What the first step leaves to the second. */
interface UnderWay {
  readonly all: readonly Judged[];
  /** Lets go of the items and of the token. */
  readonly release: () => void;
  readonly succeed: (now: number) => void;
}

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html */
export const transactWriteItems: Action<Tables, Input, Output> = (input, state, context) => {
  const memo = context.memo as { underWay?: UnderWay };
  if (memo.underWay) return end(memo.underWay, input, { state, context });
  refuseUnknown('TransactWriteItems', input, KNOWN);
  const actions = input.TransactItems ?? [];
  checkCount(actions, MOST_ACTIONS);
  const intents = intentsOf(state, actions);
  for (const { table } of intents) refuseForStrong(table, 'TransactWriteItems');
  const token = input.ClientRequestToken;
  const digest = token === undefined ? undefined : digestOf(actions);
  if (digest !== undefined && isRepeated(state, { token: token!, digest }, context.now))
    return repeated(input, intents);
  const all = judgeAll(state, intents);
  const letGo = hold(state, intents);
  if (digest !== undefined) state.tokens.set(token!, { digest, at: undefined });
  memo.underWay = {
    all,
    release: () => {
      letGo();
      if (digest !== undefined) state.tokens.delete(token!);
    },
    succeed: (at) => {
      if (digest !== undefined) state.tokens.set(token!, { digest, at });
    },
  };
  return context.park('dynamodb:transactions', commitTime(context));
};

/** The second step. The items are as they were unless expiry or another region changed them meanwhile. */
function end(
  { all, release, succeed }: UnderWay,
  input: Input,
  { state, context }: { state: Tables; context: Context },
): Output {
  release();
  const intents = all.map(({ intent }) => intent);
  for (const { table } of intents) if (tableOf(state, table.name) !== table) throw gone();
  const unchanged = all.every(({ intent, old }) => find(intent.table.items, intent.key) === old);
  const judged = unchanged ? all : judgeAll(state, intents);
  const consumption = consumedByTable(input.ReturnConsumedCapacity, () =>
    judged.map((one) => consumptionOf(one, true)),
  );
  for (const one of judged) commit(one, context);
  succeed(context.now);
  return consumption;
}

const gone = () => new ServiceError('ResourceNotFoundException', 'Requested resource not found');

const digestOf = (actions: unknown): string => createHash('sha256').update(JSON.stringify(actions)).digest('base64');

/** Whether this very request has succeeded within the last ten minutes. */
function isRepeated(state: Tables, { token, digest }: { token: string; digest: string }, now: number): boolean {
  for (const [oldest, { at }] of state.tokens) {
    if (at === undefined) continue;
    if (at + TOKEN_LIFE > now) break;
    state.tokens.delete(oldest);
  }
  const known = state.tokens.get(token);
  if (known === undefined) return false;
  if (known.digest !== digest) {
    throw new ServiceError(
      'IdempotentParameterMismatchException',
      'The request uses the same client token as a previous, but non-identical request. Do not reuse a client token with different requests, unless the requests are identical.',
    );
  }
  if (known.at !== undefined) return true;
  throw new ServiceError(
    'TransactionInProgressException',
    'The transaction with the given request token is already in progress',
  );
}

/**
 * Nothing is written again, and the answer counts as a read of as many units.
 * @see https://github.com/paritysuite/dynamodb-conformance/pull/67
 */
const repeated = ({ ReturnConsumedCapacity }: Input, intents: readonly Intent[]): Output =>
  consumedByTable(ReturnConsumedCapacity, () =>
    intents.map(({ table, key }) => ({
      tableName: table.name,
      table: readUnits(find(table.items, key)?.size ?? 0, 'transaction'),
      kind: 'read',
    })),
  );

/** @throws ServiceError TransactionCanceledException with one reason for each action, in order */
function judgeAll(state: Tables, intents: readonly Intent[]): Judged[] {
  const all: Judged[] = [];
  const reasons = intents.map((intent): Reason => {
    if (isHeld(state, intent)) return { Code: 'TransactionConflict', Message: CONFLICT };
    try {
      all.push(judge(intent));
      return { Code: 'None' };
    } catch (error) {
      return reasonOf(error);
    }
  });
  if (all.length < intents.length) cancel(reasons);
  const bytes = all.reduce((sum, { size }) => sum + size, 0);
  if (bytes > LARGEST) throw invalid('Transaction request size exceeded the maximum allowed size of 4 MB');
  return all;
}
