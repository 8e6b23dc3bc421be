import { invalid } from './state.ts';

/** The members that IAM's lists share. */
export interface PageRequest {
  readonly Marker?: string | undefined;
  readonly MaxItems?: number | undefined;
}

export const PAGE = ['Marker', 'MaxItems'] as const;

/** One page of a list, 100 long unless asked otherwise; the marker is the position of the next item. */
export function page<Item>(items: readonly Item[], { Marker, MaxItems = 100 }: PageRequest) {
  const from = Marker === undefined ? 0 : Number(Marker);
  if (!Number.isInteger(from) || from < 0) throw invalid(`Invalid Marker: ${Marker}`);
  const to = from + Number(MaxItems);
  const more = to < items.length;
  return { items: items.slice(from, to), rest: { IsTruncated: more, ...(more ? { Marker: String(to) } : {}) } };
}
