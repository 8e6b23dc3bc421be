/** Meeting of a request's expressions with its placeholders: what is undefined, unused or of the wrong type is refused. */
import { acceptPlaceholders, type Item, invalid } from '../values.ts';
import type { Expression, Scope } from './syntax.ts';

interface Placeholders {
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>> | undefined;
  readonly ExpressionAttributeValues?: Item | undefined;
}

/** The expressions of a request by the name of their member; undefined where the request has none. */
export type Expressions = Readonly<Record<string, Expression<unknown> | undefined>>;

const NO_NAMES: Scope['names'] = {};
const NO_VALUES: Scope['values'] = {};

/**
 * Gives the scope in which all expressions of a request are evaluated.
 * @throws ServiceError ValidationException
 */
export function bind(input: Placeholders, expressions: Expressions): Scope {
  const names = input.ExpressionAttributeNames;
  const values = input.ExpressionAttributeValues;
  if (names !== undefined) checkNames(names, expressions);
  if (values !== undefined) checkValues(values, expressions);
  const scope = { names: names ?? NO_NAMES, values: values === undefined ? NO_VALUES : acceptPlaceholders(values) };
  for (const member in expressions) if (expressions[member]) checkExpression(expressions[member], scope);
  if (names !== undefined) refuseUnused('names', names, expressions);
  if (values !== undefined) refuseUnused('values', values, expressions);
  return scope;
}

function checkNames(names: Scope['names'], expressions: Expressions): void {
  if (Object.values(expressions).every((expression) => expression === undefined))
    throw invalid('ExpressionAttributeNames can only be specified when using expressions');
  const all = Object.keys(names);
  if (all.length === 0) throw invalid('ExpressionAttributeNames must not be empty');
  for (const name of all) {
    if (!/^#[A-Za-z0-9_]+$/.test(name)) {
      throw invalid(`ExpressionAttributeNames contains invalid key: Syntax error; key: "${name}"`);
    }
  }
}

function checkValues(values: Item, expressions: Expressions): void {
  const takers = Object.keys(expressions).filter((member) => member !== 'ProjectionExpression');
  if (takers.every((member) => expressions[member] === undefined)) {
    const are = takers.length > 1 ? 'are' : 'is';
    throw invalid(
      `ExpressionAttributeValues can only be specified when using expressions: ${takers.join(' and ')} ${are} null`,
    );
  }
  const all = Object.keys(values);
  if (all.length === 0) throw invalid('ExpressionAttributeValues must not be empty');
  for (const name of all) {
    if (!/^:[A-Za-z0-9_]+$/.test(name)) {
      throw invalid(`ExpressionAttributeValues contains invalid key: Syntax error; key: "${name}"`);
    }
  }
}

function checkExpression({ kind, names, values, checks }: Expression<unknown>, scope: Scope): void {
  for (const name of names) {
    if (scope.names[name] !== undefined) continue;
    throw invalid(
      `Invalid ${kind}: An expression attribute name used in the document path is not defined; attribute name: ${name}`,
    );
  }
  for (const value of values) {
    if (scope.values[value] !== undefined) continue;
    throw invalid(
      `Invalid ${kind}: An expression attribute value used in expression is not defined; attribute value: ${value}`,
    );
  }
  for (const { operands, fault } of checks) {
    const message = fault(
      operands.map((operand) => scope.values[operand]!),
      scope,
    );
    if (message !== undefined) throw invalid(`Invalid ${kind}: ${message}`);
  }
}

function refuseUnused(what: 'names' | 'values', given: object, expressions: Expressions): void {
  const unused: string[] = [];
  for (const key in given) {
    let used = false;
    for (const member in expressions) used ||= expressions[member]?.[what].has(key) === true;
    if (!used) unused.push(key);
  }
  if (unused.length === 0) return;
  const member = what === 'names' ? 'ExpressionAttributeNames' : 'ExpressionAttributeValues';
  throw invalid(`Value provided in ${member} unused in expressions: keys: {${unused.join(', ')}}`);
}
