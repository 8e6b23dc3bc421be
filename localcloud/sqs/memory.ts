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

/** Data and no closures, so that a copy of a queue has a memory of its own. */
class Remembered<Value> implements Memory<Value> {
  private readonly traces = new Map<string, Trace<Value>>();
  private first: Trace<Value> | undefined;
  private last: Trace<Value> | undefined;

  recall(key: string, now: number): Value | undefined {
    this.forget(now);
    return this.traces.get(key)?.value;
  }

  remember(key: string, value: Value, now: number): void {
    this.forget(now);
    const trace: Trace<Value> = { key, value, until: now + SPAN, next: undefined };
    if (this.first === undefined || this.last === undefined) this.first = trace;
    else this.last.next = trace;
    this.last = trace;
    this.traces.set(key, trace);
  }

  private forget(now: number): void {
    while (this.first !== undefined && this.first.until <= now) {
      const { key, next } = this.first;
      if (this.traces.get(key) === this.first) this.traces.delete(key); // it may have been remembered anew since
      this.first = next;
    }
  }
}

export const createMemory = <Value>(): Memory<Value> => new Remembered();
