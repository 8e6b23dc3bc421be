/**
 * CloudFormation's intrinsic functions: a template's value in, the value meant out.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html
 */
import { ServiceError } from '../service.ts';
import { invalid, type Template } from './template.ts';

/** What the functions may look up. Every lookup throws when there is nothing under the name. */
export interface Scope {
  /** Value of a parameter, a pseudo parameter or a resource's `Ref`. */
  readonly ref: (name: string) => unknown;
  readonly attribute: (logicalId: string, name: string) => unknown;
  readonly condition: (name: string) => boolean;
  readonly exported: (name: string) => string;
  readonly mappings: NonNullable<Template['Mappings']>;
}

/** What `Ref: AWS::NoValue` gives: the property, or the item of the list, that holds it is left out. */
export const NO_VALUE: unique symbol = Symbol('AWS::NoValue');

interface Place {
  readonly scope: Scope;
  /** Where in the template, for messages: `Resources/Queue/Properties/QueueName`. */
  readonly path: string;
}

type Intrinsic = (argument: unknown, place: Place) => unknown;

/** The function that an object stands for, or undefined where it is plain data. */
export function intrinsicOf(value: object, path: string): string | undefined {
  const keys = Object.keys(value);
  const name = keys.find((key) => key === 'Ref' || key.startsWith('Fn::'));
  if (name === undefined || (name === 'Ref' && keys.length > 1)) return undefined;
  if (keys.length > 1) throw invalid(`Template error at ${path}: ${name} must be the only member of its object`);
  if (intrinsics[name]) return name;
  throw new ServiceError(
    'NotImplemented',
    `${path}: the local cloud does not support ${name}; it knows ${Object.keys(intrinsics).join(', ')}`,
    { status: 501 },
  );
}

/**
 * Evaluates a value of a template, functions and all.
 * @throws ServiceError `NotImplemented` for an unknown function, `ValidationError` for a wrong use of a known one; both name the path
 */
export function evaluate(value: unknown, scope: Scope, path: string): unknown {
  if (Array.isArray(value)) {
    return value.map((item, index) => evaluate(item, scope, `${path}/${index}`)).filter((item) => item !== NO_VALUE);
  }
  if (typeof value !== 'object' || value === null) return value;
  const name = intrinsicOf(value, path);
  if (name !== undefined) {
    return intrinsics[name]!((value as Record<string, unknown>)[name], { scope, path: `${path}/${name}` });
  }
  const result: Record<string, unknown> = {};
  for (const [key, member] of Object.entries(value)) {
    const evaluated = evaluate(member, scope, `${path}/${key}`);
    if (evaluated !== NO_VALUE) result[key] = evaluated;
  }
  return result;
}

/** A condition of the template's `Conditions`, or of a function that takes conditions. */
export function truth(value: unknown, scope: Scope, path: string): boolean {
  if (typeof value === 'object' && value !== null && 'Condition' in value && Object.keys(value).length === 1) {
    return scope.condition(String(value.Condition));
  }
  const result = evaluate(value, scope, path);
  if (typeof result !== 'boolean') throw invalid(`Template error at ${path}: a condition must be true or false`);
  return result;
}

const list = (argument: unknown, { path }: Place, lengths: readonly number[] = []): readonly unknown[] => {
  if (Array.isArray(argument) && (lengths.length === 0 || lengths.includes(argument.length))) return argument;
  throw invalid(
    `Template error at ${path}: expected a list${lengths.length > 0 ? ` of ${lengths.join(' or ')} items` : ''}`,
  );
};

const text = (value: unknown, { scope, path }: Place): string => {
  const result = evaluate(value, scope, path);
  if (['string', 'number', 'boolean'].includes(typeof result)) return String(result);
  throw invalid(`Template error at ${path}: expected a string, found ${JSON.stringify(result) ?? 'AWS::NoValue'}`);
};

const items = (value: unknown, place: Place): readonly unknown[] =>
  list(evaluate(value, place.scope, place.path), place);

const inner = (value: unknown, { scope, path }: Place) => evaluate(value, scope, path);

/** The two forms of `Fn::GetAtt`: `"Id.Name"` and `["Id", "Name"]`. A logical id has no dots; an attribute's name may. */
export function attributeNamed(argument: unknown, path: string): { logicalId: string; name: unknown } {
  if (Array.isArray(argument) && argument.length === 2 && typeof argument[0] === 'string') {
    return { logicalId: argument[0], name: argument[1] };
  }
  const dot = typeof argument === 'string' ? argument.indexOf('.') : -1;
  if (dot < 1) throw invalid(`Template error at ${path}: expected "LogicalId.Attribute" or ["LogicalId", "Attribute"]`);
  return { logicalId: (argument as string).slice(0, dot), name: (argument as string).slice(dot + 1) };
}

