/** The words of a composite alarm's rule, and where each stands. */
import { invalid } from './time.ts';

export interface Token {
  readonly text: string;
  /** In double quotes: a name, whatever it says. */
  readonly quoted: boolean;
  /** Where in the rule it begins. */
  readonly from: number;
}

/** Where the reading stands. */
export interface Cursor {
  readonly tokens: readonly Token[];
  at: number;
}

const TOKEN = /\s*(?:"((?:[^"\\]|\\.)*)"|([(),])|([^\s(),"]+|"))/y;

export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  const end = text.trimEnd().length;
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < end) {
    const [all, quoted, sign, word] = TOKEN.exec(text)!;
    const from = TOKEN.lastIndex - all.trimStart().length;
    const said = quoted?.replace(/\\(.)/g, '$1') ?? sign ?? word!;
    tokens.push({ text: said, quoted: quoted !== undefined, from });
  }
  return tokens;
}

/** The word that comes next, if it is no name in quotes. */
export function next({ tokens, at }: Cursor): string | undefined {
  const token = tokens[at];
  return token?.quoted ? undefined : token?.text;
}

/** @throws ServiceError `ValidationError` unless this comes next */
export function take(cursor: Cursor, sign: string): void {
  if (next(cursor) !== sign) throw failed(cursor, `'${sign}'`);
  cursor.at += 1;
}

export function failed({ tokens, at }: Cursor, expected: string) {
  const token = tokens[at];
  const last = tokens.at(-1);
  const found = token?.text ?? '<EOF>';
  const from = token?.from ?? (last ? last.from + last.text.length : 0);
  return invalid(`Error in AlarmRule [Unsupported token '${found}' at char ${from}, must be: ${expected}]`);
}
