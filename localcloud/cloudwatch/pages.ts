import { ServiceError } from '../service.ts';

/** One page of a list; the token is the position of the next item. */
export function page<Item>(items: readonly Item[], token: string | undefined, size: number) {
  const from = token === undefined ? 0 : Number(token);
  if (!Number.isInteger(from) || from < 0) throw new ServiceError('InvalidNextToken', `Invalid token ${token}`);
  const to = from + size;
  return { items: items.slice(from, to), rest: to < items.length ? { NextToken: String(to) } : {} };
}
