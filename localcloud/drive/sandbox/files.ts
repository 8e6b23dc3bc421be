/** `node:fs` of a machine without files: whoever looks for a configuration (the SDK does) finds none. */
import * as fs from 'node:fs';

const missing = (path: unknown): Error =>
  Object.assign(new Error(`ENOENT: no such file or directory, open '${path}'`), { code: 'ENOENT', errno: -2, path });

export function createFiles(later: (run: () => void) => void) {
  const failAtOnce = (path: unknown): never => {
    throw missing(path);
  };
  const failLater = (...given: unknown[]) => {
    const callback = given.at(-1);
    if (typeof callback !== 'function') throw missing(given[0]);
    later(() => callback(missing(given[0])));
  };
  const failPromise = async (path: unknown) => Promise.reject(missing(path));

  const promises = { ...replace(fs.promises, () => failPromise), constants: fs.constants };
  const module = {
    ...replace(fs, (name) => (name.endsWith('Sync') ? failAtOnce : failLater)),
    constants: fs.constants,
    promises,
    existsSync: () => false,
    exists: (_path: unknown, found: (exists: boolean) => void) => later(() => found(false)),
  };
  return { module, promises };
}

/** The functions of a module by others; bundlers copy what a module has, so all its names must be there. */
const replace = (module: object, by: (name: string) => unknown): object =>
  Object.fromEntries(
    Object.entries(module).flatMap(([name, value]) => (typeof value === 'function' ? [[name, by(name)]] : [])),
  );
