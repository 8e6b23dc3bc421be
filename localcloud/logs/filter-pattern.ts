/**
 * Filter patterns: terms, as `ERROR "not found"`, or conditions on the members of JSON lines, as `{ $.level = "ERROR" }`
 * (CloudWatch Logs User Guide, "Filter pattern syntax").
 */
import { ServiceError } from '../service.ts';
import { condition } from './filter-condition.ts';
import { invalid } from './state.ts';

/** Whether a message fits. */
export type Matches = (message: string) => boolean;

/**
 * @throws ServiceError `NotImplemented` for patterns of columns; `InvalidParameterException` for what is no pattern
 */
export function parsePattern(text = ''): Matches {
  const pattern = text.trim();
  if (pattern === '') return () => true;
  if (pattern.startsWith('[')) throw unsupported('column patterns', pattern);
  return pattern.startsWith('{') ? condition(pattern) : terms(pattern);
}

/** All plain terms must occur and no excluded one; the optional ones count only where there is nothing else, as on AWS. */
function terms(pattern: string): Matches {
  const words = pattern.match(/[?-]?(?:"(?:[^"\\]|\\.)*"|%[^%]+%|\S+)/g) ?? [];
  const of = (sign: string) =>
    words.filter((word) => signOf(word) === sign).map((word) => term(word.slice(sign.length)));
  const [wanted, optional, excluded] = [of(''), of('?'), of('-')];
  if (wanted.length + excluded.length === 0) return (message) => optional.some((fits) => fits(message));
  return (message) => wanted.every((fits) => fits(message)) && !excluded.some((fits) => fits(message));
}

const signOf = (word: string): string => (word.length > 1 && /^[?-]/.test(word) ? word[0]! : '');

function term(word: string): Matches {
  if (word.length > 1 && word.startsWith('"') && word.endsWith('"')) {
    const text = unquote(word);
    return (message) => message.includes(text);
  }
  if (word.length > 2 && word.startsWith('%') && word.endsWith('%')) {
    const pattern = expression(word);
    return (message) => pattern.test(message);
  }
  // Only letters, digits and underscores may go without quotes.
  if (!/^\w+$/.test(word)) throw invalid(`Invalid filter pattern: ${word} must be in double quotes`);
  return (message) => message.includes(word);
}

/** `%…%`, a regular expression. AWS takes a small part of the usual language, so what it takes means the same here. */
export function expression(word: string): RegExp {
  try {
    return new RegExp(word.slice(1, -1));
  } catch {
    throw invalid(`Invalid filter pattern: ${word} is no regular expression`);
  }
}

export const unquote = (word: string): string => word.slice(1, -1).replace(/\\(.)/g, '$1');

const unsupported = (what: string, where: string) =>
  new ServiceError('NotImplemented', `logs: the local cloud does not support ${what} in filter patterns: ${where}`, {
    status: 501,
  });
