import { ServiceError } from '../service.ts';

/** @throws ServiceError `InvalidNextToken`, or what `refuse` makes: not every list documents that error */
export function page<Item>(
  items: readonly Item[],
  token: string | undefined,
  { size, refuse = invalidToken }: { size: number; refuse?: (token: string) => Error },
) {
  const from = token === undefined ? 0 : Number(token);
  if (!Number.isInteger(from) || from < 0) throw refuse(token!);
  const to = from + size;
  return { items: items.slice(from, to), rest: to < items.length ? { NextToken: String(to) } : {} };
}

export const invalidToken = (token: string) => new ServiceError('InvalidNextToken', `Invalid NextToken : ${token}`);
