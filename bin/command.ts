/** What every command of the command line shares: options, help, and how it ends. */
import { styleText } from 'node:util';
import { type Deployment, names } from '../lib/model/names.ts';
import { createTarget, regionNamed, type Target, UsageError } from '../lib/operate/target.ts';
import { pipeline } from './domain.ts';
import { explain, type Where } from './explain.ts';
import { readWords, shared, type Words } from './words.ts';

export interface Command {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** What comes after the name, for `--help`: forms, `list [stage] | show <event>`. */
  readonly usage: string;
  readonly options?: Readonly<Record<string, Option>>;
  /** Returns the exit code. */
  readonly run: (input: Input) => Promise<number>;
}

/** It takes a value unless `flag` is set. */
export interface Option {
  readonly help: string;
  readonly flag?: true;
  /** The verbs that it is for; default all. */
  readonly verbs?: readonly string[];
}

export interface Input {
  readonly target: Target;
  readonly positionals: readonly string[];
  readonly options: Words['values'];
  readonly json: boolean;
  /** From when this is called, Ctrl-C does not kill but asks to come to an end; a second Ctrl-C kills. */
  readonly untilInterrupted: () => AbortSignal;
}

/** Runs one of `commands` by the words of a command line. Returns the exit code: 0 done, 1 not done, 2 a mistake in the words. */
export async function runCommand(commands: readonly Command[], words: readonly string[]): Promise<number> {
  const [first, ...rest] = words;
  const [name, ...others] = first === 'help' && rest[0] !== undefined ? [rest[0], '--help'] : [first, ...rest];
  if (name === undefined || name === '--help' || name === 'help') {
    console.log(overview(commands));
    return name === undefined ? 2 : 0;
  }
  const command = commands.find((one) => one.name === name);
  if (!command) {
    const known = commands.map((one) => one.name).join(', ');
    console.error(
      name.startsWith('-')
        ? `the command comes first, and then ${name}; commands are ${known}`
        : `there is no command ${name}; commands are ${known}`,
    );
    return 2;
  }
  return parseAndRun(command, others);
}

async function parseAndRun(command: Command, words: readonly string[]): Promise<number> {
  let where: Where | undefined;
  try {
    const { values, positionals } = readWords(command, words);
    if (values.help) {
      console.log(help(command));
      return 0;
    }
    const endpoint = endpointOf(values);
    const region = regionNamed('--region', String(values.region ?? 'eu-west-1'));
    const deployment: Deployment = { pipeline: pipeline.name, environment: String(values.environment ?? 'dev') };
    where = { endpoint, region, deployed: names.base(deployment) };
    const target = createTarget({ pipeline, deployment, region, endpoint });
    return await command.run({ target, positionals, options: values, json: values.json === true, untilInterrupted });
  } catch (error) {
    return explain(error, where);
  }
}

/** Where a local cloud is if nobody says otherwise. */
const LOCAL = 'http://127.0.0.1:4566';

/** So many of a list, for people; a program gets them all with --json. */
export const few = (some: readonly string[], most = 5): string =>
  some.length <= most
    ? some.join(', ')
    : `${some.slice(0, most).join(', ')} and ${some.length - most} more (--json has all)`;

/** The line that gives a command to the local cloud at `endpoint`, which it names unless it is where one is looked for anyhow. */
export const lineFor = (words: string, endpoint: string): string =>
  `npm run pipeline -- ${words}${endpoint === LOCAL ? '' : ` --endpoint ${endpoint}`}`;

/** @throws UsageError when it is no URL, or AWS was asked for as well */
function endpointOf({ aws, local, endpoint }: Words['values']): string | undefined {
  if (aws && local) throw new UsageError('--aws and --local exclude each other; give one');
  if (aws && endpoint !== undefined) throw new UsageError('--aws and --endpoint exclude each other; give one');
  if (aws) return undefined;
  const text = String(endpoint ?? LOCAL);
  if (/^https?:$/.test(URL.parse(text)?.protocol ?? '')) return text;
  throw new UsageError(`--endpoint is ${text}; allowed are URLs such as http://127.0.0.1:4566`);
}

function untilInterrupted(): AbortSignal {
  const controller = new AbortController();
  process.once('SIGINT', () => controller.abort());
  return controller.signal;
}

const overview = (commands: readonly Command[]): string =>
  [
    'The operator’s command line: npm run pipeline -- <command> [options]',
    '',
    ...commands.map(({ name, summary }) => `  ${name.padEnd(10)} ${summary}`),
    '',
    'Every command has --help and --json, and works on the local cloud unless --aws is given. It ends with 0 when it was done, 1 when',
    'not or in part, 2 for a mistake in the words. Transcripts of all of them: docs/guides/operate.md',
  ].join('\n');

const help = ({ name, summary, usage, options = {} }: Command): string =>
  [
    `npm run pipeline -- ${name} ${usage}`.trimEnd(),
    '',
    summary,
    '',
    ...Object.entries({ ...options, ...shared }).map(
      ([option, { flag, verbs, help: about }]) =>
        `  ${`--${option}${flag ? '' : ' <value>'}`.padEnd(24)} ${verbs ? `${verbs.join(', ')}: ` : ''}${about}`,
    ),
  ].join('\n');

/** Shows how far it is, where somebody looks. */
export function progress(json: boolean, line: string): void {
  if (!json && process.stderr.isTTY) process.stderr.write(`\r\u001b[2K${line}`);
}

/** So many characters at most, and … where something is left out. */
export const shortened = (text: string, most: number): string =>
  text.length <= most ? text : `${text.slice(0, most - 1).trimEnd()}…`;

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
