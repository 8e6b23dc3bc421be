/**
 * Filter patterns: terms that must all occur, as `ERROR "not found"`, or one condition on a member of JSON lines, as
 * `{ $.level = "ERROR" }` (CloudWatch Logs User Guide, "Filter pattern syntax").
 */
import { ServiceError } from '../service.ts';
import { invalid } from './state.ts';

/** Whether a message fits. */
export type Matches = (message: string) => boolean;

/**
 * @throws ServiceError `NotImplemented` for regular expressions, columns, optional and excluded terms, and compound
 *   conditions; `InvalidParameterException` for what is no pattern
 */
export function parsePattern(text = ''): Matches {
  const pattern = text.trim();
  if (pattern === '') return () => true;
  if (pattern.startsWith('[')) throw unsupported('column patterns', pattern);
  return pattern.startsWith('{') ? condition(pattern) : terms(pattern);
}

function terms(pattern: string): Matches {
  const words = pattern.match(/"(?:[^"\\]|\\.)*"|\S+/g) ?? [];
  const wanted = words.map((word) => {
    if (word.startsWith('"') && word.length > 1 && word.endsWith('"')) return unquote(word);
    if (word.startsWith('?')) throw unsupported('optional terms', word);
    if (word.startsWith('-')) throw unsupported('excluded terms', word);
    if (word.startsWith('%')) throw unsupported('regular expressions', word);
    // Only letters, digits and underscores may go without quotes.
    if (!/^\w+$/.test(word)) throw invalid(`Invalid filter pattern: ${word} must be in double quotes`);
    return word;
  });
  return (message) => wanted.every((word) => message.includes(word));
}

const CONDITION = /^\{\s*\$((?:\.[\w-]+|\[\d+\])+)\s*(=|!=)\s*("(?:[^"\\]|\\.)*"|[\w.*:-]+)\s*\}$/;

function condition(pattern: string): Matches {
  const match = CONDITION.exec(pattern);
  if (!match) throw unsupported('conditions other than { $.field = value } and { $.field != value }', pattern);
  const path = [...match[1]!.matchAll(/[\w-]+/g)].map(([step]) => step);
  const equal = equals(match[3]!);
  return (message) => {
    const value = memberAt(message, path);
    if (value === undefined) return false;
    return equal(value) === (match[2] === '=');
  };
}

/** A number without quotes is compared as a number; in a text, `*` stands for anything. */
function equals(wanted: string): (value: unknown) => boolean {
  const number = Number(wanted);
  if (!Number.isNaN(number)) return (value) => value === number;
  const parts = (wanted.startsWith('"') ? unquote(wanted) : wanted).split('*');
  const pattern = new RegExp(`^${parts.map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, '\\$&')).join('[^]*')}$`);
  return (value) => typeof value !== 'object' && pattern.test(String(value));
}

function memberAt(message: string, path: readonly string[]): unknown {
  try {
    let value: any = JSON.parse(message);
    for (const step of path) value = value?.[step];
    return value;
  } catch {
    return undefined;
  }
}

const unquote = (word: string): string => word.slice(1, -1).replace(/\\(.)/g, '$1');

const unsupported = (what: string, where: string) =>
  new ServiceError('NotImplemented', `logs: the local cloud does not support ${what} in filter patterns: ${where}`, {
    status: 501,
  });
