/** From the text of an event pattern to what can be asked of events, fast. */
import { addressOf } from './addresses.ts';
import { type Condition, operators, readExpression } from './conditions.ts';
import type { Leaf } from './fields.ts';
import { refusePattern } from './refusal.ts';
import { refuseTooComplex } from './wildcard.ts';

/** What the field `name` must be: one of the alternatives. */
export interface Demand {
  readonly name: string;
  readonly absence: boolean;
  accepts(value: Leaf): boolean;
}

/** A pattern: an event matches if all demands of one of the branches are met. Only `$or` makes more than one. */
export interface Pattern {
  readonly branches: readonly (readonly Demand[])[];
  readonly names: ReadonlySet<string>;
}

type Branch = Map<string, Demand>;
type Json = Readonly<Record<string, unknown>>;

/**
 * Compiles an event pattern.
 * @throws ServiceError `InvalidEventPatternException`
 */
export function compilePattern(text: string): Pattern {
  const branches = readObject(parse(text), '', [new Map()], false);
  const names = new Set(branches.flatMap((branch) => [...branch.keys()]));
  return { branches: branches.map((branch) => [...branch.values()]), names };
}

function parse(text: string): Json {
  let pattern: unknown;
  try {
    pattern = JSON.parse(text);
  } catch (error) {
    refusePattern((error as Error).message);
  }
  return isObject(pattern) ? pattern : refusePattern('Filter is not an object');
}

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Adds the demands of an object of the pattern, found under `path`, to every branch; returns the branches there are now. */
function readObject(object: Json, path: string, before: Branch[], insideOr: boolean): Branch[] {
  let branches = before;
  const keys = Object.keys(object);
  if (keys.length === 0) refusePattern('Empty objects are not allowed');
  for (const key of keys) {
    const value = object[key];
    const name = path === '' ? key : `${path}.${key}`;
    if (key === '$or') {
      branches = readAlternatives(value, path, branches);
      continue;
    }
    if (insideOr && operators.has(key))
      refusePattern(`${key} is Ruler reserved fieldName which cannot be used inside $or.`);
    if (isObject(value)) {
      branches = readObject(value, name, branches, insideOr);
    } else if (Array.isArray(value)) {
      // What is said later of the same field replaces what was said before: so a branch of `$or` overrides its siblings.
      const demand = readDemand(name, value);
      for (const branch of branches) branch.set(name, demand);
    } else {
      refusePattern(`"${key}" must be an object or an array`);
    }
  }
  return branches;
}

function readAlternatives(value: unknown, path: string, before: Branch[]): Branch[] {
  if (!Array.isArray(value)) refusePattern('It must be an Array followed with $or.');
  const branches = value.flatMap((alternative) => {
    if (!isObject(alternative)) refusePattern('Only JSON object is allowed in array of $or relationship.');
    const copies = before.map((branch) => new Map(branch));
    return readObject(alternative, path, copies, true);
  });
  if (value.length < 2) refusePattern('There must have at least 2 Objects in $or relationship.');
  return branches;
}

function readDemand(name: string, alternatives: readonly unknown[]): Demand {
  if (alternatives.length === 0) refusePattern('Empty arrays are not allowed');
  const exact = new Set<Leaf>();
  const conditions: Condition[] = [];
  for (const alternative of alternatives) {
    if (isObject(alternative)) conditions.push(readExpression(alternative));
    else if (Array.isArray(alternative)) refusePattern('Match value must be String, number, true, false, or null');
    else exact.add(alternative as Leaf);
    if (typeof alternative === 'string' && addressOf(alternative)) conditions.push(sameAddress(alternative));
  }
  refuseTooComplex(conditions.flatMap((condition) => condition.wildcards ?? []));
  const judged = conditions.filter((condition) => condition.absence !== true);
  return {
    name,
    absence: judged.length < conditions.length,
    accepts:
      judged.length === 0
        ? (value) => exact.has(value)
        : (value) => exact.has(value) || judged.some((condition) => condition.accepts(value)),
  };
}

/** An address matches however it is written: `::1` is `0:0:0:0:0:0:0:1`. */
function sameAddress(text: string): Condition {
  const wanted = addressOf(text)!;
  return {
    accepts: (value) => {
      const address = typeof value === 'string' ? addressOf(value) : undefined;
      return address !== undefined && address.bits === wanted.bits && address.number === wanted.number;
    },
  };
}
