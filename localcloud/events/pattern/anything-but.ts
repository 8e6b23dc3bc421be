/**
 * `{ "anything-but": … }`: a field that is there, null included, and is none of those. Of an array one other element is
 * enough, for each element is judged by itself (EventBridge user guide, "Anything-but matching").
 */
import type { Condition } from './conditions.ts';
import type { Leaf } from './fields.ts';
import { comparable } from './numeric.ts';
import { refusePattern } from './refusal.ts';
import { wildcard } from './wildcard.ts';

export function anythingBut(operand: unknown): Condition {
  if (typeof operand === 'object' && operand !== null && !Array.isArray(operand)) {
    const [name, ...more] = Object.keys(operand);
    if (name === undefined) refusePattern('Anything-But expression name not found');
    const reader = readers.get(name) ?? refusePattern(`Unsupported anything-but pattern: ${name}`);
    const condition = reader(listOf((operand as Record<string, unknown>)[name]));
    if (more.length > 0) refusePattern('Too many elements in numeric expression');
    return condition;
  }
  return noneOf(listOf(operand));
}

function listOf(operand: unknown): unknown[] {
  if (Array.isArray(operand)) return operand;
  if (typeof operand === 'string' || typeof operand === 'number') return [operand];
  return refusePattern('Value of anything-but must be an array or single string/number value.');
}

function noneOf(values: unknown[]): Condition {
  const kinds = new Set(values.map((value) => typeof value));
  if ([...kinds].some((kind) => kind !== 'string' && kind !== 'number')) {
    refusePattern('Inside anything but list, start|null|boolean is not supported.');
  }
  if (kinds.size !== 1) {
    refusePattern('Inside anything but list, either all values are number or string, mixed type is not supported');
  }
  for (const value of values) if (typeof value === 'number') comparable(value);
  const excluded = new Set(values as Leaf[]);
  return { accepts: (value) => !excluded.has(value) };
}

const readers = new Map<string, (values: unknown[]) => Condition>([
  ['prefix', (values) => notAt(values, (value, edge) => value.startsWith(edge))],
  ['suffix', (values) => notAt(values, (value, edge) => value.endsWith(edge))],
  ['equals-ignore-case', notIgnoringCase],
  ['wildcard', notWild],
]);

function notAt(values: unknown[], at: (value: string, edge: string) => boolean): Condition {
  const edges = texts(values, 'prefix/suffix match pattern must be a string');
  if (edges.includes('')) refusePattern('Null prefix/suffix not allowed');
  return { accepts: (value) => typeof value !== 'string' || !edges.some((edge) => at(value, edge)) };
}

function notIgnoringCase(values: unknown[]): Condition {
  const reason = 'Inside anything-but/equals-ignore-case list, number|start|null|boolean is not supported.';
  const excluded = new Set(texts(values, reason).map((value) => value.toLowerCase()));
  return { accepts: (value) => typeof value !== 'string' || !excluded.has(value.toLowerCase()) };
}

function notWild(values: unknown[]): Condition {
  const wildcards = texts(values, 'wildcard match pattern must be a string').map(wildcard);
  return { accepts: (value) => typeof value !== 'string' || !wildcards.some((one) => one.matches(value)), wildcards };
}

function texts(values: unknown[], reason: string): string[] {
  for (const value of values) if (typeof value !== 'string') refusePattern(reason);
  return values as string[];
}
