/**
 * Sizes as AWS counts them for the 400 KB of an item, the 1 MB of a page and capacity units.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
import type { Capacity, ConsumedCapacity, ReturnConsumedCapacity } from '@aws-sdk/client-dynamodb';
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

/**
 * Half a byte a significant digit, rounded up before and after the point, one for the sign and one more. The Developer
 * Guide says it approximately; the service was measured to the byte.
 * @see https://github.com/paritysuite/dynamodb-conformance/blob/main/tests/tier3/limits/numberByteSize.test.ts
 */
function sizeOfNumber(text: string): number {
  const [whole = '', fraction = ''] = text.replace('-', '').split('.');
  const before = whole.replace(/^0+/, '');
  const digitsBefore = fraction === '' ? before.replace(/0+$/, '') : before;
  const digitsAfter = before === '' ? fraction.replace(/^0+/, '') : fraction;
  return 1 + Math.ceil(digitsBefore.length / 2) + Math.ceil(digitsAfter.length / 2) + (text.startsWith('-') ? 1 : 0);
}

/** What a request used of one table. */
export interface Consumption {
  readonly tableName: string;
  /** Units of the table itself. */
  readonly table: number;
  /** Units of its indexes, of those that were touched. */
  readonly indexes?: Readonly<Record<string, number>>;
  /** Only transactions say which units they used. */
  readonly kind?: 'read' | 'write';
}

/** One unit a started KB; transactions write twice. */
export const writeUnits = (bytes: number, transaction = false): number =>
  Math.max(1, Math.ceil(bytes / 1024)) * (transaction ? 2 : 1);

/** Half a unit a started 4 KB, one if the read is consistent, two in a transaction. */
export const readUnits = (bytes: number, mode: 'eventual' | 'consistent' | 'transaction'): number =>
  Math.max(1, Math.ceil(bytes / 4096)) * { eventual: 0.5, consistent: 1, transaction: 2 }[mode];

type Wanted = ReturnConsumedCapacity | undefined;

export const isWanted = (wanted: Wanted): boolean => wanted !== undefined && wanted !== 'NONE';

/** The `ConsumedCapacity` of an answer, or nothing if it was not asked for. */
export const consumed = (wanted: Wanted, consumption: () => Consumption): { ConsumedCapacity?: ConsumedCapacity } =>
  isWanted(wanted) ? { ConsumedCapacity: capacityOf(wanted!, consumption()) } : {};

function capacityOf(
  wanted: ReturnConsumedCapacity,
  { tableName, table, indexes = {}, kind }: Consumption,
): ConsumedCapacity {
  const units = (CapacityUnits: number): Capacity => ({
    CapacityUnits,
    ...(kind === 'read' ? { ReadCapacityUnits: CapacityUnits } : {}),
    ...(kind === 'write' ? { WriteCapacityUnits: CapacityUnits } : {}),
  });
  const touched = Object.entries(indexes);
  const total = { TableName: tableName, ...units(touched.reduce((sum, [, own]) => sum + own, table)) };
  if (wanted === 'TOTAL') return total;
  const GlobalSecondaryIndexes = Object.fromEntries(touched.map(([name, own]) => [name, units(own)]));
  return { ...total, Table: units(table), ...(touched.length > 0 ? { GlobalSecondaryIndexes } : {}) };
}

/** The same for actions that touch several tables: one entry a table, in order of first use. */
export function consumedByTable(
  wanted: Wanted,
  consumptions: () => readonly Consumption[],
): { ConsumedCapacity?: ConsumedCapacity[] } {
  if (!isWanted(wanted)) return {};
  const byTable = new Map<string, Consumption>();
  for (const one of consumptions()) {
    const former = byTable.get(one.tableName);
    byTable.set(one.tableName, former ? together(former, one) : one);
  }
  return { ConsumedCapacity: [...byTable.values()].map((one) => capacityOf(wanted!, one)) };
}

function together(former: Consumption, one: Consumption): Consumption {
  const indexes: Record<string, number> = { ...former.indexes };
  for (const [name, units] of Object.entries(one.indexes ?? {})) indexes[name] = (indexes[name] ?? 0) + units;
  return { ...one, table: former.table + one.table, indexes };
}
