import type { BatchGetItemInput, BatchGetItemOutput, KeysAndAttributes } from '@aws-sdk/client-dynamodb';
import { type Action, refuseUnknown } from '../service.ts';
import { requestedParts } from './expressions/requested-parts.ts';
import { keyOfRequest } from './keys.ts';
import { readFrom } from './lagging.ts';
import { type Consumption, consumedByTable, readUnits } from './sizes.ts';
import { type Table, type Tables, tableOf } from './state.ts';
import { find } from './storage.ts';
import { catchUp } from './strong/show.ts';
import { checkTableName } from './table-names.ts';
import { type Item, invalid, type OnWire } from './values.ts';

const KNOWN_OF_TABLE = ['Keys', 'ConsistentRead', 'ProjectionExpression', 'ExpressionAttributeNames'];
const MOST_KEYS = 100;
/** Bytes of an answer; the rest comes back as unprocessed. */
const LARGEST_ANSWER = 16 * 1024 * 1024;

type Wanted = OnWire<KeysAndAttributes>;

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html */
export const batchGetItem: Action<Tables, OnWire<BatchGetItemInput>, OnWire<BatchGetItemOutput>> = (
  input,
  state,
  context,
) => {
  refuseUnknown('BatchGetItem', input, ['RequestItems', 'ReturnConsumedCapacity']);
  const requests = checkCounts(input.RequestItems);
  const Responses: Record<string, Item[]> = {};
  const UnprocessedKeys: Record<string, Wanted> = {};
  const consumptions: Consumption[] = [];
  let room = LARGEST_ANSWER;
  for (const [name, wanted] of requests) {
    refuseUnknown('BatchGetItem', wanted, KNOWN_OF_TABLE);
    const table = tableOf(state, name);
    if (wanted.ConsistentRead) catchUp(table, context);
    const { items, bytes, units, rest } = read(table, wanted, room);
    room -= bytes;
    Responses[name] = items;
    if (rest.length > 0) UnprocessedKeys[name] = { ...wanted, Keys: rest };
    consumptions.push({ tableName: table.name, table: units });
  }
  return { Responses, UnprocessedKeys, ...consumedByTable(input.ReturnConsumedCapacity, () => consumptions) };
};

function checkCounts(requestItems: OnWire<BatchGetItemInput>['RequestItems']): [string, Wanted][] {
  const tables = Object.entries(requestItems ?? {});
  const wrong = (where: string, bound: string) =>
    invalid(
      `1 validation error detected: Value at '${where}' failed to satisfy constraint: Member must have length ${bound}`,
    );
  if (tables.length === 0) throw wrong('RequestItems', 'greater than or equal to 1');
  for (const [name, { Keys = [] }] of tables) {
    checkTableName(name);
    if (Keys.length === 0) throw wrong(`RequestItems.${name}.member.Keys`, 'greater than or equal to 1');
    if (Keys.length > MOST_KEYS) throw wrong(`RequestItems.${name}.member.Keys`, `less than or equal to ${MOST_KEYS}`);
  }
  const total = tables.reduce((sum, [, { Keys = [] }]) => sum + Keys.length, 0);
  if (total > MOST_KEYS) throw invalid('Too many items requested for the BatchGetItem call');
  return tables;
}

function read(table: Table, wanted: Wanted, room: number) {
  const show = requestedParts(wanted);
  const keys = wanted.Keys!.map((key) => keyOfRequest(table, key));
  if (new Set(keys.map(({ partition, sort }) => JSON.stringify([partition, sort]))).size !== keys.length) {
    throw invalid('Provided list of item keys contains duplicates');
  }
  const source = readFrom(table, { consistent: wanted.ConsistentRead === true });
  const items: Item[] = [];
  let bytes = 0;
  let units = 0;
  for (const [index, key] of keys.entries()) {
    const found = find(source, key);
    const size = found?.size ?? 0;
    if (bytes + size > room) return { items, bytes, units, rest: wanted.Keys!.slice(index) };
    bytes += size;
    units += readUnits(size, wanted.ConsistentRead ? 'consistent' : 'eventual');
    if (found) items.push(show(found.item));
  }
  return { items, bytes, units, rest: [] };
}
