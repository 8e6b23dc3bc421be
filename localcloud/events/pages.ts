import { invalid } from './state.ts';

/** One page of a list. The token is the place to go on at, made opaque as AWS's are. */
export function page<T>(
  all: readonly T[],
  { Limit = 100, NextToken }: { Limit?: number | undefined; NextToken?: string | undefined },
) {
  const from = NextToken === undefined ? 0 : Number(Buffer.from(NextToken, 'base64url').toString());
  if (!Number.isInteger(from) || from < 0) invalid('Parameter NextToken is not valid.');
  const items = all.slice(from, from + Limit);
  const next = from + items.length;
  return { items, ...(next < all.length ? { NextToken: Buffer.from(String(next)).toString('base64url') } : {}) };
}
