/** What DynamoDB remembers in one region. */
import type {
  AttributeDefinition,
  GlobalSecondaryIndex,
  KeySchemaElement,
  StreamSpecification,
} from '@aws-sdk/client-dynamodb';
import { ServiceError } from '../service.ts';
import type { Lagging } from './lagging.ts';
import { type Collection, createCollection, type Entry } from './storage.ts';
import type { Order } from './strong/order.ts';
import { checkTableName, nameOfTable } from './table-names.ts';
import type { Item } from './values.ts';

export interface Tables {
  readonly byName: Map<string, Table>;
  /** Client request tokens of transactions, oldest first; those without a time are under way. */
  readonly tokens: Map<string, { readonly digest: string; readonly at: number | undefined }>;
  /** Items that a transaction holds. */
  readonly held: Set<string>;
  /** Strongly consistent tables of other regions that this region is the witness of, by name. */
  readonly witnessed: Map<string, Order>;
}

/** When and where an item was written. Of two versions the later wins; of two at once that of the region last by name. */
export interface Version {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly region: string;
  /** Counts the writes of a table in a region, since one millisecond may see several. */
  readonly sequence: number;
}

export interface Stored extends Entry {
  readonly version: Version;
}

export interface KeyAttribute {
  readonly name: string;
  readonly type: 'S' | 'N' | 'B';
}

export interface Keys {
  readonly partition: KeyAttribute;
  readonly sort?: KeyAttribute;
}

export interface Index {
  readonly definition: GlobalSecondaryIndex;
  readonly keys: Keys;
  /** What the index shows; undefined means all. */
  readonly shown: ReadonlySet<string> | undefined;
  readonly entries: Collection;
}

/** What makes the same table in every region of a global table. */
export interface Design {
  readonly name: string;
  readonly definitions: readonly AttributeDefinition[];
  readonly schema: readonly KeySchemaElement[];
  readonly indexes: readonly GlobalSecondaryIndex[];
  readonly streams: StreamSpecification | undefined;
}

export interface Table {
  design: Design;
  readonly name: string;
  readonly arn: string;
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly keys: Keys;
  readonly items: Collection<Stored>;
  readonly indexes: Map<string, Index>;
  readonly tags: Map<string, string>;
  deletionProtection: boolean;
  /** Of the customer's key, where there is one. */
  keyArn: string | undefined;
  tableClass: string;
  streams: StreamSpecification | undefined;
  /** A resource policy, as it was given; its revision changes with its text. */
  policy: string | undefined;
  timeToLive: string | undefined;
  /** When somebody last changed it here, in milliseconds since 1970. */
  timeToLiveChangedAt: number | undefined;
  /** When the next sweep for expired items is due; undefined while nothing can expire. */
  nextSweep: number | undefined;
  recovery: { readonly days: number; readonly since: number } | undefined;
  writes: number;
  /** Where the table is strongly consistent between regions; then it has no `replicas`. */
  order: Order | undefined;
  /** A replica that is behind, while one is. */
  lagging: Lagging | undefined;
  /** The other regions of a global table with eventual consistency. */
  readonly replicas: Map<string, Replica>;
  /** Deletions, which must win over older writes that arrive later. Kept by tables with replicas only; oldest first. */
  readonly tombstones: Map<string, Version>;
}

/** One item as it is sent to another region. */
export interface ReplicatedWrite {
  readonly partition: string;
  readonly sort: string;
  readonly key: Item;
  /** Undefined: deleted. */
  readonly item: Item | undefined;
  readonly version: Version;
  /** What it took the place of where it was written. */
  readonly replaces: Version | undefined;
}

/** What is on its way to another region. */
export interface Replica {
  readonly region: string;
  pending: { readonly write: ReplicatedWrite; readonly due: number }[];
  /** After a failure nothing is sent before this time. */
  blockedUntil: number;
  /** How many pauses of replication hold it up. */
  pauses: number;
  /** How often in a row sending has failed. */
  failures: number;
  /** Milliseconds that writes took, gathered for the metric. */
  latencies: number[];
  reporting: boolean;
}

export const createTables = (): Tables => ({
  byName: new Map(),
  tokens: new Map(),
  held: new Set(),
  witnessed: new Map(),
});

export const createReplica = (region: string): Replica => ({
  region,
  pending: [],
  blockedUntil: 0,
  pauses: 0,
  failures: 0,
  latencies: [],
  reporting: false,
});

/**
 * The table of an item action.
 * @throws ServiceError ResourceNotFoundException
 */
export function tableOf(state: Tables, nameOrArn: string | undefined): Table {
  const table = state.byName.get(nameOrArn!) ?? state.byName.get(nameOfTable(nameOrArn ?? ''));
  if (table) return table;
  checkTableName(nameOrArn);
  throw new ServiceError('ResourceNotFoundException', 'Requested resource not found');
}

/** The same for actions on tables, whose message names the table. */
export function describedTable(state: Tables, nameOrArn: string | undefined): Table {
  const table = state.byName.get(nameOfTable(nameOrArn ?? ''));
  if (table) return table;
  checkTableName(nameOrArn);
  throw new ServiceError(
    'ResourceNotFoundException',
    `Requested resource not found: Table: ${nameOfTable(nameOrArn!)} not found`,
  );
}

const keyAttribute = (design: Design, name: string): KeyAttribute => ({
  name,
  type: design.definitions.find((definition) => definition.AttributeName === name)!
    .AttributeType as KeyAttribute['type'],
});

function keysOf(design: Design, schema: readonly KeySchemaElement[]): Keys {
  const sort = schema.find((element) => element.KeyType === 'RANGE');
  const partition = schema.find((element) => element.KeyType === 'HASH')!;
  return {
    partition: keyAttribute(design, partition.AttributeName!),
    ...(sort ? { sort: keyAttribute(design, sort.AttributeName!) } : {}),
  };
}

export const namesOf = (keys: Keys): string[] =>
  keys.sort ? [keys.partition.name, keys.sort.name] : [keys.partition.name];

export function createIndex(design: Design, definition: GlobalSecondaryIndex): Index {
  const keys = keysOf(design, definition.KeySchema!);
  const { ProjectionType, NonKeyAttributes = [] } = definition.Projection!;
  const shown =
    ProjectionType === 'ALL'
      ? undefined
      : new Set([...namesOf(keysOf(design, design.schema)), ...namesOf(keys), ...(NonKeyAttributes ?? [])]);
  return { definition, keys, shown, entries: createCollection() };
}

/** An empty table. The design must have been checked. */
export function createTable(design: Design, birth: { arn: string; id: string; createdAt: number }): Table {
  return {
    ...birth,
    design,
    name: design.name,
    keys: keysOf(design, design.schema),
    items: createCollection(),
    indexes: new Map(design.indexes.map((definition) => [definition.IndexName!, createIndex(design, definition)])),
    tags: new Map(),
    deletionProtection: false,
    keyArn: undefined,
    tableClass: 'STANDARD',
    streams: design.streams,
    policy: undefined,
    timeToLive: undefined,
    timeToLiveChangedAt: undefined,
    nextSweep: undefined,
    recovery: undefined,
    writes: 0,
    order: undefined,
    lagging: undefined,
    replicas: new Map(),
    tombstones: new Map(),
  };
}
