/**
 * Attribute values as they travel in JSON: binary is base64 text and times are numbers. The SDK's own types have
 * `Uint8Array` and `Date` there, which exist only inside a client; `OnWire` turns the one into the other.
 */
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { isServiceError, ServiceError } from '../service.ts';
import { sortable } from './compare.ts';
import { normaliseNumber } from './numbers.ts';

/** One attribute value; exactly one member is there. Never changed once stored. */
export interface Value {
  readonly S?: string;
  readonly N?: string;
  /** Base64. */
  readonly B?: string;
  readonly BOOL?: boolean;
  readonly NULL?: boolean;
  readonly SS?: readonly string[];
  readonly NS?: readonly string[];
  readonly BS?: readonly string[];
  readonly L?: readonly Value[];
  readonly M?: Item;
}

export type Item = Readonly<Record<string, Value>>;
export type TypeName = keyof Value;
export type SetType = 'SS' | 'NS' | 'BS';

/** A request or response type of the SDK in the form it has on the wire. */
export type OnWire<T> = T extends AttributeValue
  ? Value
  : T extends Date
    ? number
    : T extends Uint8Array
      ? string
      : T extends readonly (infer Element)[]
        ? OnWire<Element>[]
        : T extends object
          ? { [Member in keyof T]: OnWire<T[Member]> }
          : T;

export const invalid = (message: string): ServiceError => new ServiceError('ValidationException', message);

const TYPES: readonly string[] = ['S', 'N', 'B', 'BOOL', 'NULL', 'SS', 'NS', 'BS', 'L', 'M'];
export const isTypeName = (name: string): name is TypeName => TYPES.includes(name);

/** The type of a value that was accepted before. */
export function typeOf(value: Value): TypeName {
  for (const member in value) return member as TypeName;
  throw invalid('Supplied AttributeValue is empty, must contain exactly one of the supported datatypes');
}

/** AWS nests documents up to 32 levels (Developer Guide, "Service, account, and table quotas"). */
const DEEPEST = 32;

/**
 * Checks a value of a request and gives the copy to keep: numbers in one spelling, and nothing shared with the caller.
 * @throws ServiceError ValidationException
 */
export function acceptValue(value: Value, depth = 0): Value {
  // The attribute itself is the first level.
  if (depth >= DEEPEST) {
    throw invalid(
      'Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit',
    );
  }
  const type = onlyType(value);
  switch (type) {
    case 'S':
      return { S: text(value.S) };
    case 'N':
      return { N: normaliseNumber(text(value.N)) };
    case 'B':
      return { B: acceptBinary(value.B) };
    case 'BOOL':
      return { BOOL: value.BOOL === true };
    case 'NULL':
      if (value.NULL !== true) throw parameterInvalid('Null attribute value types must have the value of true');
      return { NULL: true };
    case 'L':
      return { L: value.L!.map((element) => acceptValue(element, depth + 1)) };
    case 'M':
      return { M: acceptItem(value.M!, depth + 1) };
    default:
      return acceptSet(value, type);
  }
}

/** `acceptValue` for each attribute of an item. */
export function acceptItem(item: Item, depth = 0): Item {
  const copy: Record<string, Value> = {};
  for (const name in item) {
    // An assignment to this name would set the prototype instead of an attribute.
    if (name === '__proto__')
      throw new ServiceError('NotImplemented', 'an attribute cannot be named __proto__ here', { status: 501 });
    copy[name] = acceptValue(item[name]!, depth);
  }
  return copy;
}

/** `acceptItem` that says which of the placeholders is at fault. */
export function acceptPlaceholders(values: Item): Item {
  const copy: Record<string, Value> = {};
  for (const name in values) {
    try {
      copy[name] = acceptValue(values[name]!);
    } catch (error) {
      if (!isServiceError(error) || error.code !== 'ValidationException') throw error;
      throw invalid(`ExpressionAttributeValues contains invalid value: ${error.message} for key ${name}`);
    }
  }
  return copy;
}

/** A set as DynamoDB gives it back: its members in the order that their type has as a sort key. */
export function inOrder(type: SetType, members: readonly string[]): Value {
  const keyed = members.map((member) => ({ member, at: sortable({ [type[0]!]: member })! }));
  return { [type]: keyed.sort((a, b) => (a.at < b.at ? -1 : 1)).map(({ member }) => member) };
}

const parameterInvalid = (message: string) => invalid(`One or more parameter values were invalid: ${message}`);

function onlyType(value: Value): TypeName {
  let found: string | undefined;
  for (const member in value) {
    if (value[member as TypeName] === undefined) continue;
    if (found !== undefined) {
      throw invalid(
        'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes',
      );
    }
    found = member;
  }
  if (found !== undefined && isTypeName(found)) return found;
  throw invalid('Supplied AttributeValue is empty, must contain exactly one of the supported datatypes');
}

function text(value: unknown): string {
  if (typeof value === 'string') return value;
  throw new ServiceError(
    'SerializationException',
    `a string was expected where the request has ${JSON.stringify(value)}`,
  );
}

/** In process a binary may come as bytes. */
function acceptBinary(value: unknown): string {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  const base64 = text(value);
  if (base64.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(base64)) return base64;
  throw new ServiceError('SerializationException', `not base64: ${base64}`);
}

function acceptSet(value: Value, type: TypeName): Value {
  const [kind, accept] = (
    {
      SS: ['string', text],
      NS: ['number', (n: unknown) => normaliseNumber(text(n))],
      BS: ['binary', acceptBinary],
    } as const
  )[type as SetType];
  const members = (value[type as SetType] ?? []).map((member) => accept(member));
  if (members.length === 0) {
    throw parameterInvalid(type === 'BS' ? 'Binary sets should not be empty' : `An ${kind} set  may not be empty`);
  }
  if (new Set(members).size !== members.length) {
    const of = type === 'BS' ? 'of type BS ' : ' ';
    throw parameterInvalid(`Input collection [${members.join(', ')}]${of}contains duplicates.`);
  }
  return inOrder(type as SetType, members);
}
