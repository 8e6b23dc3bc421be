/**
 * A FIFO batch: groups side by side, within a group one after the other. After a failure all later messages of its
 * group are reported failed, for SQS deletes what is not reported and would so apply them out of order.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 */
import type { Arrival, Settle, Settled } from './settled.ts';

/** A message with its event, or settled already because it carries none. */
export type Incoming = { readonly arrival: Arrival } | { readonly group: string; readonly settled: Settled };

const groupOf = (incoming: Incoming): string =>
  'arrival' in incoming ? incoming.arrival.delivery.group : incoming.group;

/**
 * Settles a batch in rounds: the heads of all groups together, then their successors, which so see what their
 * predecessors wrote. The answers are in the order of the batch; a message behind a failed one of its group fails with it.
 */
export async function inRounds(batch: readonly Incoming[], settle: Settle): Promise<readonly Settled[]> {
  const groups = new Map<string, number[]>();
  batch.forEach((incoming, index) => {
    const group = groupOf(incoming);
    groups.set(group, [...(groups.get(group) ?? []), index]);
  });

  const settled = new Map<number, Settled>();
  let waiting = [...groups.values()];
  while (waiting.length > 0) {
    const heads = waiting.map((group) => group[0]!);
    for (const [index, outcome] of await settleHeads(batch, heads, settle)) settled.set(index, outcome);
    waiting = waiting.map((group) => group.slice(1)).filter((rest) => rest.length > 0);
    waiting = waiting.filter((rest) => {
      const before = settled.get(predecessor(groups.get(groupOf(batch[rest[0]!]!))!, rest[0]!))!;
      if (before.done) return true;
      for (const index of rest) settled.set(index, { done: false, error: behind(before.error) });
      return false;
    });
  }
  return batch.map((_, index) => settled.get(index)!);
}

const predecessor = (group: readonly number[], index: number): number => group[group.indexOf(index) - 1]!;

const behind = (error: unknown): Error =>
  Object.assign(
    new Error(
      `waits behind a message of its group that failed: ${error instanceof Error ? error.message : String(error)}`,
    ),
    {
      name: 'BehindFailure',
    },
  );

async function settleHeads(
  batch: readonly Incoming[],
  heads: readonly number[],
  settle: Settle,
): Promise<readonly (readonly [number, Settled])[]> {
  const known: [number, Settled][] = [];
  const open: [number, Arrival][] = [];
  for (const index of heads) {
    const incoming = batch[index]!;
    if ('arrival' in incoming) open.push([index, incoming.arrival]);
    else known.push([index, incoming.settled]);
  }
  const outcomes = open.length === 0 ? [] : await settle(open.map(([, arrival]) => arrival));
  return [...known, ...outcomes.map((outcome, at) => [open[at]![0], outcome] as const)];
}
