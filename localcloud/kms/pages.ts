import { ServiceError } from '../service.ts';

/** The members that KMS's lists share. */
export interface PageRequest {
  readonly Marker?: string | undefined;
  readonly Limit?: number | undefined;
}

export const PAGE = ['Marker', 'Limit'] as const;

/** One page of a list; the marker is the position of the next item. */
export function page<Item>(items: readonly Item[], { Marker, Limit }: PageRequest, usual: number) {
  const from = Marker === undefined ? 0 : Number(Marker);
  if (!Number.isInteger(from) || from < 0) throw new ServiceError('InvalidMarkerException', `Invalid marker ${Marker}`);
  const to = from + (Limit ?? usual);
  const more = to < items.length;
  return { items: items.slice(from, to), rest: { Truncated: more, ...(more ? { NextMarker: String(to) } : {}) } };
}
