import type { Condition } from './conditions.ts';
import { refusePattern } from './refusal.ts';

const MOST = 5e9;

/** `{ "numeric": [">", 0, "<=", 5] }`: one bound, or a lower and an upper one. */
export function numeric(operand: unknown): Condition {
  if (!Array.isArray(operand)) refusePattern('Value of numeric must be an array.');
  const [operator, value, ...upper] = operand;
  if (typeof operator !== 'string') refusePattern(`Invalid member in numeric match: ${operator ?? ']'}`);
  const bound = number(operator === '=' ? 'equals' : operator, value, operator);
  if (operator === '>' || operator === '>=') {
    const above = operator === '>' ? (n: number) => n > bound : (n: number) => n >= bound;
    return onNumber(upper.length === 0 ? above : between(above, bound, upper));
  }
  if (upper.length > 0) refusePattern('Too many elements in numeric expression');
  if (operator === '=') return onNumber((n) => n === bound);
  return onNumber(operator === '<' ? (n) => n < bound : (n) => n <= bound);
}

function between(above: (n: number) => boolean, bottom: number, [operator, value, ...more]: unknown[]) {
  if (typeof operator !== 'string') refusePattern(`Bad value in numeric range: ${operator}`);
  if (operator !== '<' && operator !== '<=') refusePattern(`Bad numeric range operator: ${operator}`);
  const top = number(operator, value, operator);
  if (more.length > 0) refusePattern('Too many terms in numeric range expression');
  if (bottom >= top) refusePattern('Bottom must be less than top');
  return (n: number) => above(n) && (operator === '<' ? n < top : n <= top);
}

function number(name: string, value: unknown, operator: string): number {
  if (!['=', '<', '<=', '>', '>='].includes(operator))
    refusePattern(`Unrecognized numeric range operator: ${operator}`);
  if (typeof value !== 'number') refusePattern(`Value of ${name} must be numeric`);
  return comparable(value);
}

/** Refuses what the engine cannot compare (EventBridge user guide, "Numeric matching": -5.0e9 to 5.0e9). */
export function comparable(value: number): number {
  if (Math.abs(value) > MOST) refusePattern('Value must be between -5.0E9 and 5.0E9, inclusive');
  return value;
}

/** A text of digits is not a number. */
const onNumber = (test: (value: number) => boolean): Condition => ({
  accepts: (value) => typeof value === 'number' && test(value),
});
