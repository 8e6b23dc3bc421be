/** `node:zlib`. On threads it would finish when the machine likes: it is done at once instead, and its streams are refused. */
import * as zlib from 'node:zlib';
import { refused } from './refusals.ts';

type Sync = (input: unknown, options?: unknown) => unknown;
type Callback = (error: unknown, result?: unknown) => void;

const all = Object.entries(zlib as Readonly<Record<string, unknown>>);
const syncOf = (name: string) => (zlib as Record<string, unknown>)[`${name}Sync`] as Sync | undefined;
const later = all.flatMap(([name]): [string, Sync][] => {
  const sync = syncOf(name);
  return sync ? [[name, sync]] : [];
});
const streams = all.filter(([name, value]) => typeof value === 'function' && /^(create|[A-Z])/.test(name));
const base = {
  ...zlib,
  ...Object.fromEntries(
    streams.map(([name]) => [name, refused(`zlib.${name}`, 'it works on threads; use the functions that end in Sync')]),
  ),
};

export const createCompression = (soon: (run: () => void) => void): object => ({
  ...base,
  ...Object.fromEntries(later.map(([name, sync]) => [name, withCallback(sync, soon)])),
});

const withCallback =
  (sync: Sync, soon: (run: () => void) => void) =>
  (input: unknown, ...rest: unknown[]): void => {
    const callback = rest.at(-1) as Callback;
    const options = rest.length > 1 ? rest[0] : undefined;
    let answer: () => void;
    try {
      const result = sync(input, options);
      answer = () => callback(null, result);
    } catch (error) {
      answer = () => callback(error);
    }
    soon(answer);
  };
