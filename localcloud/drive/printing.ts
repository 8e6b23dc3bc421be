/** What a function prints becomes lines of its log stream, in the format of Lambda's Node.js runtime. */
import { format } from 'node:util';

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error'] as const;
type Level = (typeof LEVELS)[number];

export interface Printing {
  readonly now: () => number;
  /** The invocation that is running. */
  readonly requestId: () => string | undefined;
  /** Takes a whole line, without its end. */
  readonly line: (message: string) => void;
  /** Whether the function logs in JSON (its LoggingConfig). */
  readonly json: () => boolean;
}

export type Print = (...values: unknown[]) => void;

/** The methods of `console` that the runtime replaces. */
export function lambdaConsole(printing: Printing): Readonly<Record<Level | 'log', Print>> {
  const print =
    (level: Level): Print =>
    (...values) =>
      printing.line(lineOf(printing, level, format(...values)));
  const methods = Object.fromEntries(LEVELS.map((level) => [level, print(level)])) as Record<Level, Print>;
  return { ...methods, log: methods.info };
}

function lineOf({ now, requestId, json }: Printing, level: Level, message: string): string {
  const timestamp = new Date(now()).toISOString();
  if (!json()) return `${timestamp}\t${requestId()}\t${level.toUpperCase()}\t${message}`;
  return JSON.stringify({ timestamp, level: level.toUpperCase(), requestId: requestId(), message });
}

/** A `write` for standard output that cuts what is written into lines. */
export function lineWriter(line: (message: string) => void): (chunk: unknown) => void {
  let rest = '';
  return (chunk) => {
    const lines = (rest + (typeof chunk === 'string' ? chunk : Buffer.from(chunk as Uint8Array).toString())).split(
      '\n',
    );
    rest = lines.pop()!;
    for (const each of lines) line(each);
  };
}
