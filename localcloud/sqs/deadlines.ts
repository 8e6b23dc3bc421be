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

export function createDeadlines(): Deadlines {
  const heap: Message[] = [];

  const place = (message: Message, slot: number) => {
    heap[slot] = message;
    message.slot = slot;
  };

  const rise = (message: Message, from: number) => {
    let slot = from;
    while (slot > 0) {
      const parent = (slot - 1) >> 1;
      if (!isBefore(message, heap[parent]!)) break;
      place(heap[parent]!, slot);
      slot = parent;
    }
    place(message, slot);
  };

  const sink = (message: Message, from: number) => {
    let slot = from;
    for (;;) {
      let child = 2 * slot + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++;
      if (!isBefore(heap[child]!, message)) break;
      place(heap[child]!, slot);
      slot = child;
    }
    place(message, slot);
  };

  return {
    first: () => heap[0],
    add: (message) => rise(message, heap.length),
    remove(message) {
      const { slot } = message;
      if (slot < 0) return;
      message.slot = -1;
      const last = heap.pop()!;
      if (last === message) return;
      if (slot > 0 && isBefore(last, heap[(slot - 1) >> 1]!)) rise(last, slot);
      else sink(last, slot);
    },
    all: () => heap,
  };
}

/** Two of one batch end together; the one received first is revealed first, so that runs repeat and groups reopen in order. */
const isBefore = (a: Message, b: Message): boolean =>
  a.visibleAt < b.visibleAt || (a.visibleAt === b.visibleAt && a.order < b.order);
