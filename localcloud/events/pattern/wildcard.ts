/** Wildcards: `*` stands for any characters, none included; `\*` and `\\` for themselves. */
import { refusePattern } from './refusal.ts';

/** One step of a wildcard: a character, or ANY. */
type Token = string | typeof ANY;
const ANY = Symbol('any characters');

/**
 * How many part-matches one text may keep alive in the engine. AWS does not publish its limit: 7 is recorded to pass and
 * 11 to be refused (TestEventPattern), and others who measured give 10.
 */
const MOST = 10;
/** Where a pattern has so many states that counting them would take long, it is beyond any limit anyhow. */
const MOST_STATES = 2000;

export interface Wildcard {
  readonly tokens: readonly Token[];
  matches(text: string): boolean;
}

/** @throws ServiceError `InvalidEventPatternException` */
export function wildcard(text: string): Wildcard {
  const tokens = tokenise(text);
  const parts = [''];
  for (const token of tokens) {
    if (token === ANY) parts.push('');
    else parts[parts.length - 1] += token;
  }
  return { tokens, matches: (candidate) => fits(candidate, parts) };
}

function tokenise(text: string): Token[] {
  const tokens: Token[] = [];
  // Positions count the opening quote, as AWS's do.
  for (let i = 0; i < text.length; i++) {
    const character = text[i]!;
    if (character === '\\') {
      const escaped = text[++i];
      if (escaped !== '*' && escaped !== '\\') refusePattern(`Invalid escape character at pos ${i}`);
      tokens.push(escaped);
    } else if (character === '*') {
      if (text[i + 1] === '*') refusePattern(`Consecutive wildcard characters at pos ${i + 1}`);
      tokens.push(ANY);
    } else {
      tokens.push(character);
    }
  }
  return tokens;
}

/** The first part at the start, the last at the end, the others between in order, each as early as it can. */
function fits(text: string, parts: readonly string[]): boolean {
  const first = parts[0]!;
  if (parts.length === 1) return text === first;
  const last = parts[parts.length - 1]!;
  if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last)) return false;
  const end = text.length - last.length;
  let at = first.length;
  for (let i = 1; i < parts.length - 1; i++) {
    const found = text.indexOf(parts[i]!, at);
    if (found < 0 || found + parts[i]!.length > end) return false;
    at = found + parts[i]!.length;
  }
  return true;
}

/**
 * Refuses the wildcards of one field where, together, they are too complex.
 * @throws ServiceError `InvalidEventPatternException`
 */
export function refuseTooComplex(wildcards: readonly Wildcard[]): void {
  if (wildcards.length > 0 && complexity(wildcards.map((one) => one.tokens)) > MOST) {
    refusePattern(
      'Rule is too complex - try using fewer wildcard characters or fewer repeating character sequences after a wildcard character',
    );
  }
}

/** The most transitions that one character can take at once, over all texts: the subset construction, counted. */
function complexity(patterns: readonly (readonly Token[])[]): number {
  const alphabet: (string | undefined)[] = [...new Set(patterns.flat().filter((token) => token !== ANY)), undefined];
  const start = patterns.map((_, pattern): [number, number] => [pattern, 0]);
  const seen = new Set([String(start)]);
  const waiting = [start];
  let most = 0;
  for (let states = waiting.pop(); states; states = waiting.pop()) {
    for (const character of alphabet) {
      const taken = follow(patterns, states, character);
      most = Math.max(most, taken.count);
      if (most > MOST || seen.size > MOST_STATES) return Number.POSITIVE_INFINITY;
      const name = String(taken.states);
      if (taken.states.length === 0 || seen.has(name)) continue;
      seen.add(name);
      waiting.push(taken.states);
    }
  }
  return most;
}

function follow(
  patterns: readonly (readonly Token[])[],
  states: readonly [number, number][],
  character: string | undefined,
) {
  const next = new Map<string, [number, number]>();
  const taken = new Set<string>();
  const take = (pattern: number, from: number, to: number) => {
    taken.add(`${pattern},${from}`);
    next.set(`${pattern},${to}`, [pattern, to]);
  };
  for (const [pattern, at] of states) {
    const tokens = patterns[pattern]!;
    let place = at;
    if (tokens[place] === ANY) {
      take(pattern, place, place);
      place++;
    }
    if (character !== undefined && tokens[place] === character) take(pattern, place, place + 1);
  }
  const ordered = [...next.values()].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  return { count: taken.size, states: ordered };
}
