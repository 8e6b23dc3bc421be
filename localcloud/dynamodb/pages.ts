/** What Query and Scan share: a target, a filter, a projection, and pages of at most 1 MB. */
import type { QueryInput, QueryOutput, ScanInput } from '@aws-sdk/client-dynamodb';
import { checkPaths } from './expressions/apply-update.ts';
import { bind } from './expressions/bind.ts';
import { holds } from './expressions/evaluate.ts';
import { conditionOf, projectionOf } from './expressions/parse.ts';
import { partsOf, project } from './expressions/projection.ts';
import type { Condition, Expression, Path, Scope } from './expressions/syntax.ts';
import { keyOfRequest, placeInIndex } from './keys.ts';
import { readFrom } from './lagging.ts';
import { consumed, LARGEST_PAGE, readUnits } from './sizes.ts';
import { type Index, type Keys, namesOf, type Table, type Tables, tableOf } from './state.ts';
import type { Collection, Entry, Place } from './storage.ts';
import { acceptItem, type Item, invalid, type OnWire } from './values.ts';

type Input = OnWire<QueryInput | ScanInput>;

/** What is read: a table or one of its indexes. */
export interface Target {
  readonly table: Table;
  readonly index: Index | undefined;
  readonly keys: Keys;
  readonly entries: Collection;
}

/** @throws ServiceError ResourceNotFoundException, ValidationException */
export function targetOf(state: Tables, input: Input): Target {
  const table = tableOf(state, input.TableName!);
  const consistent = input.ConsistentRead === true;
  if (input.IndexName === undefined)
    return { table, index: undefined, keys: table.keys, entries: readFrom(table, { consistent }) };
  const index = table.indexes.get(input.IndexName);
  if (!index) throw invalid(`The table does not have the specified index: ${input.IndexName}`);
  if (consistent) throw invalid('Consistent reads are not supported on global secondary indexes');
  return { table, index, keys: index.keys, entries: readFrom(table, { consistent, index: input.IndexName }) };
}

export interface Reading {
  readonly scope: Scope;
  readonly keyCondition: Condition | undefined;
  readonly filter: Condition | undefined;
  readonly show: (item: Item) => Item;
}

/** @throws ServiceError ValidationException */
export function readingOf(input: Input, { table, index }: Target): Reading {
  const text = 'KeyConditionExpression' in input ? input.KeyConditionExpression : undefined;
  const keyCondition = text === undefined ? undefined : conditionOf('KeyConditionExpression', text);
  const filter =
    input.FilterExpression === undefined ? undefined : conditionOf('FilterExpression', input.FilterExpression);
  const projection = input.ProjectionExpression === undefined ? undefined : projectionOf(input.ProjectionExpression);
  const scope = bind(input, {
    ...(text === undefined ? {} : { KeyConditionExpression: keyCondition }),
    FilterExpression: filter,
    ProjectionExpression: projection,
  });
  if (projection) checkPaths(projection, scope, []);
  checkSelect(input, index);
  return {
    scope,
    keyCondition: keyCondition?.tree,
    filter: filter?.tree,
    show: showing(input, projection, { scope, table, index }),
  };
}

function checkSelect({ Select, ProjectionExpression, IndexName }: Input, index: Index | undefined): void {
  if (Select === 'SPECIFIC_ATTRIBUTES' && ProjectionExpression === undefined) {
    throw invalid('Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES');
  }
  if (Select !== undefined && Select !== 'SPECIFIC_ATTRIBUTES' && ProjectionExpression !== undefined) {
    throw invalid(`Cannot specify the ProjectionExpression when choosing to get ${Select}`);
  }
  if (Select === 'ALL_PROJECTED_ATTRIBUTES' && !index) {
    throw invalid('ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName');
  }
  if (Select === 'ALL_ATTRIBUTES' && index?.shown) {
    throw invalid(
      `One or more parameter values were invalid: Select type ALL_ATTRIBUTES is not supported for global secondary index ${IndexName} because its projection type is not ALL`,
    );
  }
}

function showing(
  input: Input,
  projection: Expression<readonly Path[]> | undefined,
  { scope, table, index }: { scope: Scope; table: Table; index: Index | undefined },
): (item: Item) => Item {
  if (!projection) return (item) => item;
  const parts = partsOf(projection.tree, scope);
  const hidden = [...parts.branches.keys()].filter((name) => index?.shown && !index.shown.has(name as string));
  if (hidden.length > 0) {
    throw invalid(
      `One or more parameter values were invalid: Global secondary index ${input.IndexName} does not project [${hidden.join(', ')}] (table ${table.name})`,
    );
  }
  return (item) => project(item, parts);
}

/** Where the page before ended. */
export function startOf(input: Input, { table, index }: Target): Place | undefined {
  if (!input.ExclusiveStartKey) return undefined;
  const start = acceptItem(input.ExclusiveStartKey);
  const names = namesOf(table.keys);
  const wanted = new Set([...names, ...(index ? namesOf(index.keys) : [])]);
  const unfit = () => invalid('The provided starting key is invalid');
  if (Object.keys(start).length !== wanted.size || Object.keys(start).some((name) => !wanted.has(name))) throw unfit();
  const key = keyOfRequest(table, Object.fromEntries(names.map((name) => [name, start[name]!])));
  return index ? placeInIndex(index, start, key) : key;
}

/** Reads entries until the page is full. `Limit` counts what is read, not what passes the filter. */
export function readPage(
  entries: Iterable<Entry>,
  input: Input,
  { target, reading }: { target: Target; reading: Reading },
): OnWire<QueryOutput> {
  const { Limit = Number.POSITIVE_INFINITY } = input;
  if (Limit < 1) {
    throw invalid(
      `1 validation error detected: Value '${Limit}' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1`,
    );
  }
  const items: Item[] = [];
  let [count, scanned, bytes] = [0, 0, 0];
  let last: Entry | undefined;
  let more = false;
  for (const entry of entries) {
    if (scanned > 0 && bytes + entry.size > LARGEST_PAGE) {
      more = true;
      break;
    }
    scanned++;
    bytes += entry.size;
    last = entry;
    if (!reading.filter || holds(reading.filter, entry.item, reading.scope)) {
      count++;
      if (input.Select !== 'COUNT') items.push(reading.show(entry.item));
    }
    // AWS answers with a key to go on from even if it turns out that nothing follows.
    if (scanned === Limit) {
      more = true;
      break;
    }
  }
  return {
    ...(input.Select === 'COUNT' ? {} : { Items: items }),
    Count: count,
    ScannedCount: scanned,
    ...(more && last ? { LastEvaluatedKey: keyOfEntry(target, last.item) } : {}),
    ...consumed(input.ReturnConsumedCapacity, () => {
      const units = readUnits(bytes, input.ConsistentRead ? 'consistent' : 'eventual');
      const tableName = target.table.name;
      if (input.IndexName === undefined) return { tableName, table: units };
      return { tableName, table: 0, indexes: { [input.IndexName]: units } };
    }),
  };
}

function keyOfEntry({ table, index }: Target, item: Item): Item {
  const names = [...namesOf(table.keys), ...(index ? namesOf(index.keys) : [])];
  return Object.fromEntries(names.map((name) => [name, item[name]!]));
}
