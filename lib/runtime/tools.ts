/** The tools of a handler: reads happen now, writes are gathered for the commit. */
import { type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { Stage } from '../model/stage.ts';
import type { TableClient, TableOperation } from '../model/uses.ts';

/** A write that a handler asked for. */
export interface Write {
  /** Physical name of the table. */
  readonly table: string;
  readonly key: string;
  readonly item: unknown;
  /** The version it replaces; null where there must be none yet. */
  readonly replaces: number | null;
}

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
  /** Called with the record that explains an item when it is read. @throws Error where it must not be read yet */
  readonly onRead?: (by: string | undefined) => Promise<void>;
}

/** A fresh set of tools for one run of a handler. */
export function createToolbox({ stage, dynamodb, tableName, ports, onRead }: ToolboxOptions): Toolbox {
  const writes = new Map<string, Write>();
  const tools = Object.fromEntries(
    Object.entries(stage.uses).map(([name, use]) => [
      name,
      use.kind === 'outside'
        ? ports[name]
        : only(use.operations, tableClient(dynamodb, tableName(use.table), { writes, onRead })),
    ]),
  );
  return { tools, writes: () => [...writes.values()] };
}

/** The compiler hides what was not declared; this makes it true. */
const only = (operations: readonly TableOperation[], client: TableClient<unknown>) =>
  Object.fromEntries(operations.map((operation) => [operation, client[operation]]));

function tableClient(
  dynamodb: DynamoDBClient,
  table: string,
  { writes, onRead }: Pick<ToolboxOptions, 'onRead'> & { writes: Map<string, Write> },
): TableClient<unknown> {
  const seen = new Map<string, number | null>();
  const pending = (key: string) => writes.get(`${table}\n${key}`);
  const gather = (write: Write) => writes.set(`${write.table}\n${write.key}`, write);

  return {
    async get(key) {
      const own = pending(key);
      if (own) return own.item;
      const { Item } = await dynamodb.send(
        new GetItemCommand({ TableName: table, Key: { id: { S: key } }, ConsistentRead: true }),
      );
      const found = Item && unmarshall(Item);
      if (found) await onRead?.(found.by);
      seen.set(key, found ? Number(found.version) : null);
      return found?.item;
    },
    add(key, item) {
      if (pending(key)) throw new Error(`${table}: ${key} is written twice by one handler; write it once`);
      gather({ table, key, item, replaces: null });
    },
    put(key, item) {
      const own = pending(key);
      const version = own ? own.replaces : seen.get(key);
      if (version === undefined)
        throw new Error(`${table}: put(${key}) without get(${key}); read an item before you replace it`);
      gather({ table, key, item, replaces: version });
    },
  };
}
