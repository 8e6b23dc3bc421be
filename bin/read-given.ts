import { readFile } from 'node:fs/promises';
import { UsageError } from '../lib/operate/target.ts';

/**
 * Reads a file that was named on the command line.
 * @throws UsageError when it is not there, or cannot be read
 */
export async function readGiven(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    if (code === 'ENOENT') throw new UsageError(`there is no file ${file}`);
    if (code === 'EISDIR') throw new UsageError(`${file} is a folder; name a file in it`);
    throw new UsageError(`${file} cannot be read: ${message}`);
  }
}
