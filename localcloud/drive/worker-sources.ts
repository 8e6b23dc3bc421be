/** The TypeScript of a worker thread, stripped once for all threads. */
import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';

export interface WorkerSources {
  readonly entry: string;
  /** JavaScript by URL. */
  readonly sources: Readonly<Record<string, string>>;
}

/** What `live-worker.ts` imports of ours at run time; what is missing here still works, by Node's own stripping. */
const files = ['live-worker.ts', 'printing.ts', 'runtime.ts'];

export function workerSources(): WorkerSources {
  const sources = Object.fromEntries(
    files.map((file) => {
      const url = new URL(file, import.meta.url);
      return [url.href, stripped(url)];
    }),
  );
  return { entry: new URL('live-worker.ts', import.meta.url).href, sources };
}

/** A TypeScript file of ours as JavaScript. Its own imports must be types only, or of Node: they are left as they are. */
export const stripped = (url: URL): string => withoutWarning(() => stripTypeScriptTypes(readFileSync(url, 'utf8')));

/** Node warns that the function may change. If it does, the threads strip for themselves; nobody need read about it. */
function withoutWarning<T>(work: () => T): T {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return work();
  } finally {
    process.emitWarning = emitWarning;
  }
}
