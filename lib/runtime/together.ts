/**
 * The commit of a stage that calls no outside system: the heads of all groups in one transaction, without a lease.
 * The condition on the records decides who was first; a handler may run twice, its writes are applied once.
 */
import type { Context } from 'aws-lambda';
import { ACTIONS_MAX, type Committed, commit, TRANSACTION_BYTES_MAX } from './commit.ts';
import { type CompletingOptions, type Prepared, prepare } from './completing.ts';
import { type Applied, halfTimeOf, inLine } from './in-line.ts';
import { isWaiting, type Line, readLines, standingOf } from './line.ts';
import { type Arrival, failed, type Settle, type Settled } from './settled.ts';

export const together =
  (options: CompletingOptions) =>
  (context: Context): Settle =>
    settling({ ...options, until: halfTimeOf(context) });

function settling(options: CompletingOptions & { readonly until: number }): Settle {
  const { dynamodb, stage } = options;

  /** One by itself: what waits its turn, what others have changed, and what was left over. */
  const alone = inLine({
    ...options,
    async apply(arrival, turn, refusal) {
      const prepared = await prepare(arrival, turn, refusal ? { ...options, decide: async () => refusal } : options);
      const [committed] = await commit(dynamodb, [prepared.completion]);
      return appliedOf(prepared, committed!);
    },
  });

  /**
   * Those whose turn it is, in as few transactions as hold them. `left`: not tried yet, for they read what others of
   * these were about to change; `again`: somebody else was in the way.
   */
  const packed = async (heads: readonly Head[], settled: Map<Arrival, Settled>) => {
    const prepared: Prepared[] = [];
    await Promise.all(
      heads.map(({ arrival, line }, index) =>
        prepare(arrival, { line }, options).then(
          (one) => {
            prepared[index] = one;
          },
          (error) => void settled.set(arrival, failed(error)),
        ),
      ),
    );
    const { packs, rest } = pack(prepared.filter((one) => one !== undefined));
    const again: Arrival[] = [];
    for (const one of packs) {
      try {
        const answers = await commit(
          dynamodb,
          one.map(({ completion }) => completion),
        );
        for (const [index, answer] of answers.entries()) {
          const { arrival } = one[index]!;
          const applied = appliedOf(one[index]!, answer);
          if (applied.kind === 'again') again.push(arrival);
          else settled.set(arrival, await alone.after(arrival, applied).catch(failed));
        }
      } catch (error) {
        for (const { arrival } of one) settled.set(arrival, failed(error));
      }
    }
    const left = heads.filter(({ arrival }) => rest.some((one) => one.arrival === arrival));
    return { left, again };
  };

  return async (heads) => {
    const settled = new Map<Arrival, Settled>();
    let lines: ReadonlyMap<string, Line>;
    try {
      lines = await readLines(options, [...new Set(heads.map(({ event }) => event.partitionkey))]);
    } catch (error) {
      return heads.map(() => failed(error));
    }
    const inLines = heads.map((arrival): Head => ({ arrival, line: lines.get(arrival.event.partitionkey)! }));
    const others: { readonly arrival: Arrival; readonly line?: Line }[] = inLines.filter(
      (head) => !isItsTurn(head, stage),
    );
    for (let turn = inLines.filter((head) => isItsTurn(head, stage)); turn.length > 0; ) {
      const { left, again } = await packed(turn, settled);
      others.push(...again.map((arrival) => ({ arrival })));
      turn = left;
    }
    for (const { arrival, line } of others) {
      settled.set(arrival, await alone.settle(arrival, line).catch(failed));
    }
    return heads.map((arrival) => settled.get(arrival)!);
  };
}

interface Head {
  readonly arrival: Arrival;
  readonly line: Line;
}

/** One that waits in the table as well is looked at by itself: what waits may be another one under its id. */
const isItsTurn = ({ arrival: { event }, line }: Head, stage: string): boolean =>
  ['next', 'unnumbered'].includes(standingOf(line, event, stage)) && !isWaiting(line, event, stage);

/** What a commit's answer means. */
function appliedOf({ completion, line }: Prepared, committed: Committed): Applied {
  switch (committed.kind) {
    case 'committed':
      return { kind: 'applied', decision: completion.decision, line };
    case 'known':
      return { kind: 'known', record: committed.record };
    case 'stale':
      return { kind: 'again', taken: committed.taken };
    case 'busy':
    case 'lost':
      return { kind: 'again' };
    default:
      return committed satisfies never;
  }
}

/**
 * Gathers decisions into transactions: no item twice in one, at most 100 actions, below 4 MB. Those that touch an item
 * that an earlier one touches are left over: they read what is about to change.
 */
function pack(decided: readonly Prepared[]): { readonly packs: Prepared[][]; readonly rest: Prepared[] } {
  const packs: Prepared[][] = [];
  const rest: Prepared[] = [];
  const touched = new Set<string>();
  let actions = 0;
  let bytes = 0;
  for (const one of decided) {
    const { decision, lines } = one.completion;
    const keys = [...decision.writes.map((write) => `${write.table}\n${write.key}`), ...lines.map(({ key }) => key)];
    if (keys.some((key) => touched.has(key))) {
      rest.push(one);
      continue;
    }
    for (const key of keys) touched.add(key);
    // The writes stand in the transaction twice: as themselves, and in the record.
    const size = 2 * Buffer.byteLength(JSON.stringify(decision)) + Buffer.byteLength(JSON.stringify(lines)) + 1000;
    if (packs.length === 0 || actions + keys.length + 1 > ACTIONS_MAX || bytes + size > TRANSACTION_BYTES_MAX) {
      packs.push([]);
      actions = 0;
      bytes = 0;
    }
    packs.at(-1)!.push(one);
    actions += keys.length + 1;
    bytes += size;
  }
  return { packs, rest };
}
