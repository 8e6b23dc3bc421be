/** Parsing of what conditions and updates have in common: document paths, placeholders, function calls. */
import { isTypeName, typeOf, type Value } from '../values.ts';
import type { Cursor } from './cursor.ts';
import { describePath, type FunctionCall, type Operand, type Path, type Scope, type Step } from './syntax.ts';

const CONDITION_FUNCTIONS: Readonly<Record<string, number>> = {
  attribute_exists: 1,
  attribute_not_exists: 1,
  attribute_type: 2,
  begins_with: 2,
  contains: 2,
  size: 1,
};
const UPDATE_FUNCTIONS: Readonly<Record<string, number>> = { if_not_exists: 2, list_append: 2 };

const IDENTIFIER = /^[A-Za-z_]/;
const KEYWORDS = /^(?:AND|OR|NOT|BETWEEN|IN)$/i;

export function parseOperand(cursor: Cursor): Operand {
  const token = cursor.at;
  if (token.length > 1 && token.startsWith(':')) {
    cursor.useValue(cursor.next());
    return { kind: 'value', name: token };
  }
  if (cursor.following === '(' && IDENTIFIER.test(token) && !KEYWORDS.test(token)) return parseCall(cursor);
  if (!cursor.take('(')) return parsePath(cursor);
  const inner = parseOperand(cursor);
  cursor.expect(')');
  return inner;
}

export function parsePath(cursor: Cursor): Path {
  const steps: Step[] = [parseName(cursor)];
  for (;;) {
    if (cursor.take('.')) steps.push(parseName(cursor));
    else if (cursor.take('[')) {
      if (!/^\d+$/.test(cursor.at)) cursor.refuse();
      steps.push(Number(cursor.next()));
      cursor.expect(']');
    } else return { kind: 'path', steps };
  }
}

function parseName(cursor: Cursor): string {
  const token = cursor.at;
  if (token.length > 1 && token.startsWith('#')) {
    cursor.useName(token);
    return cursor.next();
  }
  const update = cursor.kind === 'UpdateExpression';
  // Only updates take names that begin with an underscore as they are.
  if (token === '<EOF>' || !(update ? IDENTIFIER : /^[A-Za-z]/).test(token)) cursor.refuse();
  if (!update && KEYWORDS.test(token)) cursor.refuse();
  cursor.checkReserved(token);
  return cursor.next();
}

function parseCall(cursor: Cursor): FunctionCall {
  const name = cursor.next();
  cursor.expect('(');
  const operands: Operand[] = [];
  do operands.push(parseOperand(cursor));
  while (cursor.take(','));
  cursor.expect(')');
  const call: FunctionCall = { kind: 'call', name, operands };
  checkCall(cursor, call);
  return call;
}

function checkCall(cursor: Cursor, call: FunctionCall): void {
  const fault = faultOf(cursor, call);
  if (fault === undefined) checkTypes(cursor, call);
  else cursor.fault(fault);
}

function faultOf(cursor: Cursor, { name, operands }: FunctionCall): string | undefined {
  const updating = cursor.kind === 'UpdateExpression';
  const known = updating ? UPDATE_FUNCTIONS : CONDITION_FUNCTIONS;
  const wanted = Object.hasOwn(known, name) ? known[name] : undefined;
  const of = `operator or function: ${name}`;
  if (wanted === undefined) return `Invalid function name; function: ${name}`;
  if (operands.length !== wanted) {
    return `Incorrect number of operands for operator or function; ${of}, number of operands: ${operands.length}`;
  }
  const nested = operands.find((operand) => !updating && operand.kind === 'call' && operand.name !== 'size');
  if (nested?.kind === 'call') return misuse(nested.name);
  const [first, second] = operands;
  if (['attribute_exists', 'attribute_not_exists', 'if_not_exists'].includes(name) && first!.kind !== 'path') {
    return `Operator or function requires a document path; ${of}`;
  }
  if (name === 'attribute_type' && second!.kind !== 'value') {
    return `Incorrect operand type for operator or function; ${of}, operand type: {NS,SS,L,BS,N,M,B,BOOL,NULL,S}`;
  }
  return undefined;
}

/** Of the functions of conditions only `size` gives something to compare. */
export const misuse = (name: string): string =>
  `The function is not allowed to be used this way in an expression; function: ${name}`;

/** Of a path compared with itself. */
export function sameFault(operator: string, [left, right]: readonly [Path, Path], scope: Scope): string | undefined {
  const first = describePath(left, scope);
  if (first !== describePath(right, scope)) return undefined;
  return `The first operand must be distinct from the remaining operands for this operator or function; operator: ${operator}, first operand: ${first}`;
}

/** The demands on literal operands can only be checked with the values of a request. */
function checkTypes(cursor: Cursor, { name, operands }: FunctionCall): void {
  if (name === 'begins_with') demandTypes(cursor, `operator or function: ${name}`, { operands, allowed: ['S', 'B'] });
  if (name === 'list_append') demandTypes(cursor, `operator or function: ${name}`, { operands, allowed: ['L'] });
  if (name === 'size') {
    const allowed = ['S', 'B', 'SS', 'NS', 'BS', 'L', 'M'];
    demandTypes(cursor, `operator or function: ${name}`, { operands, allowed });
  }
  const [first, second] = operands;
  if ((name === 'contains' || name === 'begins_with') && first?.kind === 'path' && second?.kind === 'path')
    cursor.check({ operands: [], fault: (_, scope) => sameFault(name, [first, second], scope) });
  const type = operands[1];
  if (name !== 'attribute_type' || type?.kind !== 'value') return;
  demandTypes(cursor, `operator or function: ${name}`, { operands: [type], allowed: ['S'] });
  cursor.check({
    operands: [type.name],
    fault: ([value]) =>
      isTypeName(value!.S!)
        ? undefined
        : `Invalid attribute type name found; type: ${value!.S}, valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}`,
  });
}

/** Literal operands must be of one of the types. */
export function demandTypes(cursor: Cursor, of: string, { operands, allowed, called = (type) => type }: Demand): void {
  for (const operand of operands) {
    if (operand.kind !== 'value') continue;
    cursor.check({
      operands: [operand.name],
      fault: ([value]: readonly Value[]) => {
        const type = typeOf(value!);
        if (allowed.includes(type)) return undefined;
        return `Incorrect operand type for operator or function; ${of}, operand type: ${called(type)}`;
      },
    });
  }
}

interface Demand {
  readonly operands: readonly Operand[];
  readonly allowed: readonly string[];
  /** What the message calls a type; its own name if absent. */
  readonly called?: (type: string) => string;
}
