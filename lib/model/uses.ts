/**
 * What a stage may use besides the events it hears: tables of the domain, by operation, and systems that are not ours.
 */

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
 * When a stage stops calling a system that fails, and for how long. Every number has a default; see
 * docs/decisions/0008-circuit-breaker.md.
 */
export interface Breaker {
  /** Failed calls within the window that open it, counted by each function instance for itself: 1 to 1,000. Default 5. */
  readonly failures: number;
  /** Length of the window in whole seconds, 1 to 300. Default 10. */
  readonly withinSeconds: number;
  /** The failed calls must also be this share of all calls within the window: above 0, to 1. Default 0.5. */
  readonly share: number;
  /** Whole seconds until the first probe, 1 to 900. Default 30. Each probe that fails doubles it. */
  readonly openSeconds: number;
  /** Whole seconds that the doubling ends at, `openSeconds` to 900. Default 300, or `openSeconds` if that is more. */
  readonly openSecondsAtMost: number;
}

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

function breakerOf(system: string, said: Partial<Breaker>): Breaker {
  const openSeconds = said.openSeconds ?? 30;
  const breaker: Breaker = {
    failures: said.failures ?? 5,
    withinSeconds: said.withinSeconds ?? 10,
    share: said.share ?? 0.5,
    openSeconds,
    openSecondsAtMost: said.openSecondsAtMost ?? Math.max(300, openSeconds),
  };
  const whole = (what: keyof Breaker, low: number, high: number) => {
    const value = breaker[what];
    if (Number.isInteger(value) && value >= low && value <= high) return;
    throw new Error(`the breaker of ${system}: ${what} is ${value}; allowed are whole numbers from ${low} to ${high}`);
  };
  whole('failures', 1, 1000);
  whole('withinSeconds', 1, 300);
  whole('openSeconds', 1, 900);
  whole('openSecondsAtMost', openSeconds, 900);
  if (breaker.share > 0 && breaker.share <= 1) return breaker;
  throw new Error(`the breaker of ${system}: share is ${breaker.share}; allowed are numbers above 0, up to 1`);
}

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
