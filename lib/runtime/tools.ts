/** The tools of a handler: reads happen now, writes are gathered for the commit. */
import { type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { terminal } from '../model/failure.ts';
import type { Stage } from '../model/stage.ts';
import type { TableClient, TableOperation } from '../model/uses.ts';
import { now } from './clock.ts';
import { extended, type Kept, type Trail } from './trail.ts';

/** A write that a handler asked for. */
export interface Write {
  /** Physical name of the table. */
  readonly table: string;
  readonly key: string;
  readonly item: unknown;
  /** The version it replaces; null where there must be none yet. */
  readonly replaces: number | null;
  /** Whether it is a fact, which is added and not replaced. */
  readonly added: boolean;
  /** What the item tells of its writes from then on; a fact tells nothing. */
  readonly trail?: Trail;
}

/** What a handler asked for. What an item tells of its writes the item alone tells. */
export const withoutTrails = (writes: readonly Write[]): readonly Write[] =>
  writes.map(({ trail: _trail, ...write }) => write);

export interface Toolbox {
  readonly tools: Record<string, unknown>;
  /** The writes asked for so far, one per item. */
  writes(): readonly Write[];
}

export interface ToolboxOptions {
  readonly stage: Stage;
  readonly dynamodb: DynamoDBClient;
  readonly tableName: (logical: string) => string;
  /** The adapters of the outside systems, by the name under which the stage uses them. */
  readonly ports: Readonly<Record<string, unknown>>;
  /** The record that will explain what is written. */
  readonly by: string;
  /** How often the authority to commit has changed hands, from 1. */
  readonly epoch: number;
  /**
   * Called with an item when it is read. Returns what the item was before the very event that is in hand wrote it, if it has.
   * @throws Error where it must not be read yet
   */
  readonly onRead?: (found: Kept) => Promise<{ readonly before?: unknown } | undefined>;
}

/** A fresh set of tools for one run of a handler. */
export function createToolbox(options: ToolboxOptions): Toolbox {
  const { stage, tableName, ports } = options;
  const writes = new Map<string, Gathered>();
  const tools = Object.fromEntries(
    Object.entries(stage.uses).map(([name, use]) => [
      name,
      use.kind === 'outside' ? ports[name] : only(use.operations, tableClient(tableName(use.table), writes, options)),
    ]),
  );
  const fresh = () => [...writes.values()].filter(({ isThere }) => !isThere).map(({ write }) => write);
  return { tools, writes: fresh };
}

/** The compiler hides what was not declared; this makes it true. */
const only = (operations: readonly TableOperation[], client: TableClient<unknown>) =>
  Object.fromEntries(operations.map((operation) => [operation, client[operation]]));

/** `isThere`: the item holds it already. */
interface Gathered {
  readonly write: Write;
  readonly isThere: boolean;
}

/** A bug of the handler, which trying again does not mend: the letter tells of it, and is sent back once it is mended. */
const misused = (what: string) => terminal('undeclared', what);

function tableClient(
  table: string,
  writes: Map<string, Gathered>,
  { dynamodb, onRead, by, epoch }: ToolboxOptions,
): TableClient<unknown> {
  const seen = new Map<string, { readonly found: Kept | undefined; readonly isThere: boolean }>();
  const pending = (key: string) => writes.get(`${table}\n${key}`)?.write;
  const gather = (write: Write, isThere: boolean) => writes.set(`${table}\n${write.key}`, { write, isThere });

  return {
    async get(key) {
      const written = pending(key);
      if (written) return written.item;
      const { Item } = await dynamodb.send(
        new GetItemCommand({ TableName: table, Key: { id: { S: key } }, ConsistentRead: true }),
      );
      const found = Item && (unmarshall(Item) as Kept);
      const own = found && (await onRead?.(found));
      seen.set(key, { found, isThere: own !== undefined });
      return own ? (own.before ?? undefined) : found?.item;
    },
    add(key, item) {
      if (pending(key)) throw misused(`${table}: ${key} is written twice by one handler; write it once`);
      gather({ table, key, item, replaces: null, added: true }, false);
    },
    put(key, item) {
      const own = pending(key);
      const read = seen.get(key);
      if (own && !own.trail) return void gather({ ...own, item }, false);
      if (read === undefined)
        throw misused(`${table}: put(${key}) without get(${key}); read an item before you replace it`);
      const { found, isThere } = read;
      const trail = extended(found, { at: now(), by, epoch });
      gather({ table, key, item, replaces: found ? Number(found.version) : null, added: false, trail }, isThere);
    },
  };
}
