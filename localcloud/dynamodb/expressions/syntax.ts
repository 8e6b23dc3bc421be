/** What expressions are once parsed. Placeholders stay unresolved, so that one parse serves every request with the same text. */
import type { Value } from '../values.ts';

export type Kind =
  | 'ConditionExpression'
  | 'FilterExpression'
  | 'KeyConditionExpression'
  | 'ProjectionExpression'
  | 'UpdateExpression';

/** An attribute name, a `#placeholder` for one, or the index of a list. */
export type Step = string | number;

export interface Path {
  readonly kind: 'path';
  readonly steps: readonly Step[];
}

/** `:name`. */
export interface Placeholder {
  readonly kind: 'value';
  readonly name: string;
}

export interface FunctionCall {
  readonly kind: 'call';
  readonly name: string;
  readonly operands: readonly Operand[];
}

export type Operand = Path | Placeholder | FunctionCall;

export type Comparator = '=' | '<>' | '<' | '<=' | '>' | '>=';

export type Condition =
  | { readonly kind: 'compare'; readonly operator: Comparator; readonly left: Operand; readonly right: Operand }
  | { readonly kind: 'between'; readonly operand: Operand; readonly low: Operand; readonly high: Operand }
  | { readonly kind: 'in'; readonly operand: Operand; readonly list: readonly Operand[] }
  | { readonly kind: 'and' | 'or'; readonly left: Condition; readonly right: Condition }
  | { readonly kind: 'not'; readonly condition: Condition }
  | FunctionCall;

export interface Arithmetic {
  readonly kind: 'arithmetic';
  readonly operator: '+' | '-';
  readonly left: Operand;
  readonly right: Operand;
}

export interface Assignment {
  readonly path: Path;
  readonly value: Operand | Arithmetic;
}

export interface SetChange {
  readonly path: Path;
  readonly value: Placeholder;
}

export interface Update {
  readonly set: readonly Assignment[];
  readonly remove: readonly Path[];
  readonly add: readonly SetChange[];
  readonly delete: readonly SetChange[];
}

/** A parsed expression with what must be checked against the placeholders of each request. */
export interface Expression<Tree> {
  readonly kind: Kind;
  readonly tree: Tree;
  /** `#names` it uses. */
  readonly names: ReadonlySet<string>;
  /** `:values` it uses. */
  readonly values: ReadonlySet<string>;
  readonly checks: readonly Check[];
}

/** What an operator or function demands of literal operands: says what is wrong with them, or nothing. */
export interface Check {
  readonly operands: readonly string[];
  readonly fault: (values: readonly Value[], scope: Scope) => string | undefined;
}

/** What the placeholders of a request stand for. */
export interface Scope {
  readonly names: Readonly<Record<string, string>>;
  readonly values: Readonly<Record<string, Value>>;
}

export const nameOf = (step: Step, scope: Scope): Step =>
  typeof step === 'string' && step.startsWith('#') ? scope.names[step]! : step;

/** `[a, [1], b]`, as AWS writes paths in its messages. */
export const describePath = (path: Path, scope: Scope): string =>
  `[${path.steps.map((step) => (typeof step === 'number' ? `[${step}]` : nameOf(step, scope))).join(', ')}]`;
