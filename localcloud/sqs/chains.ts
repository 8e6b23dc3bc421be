/**
 * Doubly linked chains that run through the messages themselves: a queue of 100,000 messages must give one up from any
 * place in constant time, and an array would move the rest. A message stands in two: by age, and in a line.
 */
import type { Message } from './state.ts';

export interface Chain {
  first: Message | undefined;
  last: Message | undefined;
}

export const createChain = (): Chain => ({ first: undefined, last: undefined });

/** Puts a message where its enqueue time belongs. Nearly always that is the end; only dead-letter queues receive old messages. */
export function joinAges(chain: Chain, message: Message): void {
  let older = chain.last;
  while (older !== undefined && older.sent > message.sent) older = older.older;
  const newer = older === undefined ? chain.first : older.newer;
  message.older = older;
  message.newer = newer;
  if (older === undefined) chain.first = message;
  else older.newer = message;
  if (newer === undefined) chain.last = message;
  else newer.older = message;
}

export function leaveAges(chain: Chain, message: Message): void {
  const { older, newer } = message;
  if (older === undefined) chain.first = newer;
  else older.newer = newer;
  if (newer === undefined) chain.last = older;
  else newer.older = older;
  message.older = undefined;
  message.newer = undefined;
}

export function joinBack(line: Chain, message: Message): void {
  message.before = line.last;
  if (line.last === undefined) line.first = message;
  else line.last.after = message;
  line.last = message;
}

export function joinFront(line: Chain, message: Message): void {
  message.after = line.first;
  if (line.first === undefined) line.last = message;
  else line.first.before = message;
  line.first = message;
}

export function leaveLine(line: Chain, message: Message): void {
  const { before, after } = message;
  if (before === undefined) line.first = after;
  else before.after = after;
  if (after === undefined) line.last = before;
  else after.before = before;
  message.before = undefined;
  message.after = undefined;
}
