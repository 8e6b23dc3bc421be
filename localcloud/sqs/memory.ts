/**
 * What is remembered for five minutes and then forgotten, in order. A Map alone would do but for speed: one that is
 * emptied at the front keeps the holes, and finding its first entry means walking over them every time.
 */
export interface Memory<Value> {
  recall(key: string, now: number): Value | undefined;
  remember(key: string, value: Value, now: number): void;
}

interface Trace<Value> {
  readonly key: string;
  readonly value: Value;
  readonly until: number;
  next: Trace<Value> | undefined;
}

/** The deduplication interval, which is also how long a receive can be repeated. */
const SPAN = 5 * 60_000;

export function createMemory<Value>(): Memory<Value> {
  const traces = new Map<string, Trace<Value>>();
  let first: Trace<Value> | undefined;
  let last: Trace<Value> | undefined;

  const forget = (now: number) => {
    while (first !== undefined && first.until <= now) {
      if (traces.get(first.key) === first) traces.delete(first.key); // it may have been remembered anew since
      first = first.next;
    }
  };

  return {
    recall(key, now) {
      forget(now);
      return traces.get(key)?.value;
    },
    remember(key, value, now) {
      forget(now);
      const trace: Trace<Value> = { key, value, until: now + SPAN, next: undefined };
      if (first === undefined || last === undefined) first = trace;
      else last.next = trace;
      last = trace;
      traces.set(key, trace);
    },
  };
}
