/** What an expression says of an item. */
import { bytes, equal, setOf, sortable } from '../compare.ts';
import { type Item, typeOf, type Value } from '../values.ts';
import {
  type Comparator,
  type Condition,
  type FunctionCall,
  nameOf,
  type Operand,
  type Path,
  type Scope,
} from './syntax.ts';

export function holds(condition: Condition, item: Item, scope: Scope): boolean {
  switch (condition.kind) {
    case 'and':
      return holds(condition.left, item, scope) && holds(condition.right, item, scope);
    case 'or':
      return holds(condition.left, item, scope) || holds(condition.right, item, scope);
    case 'not':
      return !holds(condition.condition, item, scope);
    case 'compare':
      return compare(
        condition.operator,
        operandValue(condition.left, item, scope),
        operandValue(condition.right, item, scope),
      );
    case 'between': {
      const value = operandValue(condition.operand, item, scope);
      return (
        compare('>=', value, operandValue(condition.low, item, scope)) &&
        compare('<=', value, operandValue(condition.high, item, scope))
      );
    }
    case 'in': {
      const value = operandValue(condition.operand, item, scope);
      return condition.list.some((candidate) => compare('=', value, operandValue(candidate, item, scope)));
    }
    case 'call':
      return call(condition, item, scope);
  }
}

export function operandValue(operand: Operand, item: Item, scope: Scope): Value | undefined {
  if (operand.kind === 'path') return lookUp(operand, item, scope);
  if (operand.kind === 'value') return scope.values[operand.name];
  const size = sizeOf(operandValue(operand.operands[0]!, item, scope));
  return size === undefined ? undefined : { N: String(size) };
}

/** The value at a path, or undefined if the document does not reach so far. */
export function lookUp(path: Path, item: Item, scope: Scope): Value | undefined {
  const { steps } = path;
  let value = own(item, nameOf(steps[0]!, scope) as string);
  for (let depth = 1; depth < steps.length && value !== undefined; depth++) {
    const step = nameOf(steps[depth]!, scope);
    value = typeof step === 'number' ? value.L?.[step] : value.M && own(value.M, step);
  }
  return value;
}

/** Attributes may be called `constructor` or `toString`. */
export const own = (item: Item, name: string): Value | undefined =>
  Object.hasOwn(item, name) ? item[name] : undefined;

/** A comparison with something that is not there fails, except that it is certainly not equal. */
function compare(operator: Comparator, left: Value | undefined, right: Value | undefined): boolean {
  if (left === undefined || right === undefined) return operator === '<>';
  if (operator === '=') return equal(left, right);
  if (operator === '<>') return !equal(left, right);
  if (typeOf(left) !== typeOf(right)) return false;
  const a = sortable(left);
  const b = sortable(right);
  if (a === undefined || b === undefined) return false;
  if (operator === '<') return a < b;
  if (operator === '<=') return a <= b;
  return operator === '>' ? a > b : a >= b;
}

function call({ name, operands }: FunctionCall, item: Item, scope: Scope): boolean {
  const subject = operandValue(operands[0]!, item, scope);
  if (name === 'attribute_exists') return subject !== undefined;
  if (name === 'attribute_not_exists') return subject === undefined;
  const operand = operandValue(operands[1]!, item, scope);
  if (subject === undefined || operand === undefined) return false;
  if (name === 'attribute_type') return typeOf(subject) === operand.S;
  if (name === 'begins_with') return beginsWith(subject, operand);
  return contains(subject, operand);
}

export function beginsWith(subject: Value, prefix: Value): boolean {
  if (subject.S !== undefined && prefix.S !== undefined) return subject.S.startsWith(prefix.S);
  if (subject.B !== undefined && prefix.B !== undefined) return bytes(subject.B).startsWith(bytes(prefix.B));
  return false;
}

function contains(subject: Value, operand: Value): boolean {
  if (subject.S !== undefined) return operand.S !== undefined && subject.S.includes(operand.S);
  if (subject.B !== undefined) return operand.B !== undefined && bytes(subject.B).includes(bytes(operand.B));
  if (subject.L !== undefined) return subject.L.some((element) => equal(element, operand));
  const set = setOf(subject);
  const member = operand[typeOf(operand)];
  return set !== undefined && typeOf(operand) === set.type[0] && set.members.includes(member as string);
}

function sizeOf(value: Value | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (value.S !== undefined) return value.S.length;
  if (value.B !== undefined) return Buffer.byteLength(value.B, 'base64');
  if (value.L !== undefined) return value.L.length;
  if (value.M !== undefined) return Object.keys(value.M).length;
  return setOf(value)?.members.length;
}
