/**
 * All writes or none. Judging changes nothing and committing cannot fail, so atomicity needs nothing more; nobody else
 * can come between, so a conflict of transactions only happens where a fault feigns one.
 */
import { createHash } from 'node:crypto';
import type {
  CancellationReason,
  TransactWriteItem,
  TransactWriteItemsInput,
  TransactWriteItemsOutput,
} from '@aws-sdk/client-dynamodb';
import { type Action, isServiceError, refuseUnknown, ServiceError } from '../service.ts';
import { checkIntent, deleteIntent, putIntent, updateIntent } from './intents.ts';
import { refuseRepeated } from './keys.ts';
import { consumedByTable, writeUnits } from './sizes.ts';
import type { Tables } from './state.ts';
import { invalid, type OnWire } from './values.ts';
import { commit, type Intent, type Judged, judge } from './write.ts';

const MOST_ACTIONS = 100;
const LARGEST = 4 * 1024 * 1024;
const TOKEN_LIFE = 10 * 60_000;

const KNOWN = ['TransactItems', 'ClientRequestToken', 'ReturnConsumedCapacity', 'ReturnItemCollectionMetrics'];
const CONDITIONAL = [
  'TableName',
  'ConditionExpression',
  'ExpressionAttributeNames',
  'ExpressionAttributeValues',
  'ReturnValuesOnConditionCheckFailure',
];

type Reason = OnWire<CancellationReason>;

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html */
export const transactWriteItems: Action<Tables, OnWire<TransactWriteItemsInput>, OnWire<TransactWriteItemsOutput>> = (
  input,
  state,
  context,
) => {
  refuseUnknown('TransactWriteItems', input, KNOWN);
  const actions = input.TransactItems ?? [];
  if (actions.length < 1 || actions.length > MOST_ACTIONS) {
    const bound = actions.length < 1 ? 'greater than or equal to 1' : `less than or equal to ${MOST_ACTIONS}`;
    throw invalid(
      `1 validation error detected: Value at 'transactItems' failed to satisfy constraint: Member must have length ${bound}`,
    );
  }
  const intents = actions.map((action) => intentOf(state, action));
  refuseRepeated(intents);
  const digest = input.ClientRequestToken === undefined ? undefined : digestOf(actions);
  if (digest !== undefined && isRepeated(state, { token: input.ClientRequestToken!, digest }, context.now)) return {};
  const all = judgeAll(intents);
  for (const judged of all) commit(judged, context);
  if (digest !== undefined) state.tokens.set(input.ClientRequestToken!, { digest, at: context.now });
  return answerOf(input, all);
};

function intentOf(state: Tables, action: OnWire<TransactWriteItem>): Intent {
  const kinds = Object.keys(action).filter((kind) => action[kind as keyof TransactWriteItem] !== undefined);
  if (kinds.length !== 1) {
    throw invalid('TransactItems can only contain one of Check, Put, Update or Delete');
  }
  const { Put, Update, Delete, ConditionCheck } = action;
  if (Put) refuseUnknown('TransactWriteItems.Put', Put, [...CONDITIONAL, 'Item']);
  if (Put) return putIntent(state, Put);
  if (Update) refuseUnknown('TransactWriteItems.Update', Update, [...CONDITIONAL, 'Key', 'UpdateExpression']);
  if (Update) return updateIntent(state, Update);
  const keyed = Delete ?? ConditionCheck;
  refuseUnknown(`TransactWriteItems.${kinds[0]}`, keyed ?? action, [...CONDITIONAL, 'Key']);
  if (Delete) return deleteIntent(state, Delete);
  if (ConditionCheck!.ConditionExpression === undefined) {
    throw invalid('The ConditionExpression parameter is required for ConditionCheck');
  }
  return checkIntent(state, ConditionCheck!);
}

const digestOf = (actions: unknown): string => createHash('sha256').update(JSON.stringify(actions)).digest('base64');

/** Whether this very request has succeeded within the last ten minutes. */
function isRepeated(state: Tables, { token, digest }: { token: string; digest: string }, now: number): boolean {
  for (const [oldest, { at }] of state.tokens) {
    if (at + TOKEN_LIFE > now) break;
    state.tokens.delete(oldest);
  }
  const known = state.tokens.get(token);
  if (known === undefined || known.digest === digest) return known !== undefined;
  throw new ServiceError(
    'IdempotentParameterMismatchException',
    'The request uses the same client token as a previous, but non-identical request. Do not reuse a client token with different requests, unless the requests are identical.',
  );
}

/** @throws ServiceError TransactionCanceledException with one reason for each action, in order */
function judgeAll(intents: readonly Intent[]): Judged[] {
  const all: Judged[] = [];
  const reasons = intents.map((intent): Reason => {
    try {
      all.push(judge(intent));
      return { Code: 'None' };
    } catch (error) {
      return reasonOf(error);
    }
  });
  if (all.length < intents.length) {
    const codes = reasons.map(({ Code }) => Code).join(', ');
    throw new ServiceError(
      'TransactionCanceledException',
      `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
      { fields: { CancellationReasons: reasons } },
    );
  }
  const bytes = all.reduce((sum, { size }) => sum + size, 0);
  if (bytes > LARGEST) throw invalid('Transaction request size exceeded the maximum allowed size of 4 MB');
  return all;
}

function reasonOf(error: unknown): Reason {
  if (!isServiceError(error)) throw error;
  const codes: Record<string, string> = {
    ConditionalCheckFailedException: 'ConditionalCheckFailed',
    ValidationException: 'ValidationError',
  };
  const Code = codes[error.code];
  if (Code === undefined) throw error;
  return { Code, Message: error.message, ...error.fields };
}

function answerOf(input: OnWire<TransactWriteItemsInput>, all: readonly Judged[]): OnWire<TransactWriteItemsOutput> {
  const consumptions = all.map(({ intent, size, old }) => ({
    tableName: intent.table.name,
    units: writeUnits(Math.max(size, old?.size ?? 0), true),
  }));
  return consumedByTable(input.ReturnConsumedCapacity, consumptions);
}
