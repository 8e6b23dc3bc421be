/** The words after a command's name: which options and how many words there are, and what is said where they do not fit. */
import { parseArgs } from 'node:util';
import { UsageError } from '../lib/operate/target.ts';
import type { Command, Option } from './command.ts';

/** Options that every command has. */
export const shared: Readonly<Record<string, Option>> = {
  local: { help: 'work on the local cloud (this is the default)', flag: true },
  aws: { help: 'work on AWS, with the credentials that the SDK finds', flag: true },
  endpoint: { help: 'the local cloud’s endpoint (default http://127.0.0.1:4566)' },
  region: { help: 'the region (default eu-west-1)' },
  environment: { help: 'the environment (default dev)' },
  json: { help: 'print JSON', flag: true },
  help: { help: 'print this', flag: true },
};

export interface Words {
  readonly positionals: readonly string[];
  readonly values: Readonly<Record<string, string | boolean | undefined>>;
}

/**
 * Reads the words after a command's name.
 * @throws UsageError where an option is unknown, has no value or is of another verb, or a word has no place
 */
export function readWords(command: Command, words: readonly string[]): Words {
  const known = { ...command.options, ...shared };
  const { tokens, positionals } = parseArgs({
    args: [...words],
    allowPositionals: true,
    strict: false,
    tokens: true,
    options: Object.fromEntries(
      Object.entries(known).map(([name, option]) => [name, { type: option.flag ? 'boolean' : 'string' } as const]),
    ),
  });
  const values: Record<string, string | boolean> = {};
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    const { name, rawName } = token;
    const option = Object.hasOwn(known, name) && rawName.startsWith('--') ? known[name] : undefined;
    if (option === undefined) throw new UsageError(noSuchOption(command, rawName));
    if (Object.hasOwn(values, name) && !option.flag) throw new UsageError(`${rawName} is said twice; say it once`);
    values[name] = option.flag ? flagOf(token) : givenTo(token);
  }
  if (values.help) return { values, positionals };
  fits(command, { positionals, values });
  return { values, positionals };
}

interface Said {
  readonly rawName: string;
  readonly value?: string | undefined;
  readonly inlineValue?: boolean | undefined;
}

function flagOf({ rawName, value }: Said): boolean {
  if (value === undefined) return true;
  throw new UsageError(`${rawName} takes no value; leave out =${value}`);
}

function givenTo({ rawName, value, inlineValue }: Said): string {
  if (value === undefined) throw new UsageError(`${rawName} takes a value, and none follows it`);
  if (value.startsWith('-') && !inlineValue)
    throw new UsageError(
      `${rawName} takes a value, and what follows it is ${value}; a value with a dash is said as ${rawName}=${value}`,
    );
  if (value === '') throw new UsageError(`${rawName} is empty; give it a value, or leave it out`);
  return value;
}

const noSuchOption = ({ name, options }: Command, said: string): string =>
  `there is no option ${said} of ${name}; options are ${Object.keys({ ...options, ...shared })
    .map((option) => `--${option}`)
    .join(', ')}`;

/** Whatever has no effect is refused: an operator who says `--dry-run` must not find that it was done. */
function fits({ name, usage, options = {} }: Command, { positionals, values }: Words): void {
  if (positionals.includes(''))
    throw new UsageError(`a word is empty in: ${`${name} ${positionals.join(' ')}`.trim()}`);
  const forms = formsOf(usage);
  const [verb] = positionals;
  if (forms.some((form) => form.verb === verb)) {
    for (const option of Object.keys(values)) {
      const verbs = options[option]?.verbs;
      if (verbs && !verbs.includes(verb!))
        throw new UsageError(`--${option} is for ${verbs.join(' and ')} only, not for ${name} ${verb}`);
    }
  }
  const meant = forms.filter((form) => form.verb === undefined || form.verb === verb);
  const tooMuch = meant.length === 0 ? undefined : positionals[Math.max(...meant.map(({ room }) => room))];
  if (tooMuch !== undefined)
    throw new UsageError(`there is no place for ${tooMuch} in: ${[name, usage].join(' ').trim()}`);
}

/**
 * The forms of a usage, such as `list [stage] | show <event>`: the verb, if it begins with one, and how many words there are. Of
 * verbs that there are not the command tells itself.
 */
export const formsOf = (usage: string): readonly { readonly verb: string | undefined; readonly room: number }[] =>
  usage.split(' | ').map((form) => {
    const parts = [...form.matchAll(/(?:<[^>]*>|\[[^\]]*\]|[^\s<[])+/g)].map(([part]) => part);
    const own = parts.filter((part, at) => !isOption(part) && !parts[at - 1]?.startsWith('--'));
    const verb = /^[a-z-]+$/.test(own[0] ?? '') ? own[0] : undefined;
    return { verb, room: form.includes('…') ? Number.POSITIVE_INFINITY : own.length };
  });

/** An option in brackets brings its value along. */
const isOption = (part: string): boolean => part.startsWith('--') || part.startsWith('[--');

/**
 * Reads an option that is a number.
 * @throws UsageError when it is outside its range
 */
export function numberOf(
  options: Words['values'],
  name: string,
  { least, whole = true }: { least: number; whole?: boolean },
): number | undefined {
  const text = options[name];
  if (text === undefined) return undefined;
  const number = Number(text);
  if (Number.isFinite(number) && number >= least && (!whole || Number.isInteger(number))) return number;
  throw new UsageError(`--${name} is ${text}; allowed are ${whole ? 'whole numbers' : 'numbers'} from ${least}`);
}