/** `${Name}`, `${Id.Attribute}` and `${!Literal}`. */
export const PLACEHOLDER = /\$\{\s*([^}]+?)\s*\}/g;

/** The two forms of `Fn::Sub`: a string, and a string with the values of some of its names. */
export function substitution(argument: unknown, path: string): { text: string; values: Record<string, unknown> } {
  if (typeof argument === 'string') return { text: argument, values: {} };
  const [pattern, values] = Array.isArray(argument) && argument.length === 2 ? argument : [];
  if (typeof pattern === 'string' && typeof values === 'object' && values !== null) return { text: pattern, values };
  throw invalid(`Template error at ${path}: expected a string, or a list of a string and a map of values`);
}

const substitute: Intrinsic = (argument, place) => {
  const { text: pattern, values } = substitution(argument, place.path);
  return pattern.replace(PLACEHOLDER, (_, name: string) => {
    if (name.startsWith('!')) return `\${${name.slice(1)}}`;
    if (Object.hasOwn(values, name)) return text(values[name], place);
    return text(name.includes('.') ? { 'Fn::GetAtt': name } : { Ref: name }, place);
  });
};

const select: Intrinsic = (argument, place) => {
  const [index, from] = list(argument, place, [2]);
  const chosen = items(from, place)[Number(text(index, place))];
  if (chosen === undefined)
    throw invalid(`Template error at ${place.path}: Fn::Select cannot select nonexistent value at index ${index}`);
  return chosen;
};

const findInMap: Intrinsic = (argument, place) => {
  const [map, first, second, options] = list(argument, place, [3, 4]);
  const keys = [map, first, second].map((key) => text(key, place));
  const found = place.scope.mappings[keys[0]!]?.[keys[1]!]?.[keys[2]!];
  if (found !== undefined) return found;
  if (typeof options === 'object' && options !== null && 'DefaultValue' in options)
    return inner(options.DefaultValue, place);
  throw invalid(`Template error at ${place.path}: Unable to get mapping for ${keys.join('::')}`);
};

const choose: Intrinsic = (argument, place) => {
  const [name, yes, no] = list(argument, place, [3]);
  return inner(place.scope.condition(String(name)) ? yes : no, place);
};

const truths = (argument: unknown, place: Place, lengths: readonly number[]): boolean[] =>
  list(argument, place, lengths).map((value) => truth(value, place.scope, place.path));

/** A number and its text are equal: parameters are text on AWS, whatever their type. */
const comparable = (value: unknown): string => (typeof value === 'object' ? JSON.stringify(value) : String(value));

/** AWS takes from two to ten conditions in `Fn::And` and `Fn::Or`. */
const SEVERAL = [2, 3, 4, 5, 6, 7, 8, 9, 10];

const intrinsics: Readonly<Record<string, Intrinsic>> = {
  Ref: (argument, { scope }) => scope.ref(String(argument)),
  'Fn::GetAtt': (argument, place) => {
    const { logicalId, name } = attributeNamed(argument, place.path);
    return place.scope.attribute(logicalId, text(name, place));
  },
  'Fn::Join': (argument, place) => {
    const [separator, values] = list(argument, place, [2]);
    return items(values, place)
      .map((item) => text(item, place))
      .join(String(separator));
  },
  'Fn::Sub': substitute,
  'Fn::Select': select,
  'Fn::Split': (argument, place) => {
    const [separator, value] = list(argument, place, [2]);
    return text(value, place).split(String(separator));
  },
  'Fn::FindInMap': findInMap,
  'Fn::If': choose,
  'Fn::Equals': (argument, place) => {
    const [left, right] = list(argument, place, [2]).map((value) => comparable(inner(value, place)));
    return left === right;
  },
  'Fn::And': (argument, place) => truths(argument, place, SEVERAL).every(Boolean),
  'Fn::Or': (argument, place) => truths(argument, place, SEVERAL).some(Boolean),
  'Fn::Not': (argument, place) => !truths(argument, place, [1])[0],
  'Fn::ImportValue': (argument, place) => place.scope.exported(text(argument, place)),
  'Fn::Base64': (argument, place) => Buffer.from(text(argument, place)).toString('base64'),
};
