/** What every command of the command line shares: options, help, and how it ends. */
import { parseArgs, styleText } from 'node:util';
import type { Deployment } from '../lib/model/names.ts';
import { createTarget, type Target, UsageError } from '../lib/operate/target.ts';
import { pipeline } from './domain.ts';

export interface Command {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** What comes after the name, for `--help`. */
  readonly usage: string;
  /** The command's own options, with a line of help each; all take a value unless `flag` is set. */
  readonly options?: Readonly<Record<string, { readonly help: string; readonly flag?: true }>>;
  /** Returns the exit code. */
  readonly run: (input: Input) => Promise<number>;
}

export interface Input {
  readonly target: Target;
  readonly positionals: readonly string[];
  readonly options: Readonly<Record<string, string | boolean | undefined>>;
  readonly json: boolean;
  /** From when this is called, Ctrl-C does not kill but asks to come to an end; a second Ctrl-C kills. */
  readonly untilInterrupted: () => AbortSignal;
}

const shared = {
  local: { help: 'work on the local cloud (this is the default)', flag: true },
  aws: { help: 'work on AWS, with the credentials that the SDK finds', flag: true },
  endpoint: { help: 'the local cloud’s endpoint (default http://127.0.0.1:4566)' },
  region: { help: 'the region (default eu-west-1)' },
  environment: { help: 'the environment (default dev)' },
  json: { help: 'print JSON', flag: true },
  help: { help: 'print this', flag: true },
} as const;

/** Runs one of `commands` by the words of a command line. Returns the exit code: 0 done, 1 not done, 2 a mistake in the words. */
export async function runCommand(commands: readonly Command[], words: readonly string[]): Promise<number> {
  const [name, ...rest] = words;
  if (name === undefined || name === '--help' || name === 'help') {
    console.log(overview(commands));
    return name === undefined ? 2 : 0;
  }
  const command = commands.find((one) => one.name === name);
  if (!command) {
    console.error(`there is no command ${name}; commands are ${commands.map((one) => one.name).join(', ')}`);
    return 2;
  }
  try {
    return await parseAndRun(command, rest);
  } catch (error) {
    return explain(error);
  }
}

/**
 * Reads the words after a command's name.
 * @throws UsageError, or a TypeError of node:util, where an option is unknown or a word has no place
 */
export function readWords(command: Command, words: readonly string[]) {
  const known = { ...command.options, ...shared };
  const { values, positionals } = parseArgs({
    args: [...words],
    allowPositionals: true,
    options: Object.fromEntries(
      Object.entries(known).map(([name, option]) => [name, { type: 'flag' in option ? 'boolean' : 'string' }]),
    ),
  });
  const [tooMuch] = surplus(command.usage, positionals);
  if (tooMuch !== undefined)
    throw new UsageError(`there is no place for ${tooMuch} in: ${[command.name, command.usage].join(' ').trim()}`);
  return { values, positionals };
}

async function parseAndRun(command: Command, words: readonly string[]): Promise<number> {
  const { values, positionals } = readWords(command, words);
  if (values.help) {
    console.log(help(command));
    return 0;
  }
  if (values.aws && (values.local || values.endpoint))
    throw new UsageError('--aws and --local exclude each other; give one');
  const deployment: Deployment = { pipeline: pipeline.name, environment: String(values.environment ?? 'dev') };
  const target = createTarget({
    pipeline,
    deployment,
    region: String(values.region ?? 'eu-west-1'),
    endpoint: values.aws ? undefined : String(values.endpoint ?? 'http://127.0.0.1:4566'),
  });
  return command.run({ target, positionals, options: values, json: values.json === true, untilInterrupted });
}

/**
 * Words of a command line for which its usage has no place. A usage is made of forms, `list [stage] | show <event>`; a verb says
 * which is meant. Of verbs that there are not the command tells itself.
 */
