/** Says what has been done, and how long it took, while it is being done. */
import { styleText } from 'node:util';

export interface Steps {
  /** Runs a step and prints a line for it: `✔ bundled 7 functions  0.6 s`. The work returns the words, or the words and a value. */
  time(name: string, work: () => Promise<string>): Promise<void>;
  time<T>(name: string, work: () => Promise<readonly [string, T]>): Promise<T>;
  /** A line that is replaced by the next one, where the terminal can; elsewhere one line in two seconds. */
  progress(line: string): void;
  /** Lines that come in between. */
  say(text: string): void;
  /** Ends the line of progress. */
  settle(): void;
}

export interface StepsOptions {
  /** Says nothing. */
  readonly quiet?: boolean;
  /** Default standard output; standard error where that holds a result for programs. */
  readonly to?: Pick<NodeJS.WriteStream, 'isTTY' | 'write'>;
}

export function createSteps({ quiet = false, to = process.stdout }: StepsOptions = {}): Steps {
  const tty = to.isTTY === true;
  const print = (line: string) => {
    if (!quiet) to.write(`${line}\n`);
  };
  let shown = '';
  let lastPrinted = Number.NEGATIVE_INFINITY;

  const settle = () => {
    if (tty && !quiet && shown) to.write('\r\u001b[2K');
    shown = '';
  };

  return {
    async time(name: string, work: () => Promise<string | readonly [string, unknown]>): Promise<any> {
      const started = performance.now();
      const result = await work();
      const [words, value] = typeof result === 'string' ? [result, undefined] : result;
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      print(`${styleText('green', '✔')} ${name} ${words}  ${styleText('dim', `${seconds} s`)}`);
      return value;
    },
    progress(line) {
      if (quiet || line === shown) return;
      shown = line;
      if (tty) to.write(`\r\u001b[2K${line}`);
      else if (performance.now() - lastPrinted > 2000) {
        lastPrinted = performance.now();
        print(line);
      }
    },
    say(text) {
      settle();
      print(text);
    },
    settle,
  };
}
