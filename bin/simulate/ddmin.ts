/**
 * Delta debugging: of a list that fails, a part that fails still and of which nothing can be left out any more
 * (Zeller and Hildebrandt, "Simplifying and Isolating Failure-Inducing Input", IEEE TSE 2002).
 */

/**
 * The smallest failing part that was found.
 * @param fails whether a part fails; it is never asked about the whole list
 * @param goOn asked before each try; false ends the search with what is known
 */
export async function ddmin<T>(
  whole: readonly T[],
  fails: (part: readonly T[]) => Promise<boolean>,
  goOn: () => boolean = () => true,
): Promise<readonly T[]> {
  // Mostly the most of it is beside the point, and often all of it.
  if (whole.length === 0 || (goOn() && (await fails([])))) return [];
  let current = whole;
  let parts = 2;
  while (current.length > 1) {
    const smaller = await reduced(current, parts, { fails, goOn });
    if (smaller) {
      current = smaller.list;
      parts = Math.max(2, smaller.kind === 'part' ? 2 : parts - 1);
    } else if (parts < current.length && goOn()) parts = Math.min(current.length, parts * 2);
    else break;
  }
  return current;
}

interface Search<T> {
  readonly fails: (part: readonly T[]) => Promise<boolean>;
  readonly goOn: () => boolean;
}

/** One of so many parts by itself, or all but one of them. */
async function reduced<T>(list: readonly T[], parts: number, { fails, goOn }: Search<T>) {
  const size = Math.ceil(list.length / parts);
  const starts = Array.from({ length: Math.ceil(list.length / size) }, (_, index) => index * size);
  for (const start of starts) {
    const part = list.slice(start, start + size);
    if (!goOn()) return undefined;
    if (part.length < list.length && (await fails(part))) return { kind: 'part' as const, list: part };
  }
  // Of two parts, each is all but the other.
  if (starts.length <= 2) return undefined;
  for (const start of starts) {
    const rest = [...list.slice(0, start), ...list.slice(start + size)];
    if (!goOn()) return undefined;
    if (await fails(rest)) return { kind: 'rest' as const, list: rest };
  }
  return undefined;
}
