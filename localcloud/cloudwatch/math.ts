/** Metric math, worked out: an expression over series of points (CloudWatch User Guide, "Using math expressions"). */
import type { Expression } from './expression.ts';
import { invalid, unsupported } from './time.ts';

/** Start of a period in milliseconds since 1970 → value. A period without data is absent. */
export type Points = ReadonlyMap<number, number>;

/** What an expression can be worth. */
export type Value = number | Points | readonly Points[];

/** What an expression is worked out in. */
export interface Surroundings {
  readonly worthOf: (id: string) => Value;
  /** The metrics of the request, for METRICS(). */
  readonly metrics: () => readonly Points[];
  /** The starts of all periods asked for, in order, with or without data. */
  readonly periods: readonly number[];
}

const OPERATORS: Readonly<Record<string, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '==': (a, b) => Number(a === b),
  '!=': (a, b) => Number(a !== b),
  '<': (a, b) => Number(a < b),
  '>': (a, b) => Number(a > b),
  '<=': (a, b) => Number(a <= b),
  '>=': (a, b) => Number(a >= b),
  AND: (a, b) => Number(a !== 0 && b !== 0),
  OR: (a, b) => Number(a !== 0 || b !== 0),
};

type Call = (items: readonly Expression[], around: Surroundings) => Value;

const FUNCTIONS: Readonly<Record<string, Call>> = {
  AVG: (items, around) => gather(items, around, (all) => all.reduce((a, b) => a + b, 0) / all.length),
  FILL: fill,
  IF: choose,
  MAX: (items, around) => gather(items, around, (all) => Math.max(...all)),
  METRICS: (_items, around) => around.metrics(),
  MIN: (items, around) => gather(items, around, (all) => Math.min(...all)),
  RUNNING_SUM: runningSum,
  SUM: (items, around) => gather(items, around, (all) => all.reduce((a, b) => a + b, 0)),
};

/** @throws ServiceError `NotImplemented` for a function of AWS's that is not here; `ValidationError` for what has no meaning */
export function evaluate(expression: Expression, around: Surroundings): Value {
  switch (expression.kind) {
    case 'number':
      return expression.value;
    case 'id':
      return around.worthOf(expression.id);
    case 'word':
      throw invalid(`Invalid expression: unexpected ${expression.word}`);
    case 'list':
      return expression.items.flatMap((item) => seriesIn(evaluate(item, around), around));
    case 'call': {
      const call = Object.hasOwn(FUNCTIONS, expression.name) ? FUNCTIONS[expression.name] : undefined;
      if (!call) throw unsupported(`the function ${expression.name}; it knows ${Object.keys(FUNCTIONS).join(', ')}`);
      return call(expression.items, around);
    }
    case 'operation': {
      const operator = OPERATORS[{ '&&': 'AND', '||': 'OR' }[expression.operator] ?? expression.operator]!;
      return combine(evaluate(expression.left, around), evaluate(expression.right, around), operator);
    }
  }
}

/** Two series meet where both have data; a result that is no number, as after a division by zero, is no data. */
function combine(left: Value, right: Value, operator: (a: number, b: number) => number): Value {
  if (isList(left)) return left.map((each) => single(combine(each, right, operator)));
  if (isList(right)) return right.map((each) => single(combine(left, each, operator)));
  if (typeof left === 'number' && typeof right === 'number') return operator(left, right);
  const points = new Map<number, number>();
  for (const period of (typeof left === 'number' ? (right as Points) : left).keys()) {
    const a = at(left, period);
    const b = at(right, period);
    if (a === undefined || b === undefined) continue;
    const result = operator(a, b);
    if (Number.isFinite(result)) points.set(period, result);
  }
  return points;
}

/** Of one series a single number, of several a series: what is there in each period. */
function gather(items: readonly Expression[], around: Surroundings, of: (all: readonly number[]) => number): Value {
  if (items.length !== 1) throw invalid('Invalid expression: the function takes one metric or one list of metrics');
  const value = evaluate(items[0]!, around);
  if (typeof value === 'number') return value;
  if (!isList(value)) return value.size === 0 ? new Map() : of([...value.values()]);
  const points = new Map<number, number>();
  for (const period of around.periods) {
    const all = value.map((each) => each.get(period)).filter((each) => each !== undefined);
    if (all.length > 0) points.set(period, of(all));
  }
  return points;
}

/** FILL(metric, number | metric | REPEAT): data where there is none. */
function fill(items: readonly Expression[], around: Surroundings): Value {
  const [what, by] = items;
  if (!what || !by || items.length !== 2)
    throw invalid('Invalid expression: FILL takes a metric and what to fill it with');
  const value = evaluate(what, around);
  if (typeof value === 'number') return value;
  if (by.kind === 'word' && by.word !== 'REPEAT')
    throw unsupported(`FILL with ${by.word}; it knows numbers, metrics and REPEAT`);
  const filler = by.kind === 'word' ? undefined : evaluate(by, around);
  if (filler !== undefined && isList(filler))
    throw invalid('Invalid expression: FILL cannot fill with several metrics');
  const one = (points: Points): Points => {
    const filled = new Map<number, number>();
    let last: number | undefined;
    for (const period of around.periods) {
      const found = points.get(period) ?? (filler === undefined ? last : at(filler, period));
      if (found !== undefined) filled.set(period, found);
      last = found;
    }
    return filled;
  };
  return isList(value) ? value.map(one) : one(value);
}

/** RUNNING_SUM(metric): in each period that has data, the sum of all up to it. */
function runningSum(items: readonly Expression[], around: Surroundings): Value {
  if (items.length !== 1) throw invalid('Invalid expression: RUNNING_SUM takes one metric');
  const value = evaluate(items[0]!, around);
  const one = (points: Points): Points => {
    const sums = new Map<number, number>();
    let sum = 0;
    for (const period of around.periods) {
      const found = points.get(period);
      if (found === undefined) continue;
      sum += found;
      sums.set(period, sum);
    }
    return sums;
  };
  return isList(value) ? value.map(one) : one(asPoints(value, around.periods));
}

/** IF(condition, then, otherwise), period by period; any number but 0 is true. */
function choose(items: readonly Expression[], around: Surroundings): Value {
  if (items.length !== 3)
    throw invalid('Invalid expression: IF takes a condition, a value if true and a value if false');
  const [condition, then, otherwise] = items.map((item) => evaluate(item, around)) as [Value, Value, Value];
  if (isList(condition) || isList(then) || isList(otherwise)) throw invalid('Invalid expression: IF takes no lists');
  if (typeof condition === 'number') return condition !== 0 ? then : otherwise;
  const points = new Map<number, number>();
  for (const [period, truth] of condition) {
    const chosen = at(truth !== 0 ? then : otherwise, period);
    if (chosen !== undefined) points.set(period, chosen);
  }
  return points;
}

const at = (value: number | Points, period: number): number | undefined =>
  typeof value === 'number' ? value : value.get(period);

const isList = (value: Value): value is readonly Points[] => Array.isArray(value);

const single = (value: Value): Points => value as Points;

const seriesIn = (value: Value, around: Surroundings): readonly Points[] =>
  isList(value) ? value : [asPoints(value, around.periods)];

/** A number is a series that is the same in every period. */
export const asPoints = (value: number | Points, periods: readonly number[]): Points =>
  typeof value === 'number' ? new Map(Number.isFinite(value) ? periods.map((period) => [period, value]) : []) : value;
