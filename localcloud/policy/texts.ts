/**
 * The texts of a policy: literal, or with the wildcards `*` and `?`, and with policy variables, whose values are always
 * literal (IAM User Guide, "IAM policy elements: Variables and tags").
 */
import { type Lookup, listed } from './lookup.ts';

/** Whether a value of the request is what the policy's text means. */
export type TextTest = (value: string, keys: Lookup) => boolean;

export interface TextOptions {
  /** Policies of 2008 take `${…}` for what it says. */
  readonly variables: boolean;
  readonly wildcards?: boolean;
  /** Wildcards stay within the first five parts of an ARN; only in the last do they pass colons. */
  readonly arn?: boolean;
  readonly ignoreCase?: boolean;
}

const VARIABLE = /\$\{([^}]*)\}/;

/** Prepares a text of a policy. Most are plain, and plain ones are compared. */
export function textTest(text: string, options: TextOptions): TextTest {
  if (options.variables && VARIABLE.test(text)) return withVariables(text, options);
  const { wildcards = false, ignoreCase = false } = options;
  if (wildcards && text === '*') return () => true;
  if (wildcards && /[*?]/.test(text)) {
    const pattern = new RegExp(`^${patternOf([text], options)}$`, ignoreCase ? 'is' : 's');
    return (value) => pattern.test(value);
  }
  if (!ignoreCase) return (value) => value === text;
  const lower = text.toLowerCase();
  return (value) => value.toLowerCase() === lower;
}

/** A variable that the request has no value for matches nothing. */
function withVariables(text: string, options: TextOptions): TextTest {
  // Every second piece is the inside of a variable.
  const pieces = text.split(/\$\{([^}]*)\}/);
  const { ignoreCase = false } = options;
  return (value, keys) => {
    const literal: (string | readonly [string])[] = [];
    for (const [index, piece] of pieces.entries()) {
      if (index % 2 === 0) literal.push(piece);
      else {
        const meant = meaningOf(piece, keys);
        if (meant === undefined) return false;
        literal.push([meant]);
      }
    }
    return new RegExp(`^${patternOf(literal, options)}$`, ignoreCase ? 'is' : 's').test(value);
  };
}

/** `${*}`, `${?}` and `${$}` are the signs themselves; `${aws:PrincipalTag/team, 'nobody'}` has a default. */
function meaningOf(variable: string, keys: Lookup): string | undefined {
  if (variable === '*' || variable === '?' || variable === '$') return variable;
  const [, name, fallback] = /^\s*([^,]+?)\s*(?:,\s*'([^']*)'\s*)?$/.exec(variable) ?? [];
  if (name === undefined) return undefined;
  const values = listed(keys(name.toLowerCase()));
  // Keys that are lists cannot be variables.
  return values.length === 1 ? values[0] : fallback;
}

/** The source of a regular expression. What is in brackets is literal, wildcards and all. */
function patternOf(pieces: readonly (string | readonly [string])[], { wildcards = false, arn = false }: TextOptions) {
  let colons = 0;
  let pattern = '';
  for (const piece of pieces) {
    for (const sign of typeof piece === 'string' ? piece : piece[0]) {
      const any = arn && colons < 5 ? '[^:]' : '.';
      if (sign === ':') colons++;
      if (wildcards && typeof piece === 'string' && sign === '*') pattern += `${any}*`;
      else if (wildcards && typeof piece === 'string' && sign === '?') pattern += any;
      else pattern += sign.replace(/[\\^$.*+?()[\]{}|/-]/, '\\$&');
    }
  }
  return pattern;
}
