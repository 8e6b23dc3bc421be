/** Key conditions: an equality on the partition key and, if wanted, one range of the sort key. */
import { sortable } from '../compare.ts';
import type { KeyAttribute, Keys } from '../state.ts';
import { invalid, typeOf, type Value } from '../values.ts';
import { type Condition, nameOf, type Operand, type Scope } from './syntax.ts';

/** Where a query looks. Bounds are `sortable` texts. */
export interface Range {
  readonly partition: string;
  readonly from?: string;
  readonly fromExcluded?: boolean;
  readonly to?: string;
  readonly toExcluded?: boolean;
  readonly prefix?: string;
}

interface Part {
  readonly attribute: string;
  readonly operator: string;
  readonly values: readonly Value[];
}

const MIRRORED: Readonly<Record<string, string>> = { '=': '=', '<': '>', '<=': '>=', '>': '<', '>=': '<=' };

/** @throws ServiceError ValidationException */
export function rangeOf(condition: Condition, keys: Keys, scope: Scope): Range {
  const parts = partsOf(condition, scope);
  const names = parts.map(({ attribute }) => attribute);
  if (new Set(names).size < names.length)
    throw invalid('Invalid KeyConditionExpression: KeyConditionExpressions must only contain one condition per key');
  const most = keys.sort ? 2 : 1;
  if (parts.length > 2) {
    throw invalid(
      `The number of query conditions (${parts.length}) exceeds the number of key attributes defined in the schema (${most})`,
    );
  }
  const partition = parts.find(({ attribute }) => attribute === keys.partition.name);
  if (!partition) throw invalid(`Query condition missed key schema element: ${keys.partition.name}`);
  const sort = parts.find((part) => part !== partition);
  if (sort && sort.attribute !== keys.sort?.name) {
    throw invalid(
      keys.sort ? `Query condition missed key schema element: ${keys.sort.name}` : 'Query key condition not supported',
    );
  }
  if (partition.operator !== '=') throw invalid('Query key condition not supported');
  const [key] = bounds(partition, keys.partition);
  return { partition: key!, ...(sort ? sortRange(sort, keys.sort!) : {}) };
}

function sortRange(part: Part, key: KeyAttribute): Partial<Range> {
  const [first, second] = bounds(part, key);
  switch (part.operator) {
    case '=':
      return { from: first!, to: first! };
    case '<':
      return { to: first!, toExcluded: true };
    case '<=':
      return { to: first! };
    case '>':
      return { from: first!, fromExcluded: true };
    case '>=':
      return { from: first! };
    case 'BETWEEN':
      return { from: first!, to: second! };
    default:
      return { from: first!, prefix: first! };
  }
}

function bounds({ values }: Part, { name, type }: KeyAttribute): string[] {
  return values.map((value) => {
    if (typeOf(value) !== type) {
      throw invalid('One or more parameter values were invalid: Condition parameter type does not match schema type');
    }
    const text = sortable(value)!;
    if (text !== '') return text;
    throw invalid(
      `One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: ${name}`,
    );
  });
}

const refuseOperator = (operator: string) => invalid(`Invalid operator used in KeyConditionExpression: ${operator}`);

function partsOf(condition: Condition, scope: Scope): Part[] {
  switch (condition.kind) {
    case 'and':
      return [...partsOf(condition.left, scope), ...partsOf(condition.right, scope)];
    case 'compare': {
      const { left, right, operator } = condition;
      if (operator === '<>') throw refuseOperator(operator);
      if (left.kind === 'value') return [part(right, MIRRORED[operator]!, { operands: [left], scope })];
      return [part(left, operator, { operands: [right], scope })];
    }
    case 'between':
      return [part(condition.operand, 'BETWEEN', { operands: [condition.low, condition.high], scope })];
    case 'call':
      if (condition.name !== 'begins_with') throw refuseOperator(condition.name);
      return [part(condition.operands[0]!, 'begins_with', { operands: condition.operands.slice(1), scope })];
    case 'or':
    case 'not':
    case 'in':
      throw refuseOperator(condition.kind.toUpperCase());
  }
}

function part(
  subject: Operand,
  operator: string,
  { operands, scope }: { operands: readonly Operand[]; scope: Scope },
): Part {
  if (subject.kind === 'call') throw refuseOperator(subject.name);
  if (subject.kind === 'value')
    throw invalid('Invalid condition in KeyConditionExpression: No key attribute specified');
  if (subject.steps.length > 1) {
    throw invalid(
      'Invalid KeyConditionExpression: KeyConditionExpressions cannot have conditions on nested attributes',
    );
  }
  const values = operands.map((operand) => {
    if (operand.kind === 'call') throw refuseOperator(operand.name);
    if (operand.kind === 'value') return scope.values[operand.name]!;
    throw invalid('Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition');
  });
  return { attribute: nameOf(subject.steps[0]!, scope) as string, operator, values };
}
