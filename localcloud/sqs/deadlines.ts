/**
 * The messages that are delayed or in flight, by when that ends. A binary heap in which each message knows its place, so
 * that a deletion takes its deadline away at once: left in place, 30 seconds' worth of deleted messages would pile up.
 */
import type { Message } from './state.ts';

export interface Deadlines {
  /** The message whose `visibleAt` comes first. */
  first(): Message | undefined;
  add(message: Message): void;
  remove(message: Message): void;
  all(): readonly Message[];
}

/** Data and no closures, so that a copy of a queue has deadlines of its own. */
class Heap implements Deadlines {
  private readonly heap: Message[] = [];

  first(): Message | undefined {
    return this.heap[0];
  }

  add(message: Message): void {
    this.rise(message, this.heap.length);
  }

  remove(message: Message): void {
    const { slot } = message;
    if (slot < 0) return;
    message.slot = -1;
    const last = this.heap.pop()!;
    if (last === message) return;
    if (slot > 0 && isBefore(last, this.heap[(slot - 1) >> 1]!)) this.rise(last, slot);
    else this.sink(last, slot);
  }

  all(): readonly Message[] {
    return this.heap;
  }

  private place(message: Message, slot: number): void {
    this.heap[slot] = message;
    message.slot = slot;
  }

  private rise(message: Message, from: number): void {
    let slot = from;
    while (slot > 0) {
      const parent = (slot - 1) >> 1;
      if (!isBefore(message, this.heap[parent]!)) break;
      this.place(this.heap[parent]!, slot);
      slot = parent;
    }
    this.place(message, slot);
  }

  private sink(message: Message, from: number): void {
    const { heap } = this;
    let slot = from;
    for (;;) {
      let child = 2 * slot + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++;
      if (!isBefore(heap[child]!, message)) break;
      this.place(heap[child]!, slot);
      slot = child;
    }
    this.place(message, slot);
  }
}

export const createDeadlines = (): Deadlines => new Heap();

/** Two of one batch end together; the one received first is revealed first, so that runs repeat and groups reopen in order. */
const isBefore = (a: Message, b: Message): boolean =>
  a.visibleAt < b.visibleAt || (a.visibleAt === b.visibleAt && a.order < b.order);
