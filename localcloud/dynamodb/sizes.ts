/**
 * Sizes as AWS counts them for the 400 KB of an item, the 1 MB of a page and capacity units.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
import type { ConsumedCapacity, ReturnConsumedCapacity } from '@aws-sdk/client-dynamodb';
import { type Item, typeOf, type Value } from './values.ts';

export const LARGEST_ITEM = 400 * 1024;
export const LARGEST_PAGE = 1024 * 1024;

export function sizeOfItem(item: Item): number {
  let size = 0;
  for (const name in item) size += Buffer.byteLength(name) + sizeOfValue(item[name]!);
  return size;
}

export function sizeOfValue(value: Value): number {
  const type = typeOf(value);
  switch (type) {
    case 'S':
      return Buffer.byteLength(value.S!);
    case 'N':
      return sizeOfNumber(value.N!);
    case 'B':
      return Buffer.byteLength(value.B!, 'base64');
    case 'BOOL':
    case 'NULL':
      return 1;
    case 'L':
      return value.L!.reduce((size, element) => size + 1 + sizeOfValue(element), 3);
    case 'M':
      return 3 + Object.keys(value.M!).length + sizeOfItem(value.M!);
    case 'NS':
      return value.NS!.reduce((size, member) => size + sizeOfNumber(member), 0);
    case 'SS':
      return value.SS!.reduce((size, member) => size + Buffer.byteLength(member), 0);
    case 'BS':
      return value.BS!.reduce((size, member) => size + Buffer.byteLength(member, 'base64'), 0);
  }
}

/** "Approximately" one byte for two significant digits and one more. */
const sizeOfNumber = (text: string): number => 1 + Math.ceil(text.replace(/^-?0*\.?0*|\.|0+$/g, '').length / 2);

export interface Consumption {
  readonly tableName: string;
  readonly indexName?: string;
  readonly units: number;
}

/** One unit a started KB; transactions write twice. Writes of indexes are not counted. */
export const writeUnits = (bytes: number, transaction = false): number =>
  Math.max(1, Math.ceil(bytes / 1024)) * (transaction ? 2 : 1);

/** Half a unit a started 4 KB, one if the read is consistent, two in a transaction. */
export const readUnits = (bytes: number, mode: 'eventual' | 'consistent' | 'transaction'): number =>
  Math.max(1, Math.ceil(bytes / 4096)) * { eventual: 0.5, consistent: 1, transaction: 2 }[mode];

/** The `ConsumedCapacity` of an answer, or nothing if it was not asked for. */
export function consumed(
  wanted: ReturnConsumedCapacity | undefined,
  { tableName, indexName, units }: Consumption,
): { ConsumedCapacity?: ConsumedCapacity } {
  if (wanted === undefined || wanted === 'NONE') return {};
  const ConsumedCapacity = { TableName: tableName, CapacityUnits: units };
  if (wanted === 'TOTAL') return { ConsumedCapacity };
  const table = { CapacityUnits: indexName === undefined ? units : 0 };
  const indexes = indexName === undefined ? {} : { GlobalSecondaryIndexes: { [indexName]: { CapacityUnits: units } } };
  return { ConsumedCapacity: { ...ConsumedCapacity, Table: table, ...indexes } };
}

/** The same for actions that touch several tables: one entry a table, in order of first use. */
export function consumedByTable(
  wanted: ReturnConsumedCapacity | undefined,
  all: readonly Consumption[],
): { ConsumedCapacity?: ConsumedCapacity[] } {
  if (wanted === undefined || wanted === 'NONE') return {};
  const units = new Map<string, number>();
  for (const one of all) units.set(one.tableName, (units.get(one.tableName) ?? 0) + one.units);
  return {
    ConsumedCapacity: [...units].map(
      ([tableName, sum]) => consumed(wanted, { tableName, units: sum }).ConsumedCapacity!,
    ),
  };
}
