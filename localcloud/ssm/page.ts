import { ServiceError } from '../service.ts';
import { invalid } from './state.ts';

/** One page of a list; the token is the position of the next item. */
export function page<Item>(
  all: readonly Item[],
  asked: { readonly MaxResults?: number | undefined; readonly NextToken?: string | undefined },
  most: number,
): { readonly items: readonly Item[]; readonly NextToken?: string } {
  const { MaxResults: size = most, NextToken: token } = asked;
  if (size < 1 || size > most) {
    throw invalid(
      `1 validation error detected: Value '${size}' at 'maxResults' failed to satisfy constraint: Member must have value ${size < 1 ? 'greater than or equal to 1' : `less than or equal to ${most}`}`,
    );
  }
  const from = token === undefined ? 0 : Number(token);
  if (!Number.isInteger(from) || from < 0) {
    throw new ServiceError('InvalidNextToken', 'The specified token is not valid.');
  }
  const to = from + size;
  return { items: all.slice(from, to), ...(to < all.length ? { NextToken: String(to) } : {}) };
}
