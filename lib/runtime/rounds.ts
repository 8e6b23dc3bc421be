/** In rounds of at most one of each kind, in order: what is sent or settled together must not be two of one entity. */
export function roundsOf<One>(list: readonly One[], kindOf: (one: One) => unknown): readonly (readonly One[])[] {
  const rounds: One[][] = [];
  const seen = new Map<unknown, number>();
  for (const one of list) {
    const kind = kindOf(one);
    const round = seen.get(kind) ?? 0;
    seen.set(kind, round + 1);
    rounds[round] ??= [];
    rounds[round].push(one);
  }
  return rounds;
}
