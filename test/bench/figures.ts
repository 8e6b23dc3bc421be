/** What the benches share: medians, and a process run to its end. */
import { spawn } from 'node:child_process';

export interface Figure {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
}

export const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

/** Runs a program of this repository; resolves with what it printed and how long it took, in milliseconds. */
export function run(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<{ output: string; milliseconds: number }> {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(process.execPath, args, {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
    });
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve({ output, milliseconds: performance.now() - started });
      else reject(new Error(`${args.join(' ')} ended with ${code}:\n${output}`));
    });
  });
}

/** Repeats `work` one after the other. */
export async function times<T>(count: number, work: () => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  for (let n = 0; n < count; n++) results.push(await work());
  return results;
}
