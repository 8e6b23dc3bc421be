/** Account ids in the literal ARNs of a template. Whatever names another account than the cloud's cannot be reached in it. */
export function foreignAccounts(value: unknown, account: string, path: string): { account: string; path: string }[] {
  if (typeof value === 'string') {
    return [...value.matchAll(/\barn:aws[a-z-]*:[a-z0-9-]*:[a-z0-9-]*:(\d{12}):/g)]
      .filter(([, found]) => found !== account)
      .map(([, found]) => ({ account: found!, path }));
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => foreignAccounts(member, account, `${path}/${key}`));
}
