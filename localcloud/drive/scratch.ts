/** The files of one live cloud: what its functions run from. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

export interface Scratch {
  /** Absolute path. */
  readonly folder: string;
  remove(): void;
}

/** A folder that is removed with the cloud, or at the latest when the process ends by itself. */
export function createScratch(parent: string = tmpdir()): Scratch {
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(resolve(parent), 'local-cloud-'));
  const erase = () => rmSync(folder, { recursive: true, force: true });
  process.once('exit', erase);
  return {
    folder,
    remove() {
      process.off('exit', erase);
      erase();
    },
  };
}
