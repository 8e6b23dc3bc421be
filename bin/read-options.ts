/** `parseArgs` of Node, which tells of what it does not take in the words of this repository. */
import { type ParseArgsConfig, parseArgs } from 'node:util';

/** A mistake in the words of the command line. */
export class UsageError extends Error {}

/** @throws UsageError for an option that there is not, or that lacks its value or has one too many */
export function readOptionsOf<T extends ParseArgsConfig>(config: T): ReturnType<typeof parseArgs<T>> {
  try {
    return parseArgs(config);
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    if (!code?.startsWith('ERR_PARSE_ARGS')) throw error;
    const [, unknown] = /^Unknown option '([^']+)'/.exec(message) ?? [];
    if (unknown === undefined) throw new UsageError(message);
    const known = Object.keys(config.options ?? {}).map((name) => `--${name}`);
    throw new UsageError(`there is no option ${unknown}; there are ${known.join(', ')}`);
  }
}
