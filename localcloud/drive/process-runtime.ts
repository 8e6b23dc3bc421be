/** What a function's process starts from: the folder that is `/var/runtime` on AWS, and its command line. */
import { copyFileSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Start } from './runtime.ts';
import { stripped } from './worker-sources.ts';

export interface ProcessRuntime {
  readonly program: string;
  readonly arguments: (memoryMb: number) => string[];
  /** The folder of the function's code. What was uploaded is written to one first. */
  readonly codeOf: (start: Start) => string;
}

const CLIENT = 'runtime-client.mjs';

/** @param scratch a folder to put files into */
export function createProcessRuntime(scratch: string): ProcessRuntime {
  const folder = mkdtempSync(join(scratch, 'runtime-'));
  for (const name of ['printing', 'runtime']) {
    writeFileSync(join(folder, `${name}.js`), stripped(new URL(`${name}.ts`, import.meta.url)));
  }
  copyFileSync(new URL(CLIENT, import.meta.url), join(folder, CLIENT));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  const unpacked = new WeakMap<object, string>();
  return {
    program: process.execPath,
    arguments: (memoryMb) => [`--max-old-space-size=${memoryMb}`, join(folder, CLIENT)],
    codeOf({ code, files }) {
      if (files === undefined) return code;
      const known = unpacked.get(files);
      if (known !== undefined) return known;
      const made = mkdtempSync(join(scratch, 'code-'));
      for (const [path, text] of Object.entries(files)) {
        mkdirSync(dirname(join(made, path)), { recursive: true });
        writeFileSync(join(made, path), text);
      }
      unpacked.set(files, made);
      return made;
    },
  };
}
