import type { BatchWriteItemInput, BatchWriteItemOutput, WriteRequest } from '@aws-sdk/client-dynamodb';
import { type Action, refuseUnknown } from '../service.ts';
import { deleteIntent, putIntent } from './intents.ts';
import { consumedByTable, writeUnits } from './sizes.ts';
import type { Tables } from './state.ts';
import { invalid, type OnWire } from './values.ts';
import { commit, type Intent, judge } from './write.ts';

const MOST_WRITES = 25;

/**
 * Nothing is ever left unprocessed here, unless a fault says so.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html
 */
export const batchWriteItem: Action<Tables, OnWire<BatchWriteItemInput>, OnWire<BatchWriteItemOutput>> = (
  input,
  state,
  context,
) => {
  refuseUnknown('BatchWriteItem', input, ['RequestItems', 'ReturnConsumedCapacity', 'ReturnItemCollectionMetrics']);
  const intents: Intent[] = [];
  for (const [TableName, requests] of Object.entries(input.RequestItems!)) {
    for (const request of requests) intents.push(intentOf(state, TableName, request));
  }
  if (intents.length === 0) throw invalid('The batch write request list for a table cannot be null or empty');
  if (intents.length > MOST_WRITES) throw invalid('Too many items requested for the BatchWriteItem call');
  const places = intents.map(({ table, key }) => JSON.stringify([table.name, key.partition, key.sort]));
  if (new Set(places).size !== places.length) throw invalid('Provided list of item keys contains duplicates');
  // Judged as a whole first, since a batch with an invalid item is refused as a whole.
  const all = intents.map(judge);
  for (const judged of all) commit(judged, context);
  const consumptions = all.map(({ intent, size, old }) => ({
    tableName: intent.table.name,
    units: writeUnits(Math.max(size, old?.size ?? 0)),
  }));
  return { UnprocessedItems: {}, ...consumedByTable(input.ReturnConsumedCapacity, consumptions) };
};

function intentOf(state: Tables, TableName: string, request: OnWire<WriteRequest>): Intent {
  const { PutRequest, DeleteRequest } = request;
  if (PutRequest && !DeleteRequest) return putIntent(state, { TableName, Item: PutRequest.Item });
  if (DeleteRequest && !PutRequest) return deleteIntent(state, { TableName, Key: DeleteRequest.Key });
  throw invalid(
    'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes',
  );
}
