/**
 * Specifications of a stage without AWS: what is in its tables, the event it hears, what it says and writes.
 *
 *     await given(reserveStock, reserve, { stock: { mug: { available: 2 } } })
 *       .when(paymentCaptured(paid))
 *       .then([stockReserved(reserved)]);
 */
import { isDeepStrictEqual } from 'node:util';
import { enter } from '../model/envelope.ts';
import type { Event, EventOf, EventType } from '../model/event.ts';
import { type FailureCode, isTerminal } from '../model/failure.ts';
import type { Handler, Stage } from '../model/stage.ts';
import type { OutsideUse, TableClient, TableUse, Uses } from '../model/uses.ts';

type TablesOf<U extends Uses> = {
  readonly [K in keyof U as U[K] extends TableUse ? K : never]?: U[K] extends TableUse<infer Item>
    ? Readonly<Record<string, Item>>
    : never;
};
type PortsOf<U extends Uses> = {
  readonly [K in keyof U as U[K] extends OutsideUse ? K : never]: U[K] extends OutsideUse<infer Port> ? Port : never;
};

type Start<S> = S extends Stage<any, any, infer U extends Uses> ? TablesOf<U> & PortsOf<U> : never;
type Heard<S> = S extends Stage<infer In extends EventType, any, any> ? EventOf<In> : never;
type Said<S> = S extends Stage<any, infer Out extends EventType, any> ? EventOf<Out> : never;

export interface When<S> {
  when(event: Heard<S>): Then<S>;
}

export interface Then<S> {
  /** Expects these events, in this order. Gives what the tables hold afterwards, for further expectations. */
  then(events: readonly Said<S>[]): Promise<Tables>;
  /** Expects that the stage refuses the event for good. */
  thenRefused(code: FailureCode): Promise<string>;
}

export type Tables = Readonly<Record<string, Readonly<Record<string, any>>>>;

/** Throws an Error that shows both sides when they differ. */
function same(what: string, actual: unknown, expected: unknown): void {
  if (isDeepStrictEqual(actual, expected)) return;
  throw new Error(
    `${what} differ\nexpected ${JSON.stringify(expected, null, 2)}\nactual   ${JSON.stringify(actual, null, 2)}`,
  );
}

export function given<S extends Stage<any, any, any>>(stage: S, handle: Handler<S>, start: Start<S>): When<S> {
  const run = async (event: Event) => {
    const type = (stage as Stage).accepts.find((accepted) => accepted.type === event.type)!;
    const envelope = enter(type, event, { id: 'event-1', source: 'test', time: '2026-01-05T08:00:00Z' });
    const tables: Record<string, Record<string, unknown>> = {};
    const tools: Record<string, unknown> = {};
    for (const [name, use] of Object.entries((stage as Stage).uses)) {
      const beginning = (start as Record<string, any>)[name];
      if (use.kind === 'outside') tools[name] = beginning;
      else {
        tables[name] = { ...beginning };
        const client = memoryTable(name, tables[name]!);
        tools[name] = Object.fromEntries(use.operations.map((operation) => [operation, client[operation]]));
      }
    }
    const said = await (handle as (event: unknown, tools: unknown) => Promise<readonly Event[]>)(envelope, tools);
    return { said, tables };
  };

  return {
    when: (event) => ({
      async then(expected) {
        const { said, tables } = await run(event);
        same('events', said, expected);
        return tables;
      },
      async thenRefused(code) {
        try {
          await run(event);
        } catch (error) {
          if (!isTerminal(error)) throw error;
          same('codes', error.code, code);
          return error.message;
        }
        throw new Error(`${stage.name} took the event; expected it to be refused as ${code}`);
      },
    }),
  };
}

/** A table in memory, with the rules of the real one: `add` finds nothing there, `put` has read before. */
function memoryTable(name: string, items: Record<string, unknown>): TableClient<unknown> {
  const read = new Set<string>();
  return {
    async get(key) {
      read.add(key);
      return items[key];
    },
    add(key, item) {
      if (key in items) throw new Error(`${name}: add(${key}), but it is there already`);
      items[key] = item;
    },
    put(key, item) {
      if (!read.has(key))
        throw new Error(`${name}: put(${key}) without get(${key}); read an item before you replace it`);
      items[key] = item;
    },
  };
}
