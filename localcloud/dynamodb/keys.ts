/** Keys of items: what they must be, and where they lead. */

import { isServiceError, type ServiceError } from '../service.ts';
import { sortable } from './compare.ts';
import type { Index, KeyAttribute, Keys, Table } from './state.ts';
import type { Place } from './storage.ts';
import { acceptItem, type Item, invalid, typeOf, type Value } from './values.ts';

/** Quotas of the Developer Guide, in bytes. */
const LONGEST_PARTITION_KEY = 2048;
const LONGEST_SORT_KEY = 1024;

const MISMATCH = 'The provided key element does not match the schema';

/** A key that is not of the table's schema; transactions and batches say so in ways of their own. */
export const isKeyMismatch = (error: unknown): error is ServiceError =>
  isServiceError(error) &&
  (error.message === MISMATCH || /: (?:Missing the key|Type mismatch for key) /.test(error.message));

/** What a batch says of any of them. */
export const keyMismatch = (): ServiceError => invalid(MISMATCH);

export interface Key extends Place {
  /** The key attributes. */
  readonly attributes: Item;
}

/**
 * The key of an item that is to be put.
 * @throws ServiceError ValidationException
 */
export function keyOfItem(table: Table, item: Item): Key {
  const attribute = ({ name, type }: KeyAttribute): Value => {
    const value = item[name];
    if (value === undefined)
      throw invalid(`One or more parameter values were invalid: Missing the key ${name} in the item`);
    if (typeOf(value) === type) return value;
    throw invalid(
      `One or more parameter values were invalid: Type mismatch for key ${name} expected: ${type} actual: ${typeOf(value)}`,
    );
  };
  const { partition, sort } = table.keys;
  return keyOf(table.keys, attribute(partition), sort && attribute(sort));
}

/**
 * The key of a request's `Key`.
 * @throws ServiceError ValidationException
 */
export function keyOfRequest(table: Table, given: Item | undefined): Key {
  const { partition, sort } = table.keys;
  const key = acceptItem(given ?? {});
  if (Object.keys(key).length !== (sort ? 2 : 1)) throw keyMismatch();
  const attribute = ({ name, type }: KeyAttribute): Value => {
    const value = key[name];
    if (value === undefined || typeOf(value) !== type) throw keyMismatch();
    return value;
  };
  return keyOf(table.keys, attribute(partition), sort && attribute(sort));
}

function keyOf(keys: Keys, partition: Value, sort: Value | undefined): Key {
  const place = { partition: placed(keys.partition, partition, LONGEST_PARTITION_KEY), sort: '', tie: '' };
  if (keys.sort === undefined || sort === undefined)
    return { ...place, attributes: { [keys.partition.name]: partition } };
  return {
    ...place,
    sort: placed(keys.sort, sort, LONGEST_SORT_KEY),
    attributes: { [keys.partition.name]: partition, [keys.sort.name]: sort },
  };
}

function placed({ name, type }: KeyAttribute, value: Value, longest: number): string {
  const place = sortable(value)!;
  if (place === '') {
    const what = type === 'S' ? 'string' : 'binary';
    throw invalid(
      `One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty ${what} value. Key: ${name}`,
    );
  }
  if (type !== 'N' && place.length > longest) {
    throw invalid(
      longest === LONGEST_PARTITION_KEY
        ? `One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of${longest} bytes`
        : `One or more parameter values were invalid: Aggregated size of all range keys has exceeded the size limit of ${longest} bytes`,
    );
  }
  return place;
}

/** Where an item stands in an index, or undefined if it lacks a key of it. */
export function placeInIndex(index: Index, item: Item, key: Place): Place | undefined {
  const partition = item[index.keys.partition.name];
  const sort = index.keys.sort && item[index.keys.sort.name];
  if (partition === undefined || (index.keys.sort && sort === undefined)) return undefined;
  // The length keeps two keys apart whose texts would run together to the same.
  return {
    partition: sortable(partition)!,
    sort: sort ? sortable(sort)! : '',
    tie: `${key.partition.length}:${key.partition}${key.sort}`,
  };
}

/**
 * Refuses an item whose attributes do not fit the keys of the table's indexes.
 * @throws ServiceError ValidationException
 */
export function checkIndexKeys(table: Table, item: Item): void {
  refuseEmptyIndexKeys(table, item);
  for (const [indexName, { keys }] of table.indexes) {
    for (const { name, type } of keys.sort ? [keys.partition, keys.sort] : [keys.partition]) {
      const value = item[name];
      if (value === undefined || typeOf(value) === type) continue;
      throw invalid(
        `One or more parameter values were invalid: Type mismatch for Index Key ${name} Expected: ${type} Actual: ${typeOf(value)} IndexName: ${indexName}`,
      );
    }
  }
}

/** @throws ServiceError ValidationException */
export function refuseEmptyIndexKeys(table: Table, item: Item): void {
  for (const [indexName, { keys }] of table.indexes) {
    for (const { name, type } of keys.sort ? [keys.partition, keys.sort] : [keys.partition]) {
      const value = item[name];
      if (value === undefined || (value.S !== '' && value.B !== '')) continue;
      const what = type === 'S' ? 'string' : 'binary';
      throw invalid(
        `One or more parameter values are not valid. A value specified for a secondary index key is not supported. The AttributeValue for a key attribute cannot contain an empty ${what} value. IndexName: ${indexName}, IndexKey: ${name}`,
      );
    }
  }
}

/**
 * Refuses a transaction that touches one item twice.
 * @throws ServiceError ValidationException
 */
export function refuseRepeated(targets: readonly { readonly table: Table; readonly key: Place }[]): void {
  const places = new Set<string>();
  for (const { table, key } of targets) places.add(`${table.name}/${key.partition.length}:${key.partition}${key.sort}`);
  if (places.size < targets.length) throw invalid('Transaction request cannot include multiple operations on one item');
}
