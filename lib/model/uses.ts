/**
 * What a stage may use besides the events it hears: tables of the domain, by operation, and systems that are not ours.
 */
import { type Breaker, breakerOf } from './breaker.ts';

/** What a handler can do with a table. Writes are gathered and committed with the event, all or none. */
export interface TableClient<Item> {
  /** Reads an item, strongly consistent, and remembers the version it saw. */
  get(key: string): Promise<Item | undefined>;
  /**
   * Writes an item that is not there yet: a fact, best keyed by the event's id or by what exists once. The commit is
   * refused, and the handler run anew, if somebody else wrote it meanwhile.
   */
  add(key: string, item: Item): void;
  /**
   * Writes what takes the place of what `get` returned, be it an item or nothing. The commit is refused, and the
   * handler run anew, if that changed since.
   * @throws Error when the key was not read before: an unconditional write would lose somebody's update
   */
  put(key: string, item: Item): void;
}

export type TableOperation = keyof TableClient<unknown>;

export interface TableUse<Item = any, Operation extends TableOperation = TableOperation> {
  readonly kind: 'table';
  readonly table: string;
  readonly operations: readonly Operation[];
  /** Only a type: it carries `Item`. */
  readonly item?: Item;
}

/** A table of the domain, by its logical name. `table<Payment>('payments').to('get', 'add')`. */
export const table = <Item>(name: string) => ({
  to: <const Operation extends TableOperation>(...operations: readonly Operation[]): TableUse<Item, Operation> => ({
    kind: 'table',
    table: name,
    operations,
  }),
});

/**
 * A system that is not ours, behind a port. A stage that uses one takes a lease before it calls, gives the event's id
 * as idempotency key, and commits one event at a time. While the system is down the stage does not call it, and its
 * events wait in their queue.
 */
export interface OutsideUse<Port = any> {
  readonly kind: 'outside';
  readonly system: string;
  readonly breaker: Breaker;
  /** Only a type: it carries `Port`. */
  readonly port?: Port;
}

/**
 * Declares a system that is not ours by its name; the adapter is handed to `lambda()`.
 * `outside<PaymentGateway>('payments', { breaker: { openSeconds: 10 } })`.
 * @throws Error when a number of the breaker is outside its range
 */
export const outside = <Port>(
  system: string,
  { breaker = {} }: { readonly breaker?: Partial<Breaker> } = {},
): OutsideUse<Port> => ({ kind: 'outside', system, breaker: breakerOf(system, breaker) });

export type Uses = Readonly<Record<string, TableUse | OutsideUse>>;

/** The tools that a handler receives: exactly the operations its stage declared, and no other. */
export type Tools<U extends Uses> = {
  readonly [K in keyof U]: U[K] extends TableUse<infer Item, infer Operation>
    ? Pick<TableClient<Item>, Operation>
    : U[K] extends OutsideUse<infer Port>
      ? Port
      : never;
};

/** The adapters that a stage's outside systems need. */
export type Ports<U extends Uses> = {
  readonly [K in keyof U as U[K] extends OutsideUse ? K : never]: U[K] extends OutsideUse<infer Port> ? Port : never;
};
