/**
 * The match expressions of the pattern language: `{ "prefix": "eu-" }`, `{ "numeric": [">", 0] }` and so on.
 * Source: Amazon EventBridge user guide, "Comparison operators"; messages as aws/event-ruler words them.
 */

import { addressOf, blockOf } from './addresses.ts';
import { anythingBut } from './anything-but.ts';
import type { Leaf } from './fields.ts';
import { numeric } from './numeric.ts';
import { refusePattern } from './refusal.ts';
import { type Wildcard, wildcard } from './wildcard.ts';

/** What a field must be. */
export interface Condition {
  accepts(value: Leaf): boolean;
  /** Whether it will do that the event has no such field. */
  readonly absence?: boolean;
  readonly wildcards?: readonly Wildcard[];
}

const readers = new Map<string, (operand: unknown) => Condition>([
  ['exactly', (operand) => is(text(operand, 'exact match pattern must be a string'))],
  ['prefix', (operand) => edge('prefix', operand)],
  ['suffix', (operand) => edge('suffix', operand)],
  ['equals-ignore-case', equalsIgnoreCase],
  ['anything-but', anythingBut],
  ['numeric', numeric],
  ['exists', exists],
  ['cidr', cidr],
  ['wildcard', wild],
]);

/** The operators, which cannot be the names of fields inside `$or`. */
export const operators: ReadonlySet<string> = new Set(readers.keys());

/**
 * Reads one match expression.
 * @throws ServiceError `InvalidEventPatternException`
 */
export function readExpression(expression: Readonly<Record<string, unknown>>): Condition {
  const [name, ...more] = Object.keys(expression);
  if (name === undefined) refusePattern('Match expression name not found');
  const reader = readers.get(name) ?? refusePattern(`Unrecognized match type ${name}`);
  const condition = reader(expression[name]);
  if (more.length > 0) {
    const counting = name === 'numeric' || name === 'anything-but';
    refusePattern(counting ? 'Too many elements in numeric expression' : 'Only one key allowed in match expression');
  }
  return condition;
}

const text = (operand: unknown, reason: string): string =>
  typeof operand === 'string' ? operand : refusePattern(reason);

const is = (wanted: Leaf): Condition => ({ accepts: (value) => value === wanted });

const onText = (test: (value: string) => boolean): Condition => ({
  accepts: (value) => typeof value === 'string' && test(value),
});

function edge(side: 'prefix' | 'suffix', operand: unknown): Condition {
  const at = (value: string, wanted: string) => (side === 'prefix' ? value.startsWith(wanted) : value.endsWith(wanted));
  if (typeof operand === 'object' && operand !== null && !Array.isArray(operand)) {
    const [name, ...more] = Object.keys(operand);
    if (name === undefined) refusePattern(`${side === 'prefix' ? 'Prefix' : 'Suffix'} expression name not found`);
    if (name !== 'equals-ignore-case') refusePattern(`Unsupported ${side} pattern: ${name}`);
    const inner = text((operand as Record<string, unknown>)[name], 'equals-ignore-case match pattern must be a string');
    if (more.length > 0) refusePattern('Only one key allowed in match expression');
    return onText((value) => at(value.toLowerCase(), inner.toLowerCase()));
  }
  const wanted = text(operand, `${side} match pattern must be a string`);
  return onText((value) => at(value, wanted));
}

function equalsIgnoreCase(operand: unknown): Condition {
  const wanted = text(operand, 'equals-ignore-case match pattern must be a string').toLowerCase();
  return onText((value) => value.toLowerCase() === wanted);
}

/** Only leaves exist: a key whose value is an object, or an empty array, does not. */
function exists(operand: unknown): Condition {
  if (typeof operand !== 'boolean') refusePattern('exists match pattern must be either true or false.');
  return operand ? { accepts: () => true } : { accepts: () => false, absence: true };
}

function cidr(operand: unknown): Condition {
  // The wrong word is AWS's own.
  const block = blockOf(text(operand, 'prefix match pattern must be a string'));
  return onText((value) => {
    const address = addressOf(value);
    return address?.bits === block.bits && address.number >= block.first && address.number <= block.last;
  });
}

function wild(operand: unknown): Condition {
  const wanted = wildcard(text(operand, 'wildcard match pattern must be a string'));
  return { ...onText(wanted.matches), wildcards: [wanted] };
}
