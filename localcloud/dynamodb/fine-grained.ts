/** What a request for items says of itself under the condition keys of fine-grained access control (Developer Guide, "Using IAM policy conditions"). */
import type { Demand } from '../policy/demand.ts';
import type { Table } from './state.ts';

/** A part of a request that is judged on its own. */
export interface Item {
  /** As IAM calls it. */
  readonly action: string;
  /** In the words of GetItem, PutItem and so on. */
  readonly request: any;
  /** Partition keys are in these, where there are several. */
  readonly several?: readonly any[];
  /** The transaction it is part of. */
  readonly enclosing?: string;
}

/** A batch is judged table by table: the keys of all its items on a table are one list. */
export const batch = (action: string, tables: Record<string, any> = {}): readonly Item[] =>
  Object.entries(tables).map(([TableName, content]) => {
    const several: readonly any[] = Array.isArray(content)
      ? content.map(({ PutRequest, DeleteRequest }) => PutRequest?.Item ?? DeleteRequest?.Key)
      : (content?.Keys ?? []);
    return { action, request: { TableName, ...(Array.isArray(content) ? {} : content) }, several };
  });

const kinds: Readonly<Record<string, string>> = {
  Get: 'GetItem',
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  ConditionCheck: 'ConditionCheckItem',
};

/** A transaction is judged item by item, each as the action that it is. */
export const transaction = (enclosing: string, items: readonly Record<string, any>[] = []): readonly Item[] =>
  items.flatMap((item) =>
    Object.entries(item).flatMap(([kind, request]) =>
      kinds[kind] === undefined || request === undefined ? [] : [{ action: kinds[kind], request, enclosing }],
    ),
  );

export const keysOf = (item: Item, table: Table | undefined): NonNullable<Demand['keys']> => ({
  'dynamodb:leadingkeys': () => (table ? leadingKeys(item, table) : undefined),
  'dynamodb:attributes': () => attributes(item),
  'dynamodb:enclosingoperation': item.enclosing,
  'dynamodb:returnvalues': item.request.ReturnValues,
  'dynamodb:select': item.request.Select,
  'dynamodb:fulltablescan': item.action === 'Scan' ? 'true' : undefined,
});

function leadingKeys({ request, several }: Item, table: Table): readonly string[] | undefined {
  const index = request.IndexName === undefined ? undefined : table.indexes.get(request.IndexName);
  const { name } = (index?.keys ?? table.keys).partition;
  const holders = several ?? [request.Key ?? request.Item].filter((one) => one !== undefined);
  const values = holders.map((holder) => textOf(holder?.[name])).filter((value) => value !== undefined);
  const queried = queriedKey(request, name);
  const all = queried === undefined ? values : [...values, queried];
  return all.length === 0 ? undefined : all;
}

const textOf = (value: Record<string, any> | undefined): string | undefined => {
  const given = value?.S ?? value?.N ?? value?.B;
  return given === undefined ? undefined : given instanceof Uint8Array ? Buffer.from(given).toString('base64') : given;
};

/** The value to which a key condition holds the partition key. A condition that cannot be read has none, and is refused later anyway. */
function queriedKey({ KeyConditionExpression: text = '', ...request }: any, name: string): string | undefined {
  for (const [, left, right] of text.matchAll(/([#:]?[\w.-]+)\s*=\s*([#:]?[\w.-]+)/g)) {
    const [path, value] = left.startsWith(':') ? [right, left] : [left, right];
    if ((request.ExpressionAttributeNames?.[path] ?? path) !== name) continue;
    return textOf(request.ExpressionAttributeValues?.[value]);
  }
  return undefined;
}

const words = /[#:]?[A-Za-z_][\w-]*(?=\s*(\()?)/g;
const notNames = /^(SET|REMOVE|ADD|DELETE|AND|OR|NOT|IN|BETWEEN)$/i;

/** The attributes that a request names, at the top level. */
function attributes({ request, several }: Item): readonly string[] | undefined {
  const items = [request.Key, request.Item, ...(several ?? [])].flatMap((one) => Object.keys(one ?? {}));
  const texts = Object.entries(request).flatMap(([member, text]) =>
    member.endsWith('Expression') ? [text as string] : [],
  );
  const named = texts.flatMap((text) =>
    [...text.replaceAll(/\.[#\w-]+|\[\d+\]/g, '').matchAll(words)].flatMap(([word, call]) =>
      call !== undefined || word.startsWith(':') || notNames.test(word)
        ? []
        : [request.ExpressionAttributeNames?.[word] ?? word],
    ),
  );
  const all = [...new Set([...items, ...named])];
  return all.length === 0 ? undefined : all;
}