function surplus(usage: string, words: readonly string[]): readonly string[] {
  const forms = formsOf(usage);
  const meant = forms.filter(({ verb }) => verb === undefined || verb === words[0]);
  return meant.length === 0 ? [] : words.slice(Math.max(...meant.map(({ room }) => room)));
}

/** The forms of a usage: the verb, if it begins with one, and how many words there are. */
export const formsOf = (usage: string): readonly { readonly verb: string | undefined; readonly room: number }[] =>
  usage.split(' | ').map((form) => {
    const parts = [...form.matchAll(/(?:<[^>]*>|\[[^\]]*\]|[^\s<[])+/g)].map(([part]) => part);
    const own = parts.filter((part, at) => !isOption(part) && !parts[at - 1]?.startsWith('--'));
    const verb = /^[a-z-]+$/.test(own[0] ?? '') ? own[0] : undefined;
    return { verb, room: form.includes('…') ? Number.POSITIVE_INFINITY : own.length };
  });

/** An option in brackets brings its value along. */
const isOption = (part: string): boolean => part.startsWith('--') || part.startsWith('[--');

function untilInterrupted(): AbortSignal {
  const controller = new AbortController();
  process.once('SIGINT', () => controller.abort());
  return controller.signal;
}

/** Says what went wrong in a line; a stack only where it is our own fault. */
function explain(error: unknown): number {
  const { name, message, code } = error as { name?: string; message?: string; code?: string };
  if (name === 'UsageError' || code?.startsWith('ERR_PARSE_ARGS')) {
    console.error(message);
    return 2;
  }
  if (name === 'Interrupted') {
    console.error(message);
    return 1;
  }
  if (code === 'ECONNREFUSED' || name === 'AggregateError') {
    console.error(
      'nothing answers at the endpoint; start the local cloud with `npm start`, or give --endpoint or --aws',
    );
    return 1;
  }
  if (code === 'ENOENT') {
    console.error(`there is no file ${(error as { path?: string }).path}`);
    return 2;
  }
  console.error(error instanceof Error && '$metadata' in error ? `${name}: ${message}` : error);
  return 1;
}

const overview = (commands: readonly Command[]): string =>
  [
    'The operator’s command line: npm run pipeline -- <command> [options]',
    '',
    ...commands.map(({ name, summary }) => `  ${name.padEnd(10)} ${summary}`),
    '',
    'Every command has --help and --json, and works on the local cloud unless --aws is given.',
  ].join('\n');

const help = ({ name, summary, usage, options = {} }: Command): string =>
  [
    `npm run pipeline -- ${name} ${usage}`.trimEnd(),
    '',
    summary,
    '',
    ...Object.entries({ ...options, ...shared }).map(
      ([option, about]) => `  ${`--${option}${'flag' in about ? '' : ' <value>'}`.padEnd(24)} ${about.help}`,
    ),
  ].join('\n');

/**
 * Reads an option that is a number.
 * @throws UsageError when it is outside its range
 */
export function numberOf(
  options: Input['options'],
  name: string,
  { least, whole = true }: { least: number; whole?: boolean },
): number | undefined {
  const text = options[name];
  if (text === undefined) return undefined;
  const number = Number(text);
  if (Number.isFinite(number) && number >= least && (!whole || Number.isInteger(number))) return number;
  throw new UsageError(`--${name} is ${text}; allowed are ${whole ? 'whole numbers' : 'numbers'} from ${least}`);
}

/** Shows how far it is, where somebody looks. */
export function progress(json: boolean, line: string): void {
  if (!json && process.stderr.isTTY) process.stderr.write(`\r\u001b[2K${line}`);
}

/** Columns, padded; the first line is the head. */
export function table(rows: readonly (readonly (string | number)[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => String(row[column]).length)));
  return rows
    .map((row, index) => {
      const cells = row.map((cell, column) =>
        typeof cell === 'number' ? String(cell).padStart(widths[column]!) : String(cell).padEnd(widths[column]!),
      );
      const line = cells.join('  ').trimEnd();
      return index === 0 ? styleText('dim', line) : line;
    })
    .join('\n');
}
