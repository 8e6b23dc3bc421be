/** One page of a list; markers are positions. AWS's pages hold 50 at most. */
export function page<Item>(
  all: readonly Item[],
  asked: { readonly Marker?: string | undefined; readonly MaxItems?: number | undefined },
): { readonly items: readonly Item[]; readonly next: string | undefined } {
  const from = Number(asked.Marker ?? 0);
  const to = from + Math.min(Number(asked.MaxItems ?? 50), 50);
  return { items: all.slice(from, to), next: to < all.length ? String(to) : undefined };
}
