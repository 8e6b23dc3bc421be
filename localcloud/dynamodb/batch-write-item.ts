import type { BatchWriteItemInput, BatchWriteItemOutput, WriteRequest } from '@aws-sdk/client-dynamodb';
import { type Action, refuseUnknown, ServiceError } from '../service.ts';
import { deleteIntent, putIntent } from './intents.ts';
import { isKeyMismatch, keyMismatch } from './keys.ts';
import { consumedByTable } from './sizes.ts';
import type { Tables } from './state.ts';
import { checkTableName } from './table-names.ts';
import { isHeld } from './under-way.ts';
import { invalid, type OnWire } from './values.ts';
import { commit, consumptionOf, type Intent, judge } from './write.ts';

const MOST_WRITES = 25;

type Input = OnWire<BatchWriteItemInput>;
type Requests = Record<string, OnWire<WriteRequest>[]>;

/**
 * Unprocessed is what a transaction holds; AWS leaves more undone when it is busy.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html
 */
export const batchWriteItem: Action<Tables, Input, OnWire<BatchWriteItemOutput>> = (input, state, context) => {
  refuseUnknown('BatchWriteItem', input, ['RequestItems', 'ReturnConsumedCapacity', 'ReturnItemCollectionMetrics']);
  const wanted = Object.entries(checkCounts(input.RequestItems)).flatMap(([name, requests]) =>
    requests.map((request) => ({ name, request, intent: intentOf(state, name, request) })),
  );
  for (const { intent } of wanted) refuseOrdered(intent);
  const places = wanted.map(({ intent: { table, key } }) => JSON.stringify([table.name, key.partition, key.sort]));
  if (new Set(places).size !== places.length) throw invalid('Provided list of item keys contains duplicates');
  const UnprocessedItems: Requests = {};
  for (const { name, request, intent } of wanted) {
    if (isHeld(state, intent)) UnprocessedItems[name] = [...(UnprocessedItems[name] ?? []), request];
  }
  // Judged as a whole first, since a batch with an invalid item is refused as a whole.
  const all = wanted.filter(({ intent }) => !isHeld(state, intent)).map(({ intent }) => judge(intent));
  const consumption = consumedByTable(input.ReturnConsumedCapacity, () => all.map((judged) => consumptionOf(judged)));
  for (const judged of all) commit(judged, context);
  return { UnprocessedItems, ...consumption };
};

/** @throws ServiceError NotImplemented, 501: AWS has it */
function refuseOrdered({ table: { order, name } }: Intent): void {
  if (!order) return;
  const message = `BatchWriteItem: the local cloud writes ${name}, which is strongly consistent between Regions, item by item only`;
  throw new ServiceError('NotImplemented', message, { status: 501 });
}

function checkCounts(requestItems: Input['RequestItems']): Requests {
  const tables = Object.entries(requestItems ?? {});
  const wrong = (where: string, bound: string) =>
    invalid(
      `1 validation error detected: Value at '${where}' failed to satisfy constraint: Member must have length ${bound}`,
    );
  if (tables.length === 0) throw wrong('RequestItems', 'greater than or equal to 1');
  for (const [name, requests] of tables) {
    checkTableName(name);
    if (requests.length === 0) throw wrong(`RequestItems.${name}.member`, 'greater than or equal to 1');
    if (requests.length > MOST_WRITES)
      throw wrong(`RequestItems.${name}.member`, `less than or equal to ${MOST_WRITES}`);
  }
  const total = tables.reduce((sum, [, requests]) => sum + requests.length, 0);
  if (total > MOST_WRITES) throw invalid('Too many items requested for the BatchWriteItem call');
  return requestItems!;
}

function intentOf(state: Tables, TableName: string, request: OnWire<WriteRequest>): Intent {
  const { PutRequest, DeleteRequest } = request;
  if (!PutRequest === !DeleteRequest) {
    throw invalid(
      'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes',
    );
  }
  try {
    if (PutRequest) return putIntent(state, { TableName, Item: PutRequest.Item });
    return deleteIntent(state, { TableName, Key: DeleteRequest!.Key });
  } catch (error) {
    throw isKeyMismatch(error) ? keyMismatch() : error;
  }
}
