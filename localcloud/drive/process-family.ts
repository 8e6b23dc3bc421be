/** The processes of one cloud: they end with it, by their own ids, also when it is killed and can end nothing itself. */
import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export interface ProcessFamily {
  spawn(program: string, words: readonly string[], options: SpawnOptions): ChildProcess;
  /** Resolves when all of them have exited; whoever calls it has killed them. */
  ended(): Promise<void>;
}

const REAPER = fileURLToPath(new URL('./process-reaper.mjs', import.meta.url));

export function createProcessFamily(): ProcessFamily {
  const living = new Set<ChildProcess>();
  const reaper = spawn(process.execPath, [REAPER], { env: {}, stdio: ['pipe', 'ignore', 'ignore'] });
  reaper.unref();
  // Without a reaper there is nobody to tell, and the cloud goes on.
  reaper.on('error', () => {});
  reaper.stdin.on('error', () => {});
  return {
    spawn(program, words, options) {
      const child = spawn(program, words, options);
      const { pid } = child;
      if (pid === undefined) return child;
      living.add(child);
      reaper.stdin.write(`+${pid}\n`);
      child.on('exit', () => {
        living.delete(child);
        reaper.stdin.write(`-${pid}\n`);
      });
      return child;
    },
    async ended() {
      await Promise.all([...living].map((child) => new Promise((resolve) => child.once('exit', resolve))));
      reaper.stdin.end();
    },
  };
}
