/** How values stand to each other. Only strings, numbers and binaries have an order. */
import { sortableNumber } from './numbers.ts';
import { type Item, type SetType, typeOf, type Value } from './values.ts';

// biome-ignore lint/suspicious/noControlCharactersInRegex: the range is exactly ASCII
const ASCII = /^[\x00-\x7f]*$/;

/**
 * Text whose order, character by character, is DynamoDB's: strings and binaries by unsigned bytes, numbers by size. It
 * serves as the key of maps too, since equal values have equal texts. Undefined for the types that have no order.
 */
export function sortable(value: Value): string | undefined {
  // JavaScript compares UTF-16 units, which puts surrogate pairs before U+E000; DynamoDB compares UTF-8 bytes.
  if (value.S !== undefined) return ASCII.test(value.S) ? value.S : Buffer.from(value.S).toString('latin1');
  if (value.N !== undefined) return sortableNumber(value.N);
  if (value.B !== undefined) return bytes(value.B);
  return undefined;
}

/** The bytes of a binary, one character each. */
export const bytes = (base64: string): string => Buffer.from(base64, 'base64').toString('latin1');

export function equal(a: Value, b: Value): boolean {
  const type = typeOf(a);
  if (type !== typeOf(b)) return false;
  switch (type) {
    case 'L':
      return a.L!.length === b.L!.length && a.L!.every((element, index) => equal(element, b.L![index]!));
    case 'M':
      return equalItems(a.M!, b.M!);
    case 'SS':
    case 'NS':
    case 'BS':
      return equalSets(a[type]!, b[type]!);
    default:
      return a[type] === b[type];
  }
}

function equalItems(a: Item, b: Item): boolean {
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length && names.every((name) => b[name] !== undefined && equal(a[name]!, b[name]!))
  );
}

const equalSets = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((member) => b.includes(member));

/** What a set holds, or undefined if the value is no set. */
export function setOf(value: Value): { readonly type: SetType; readonly members: readonly string[] } | undefined {
  const type = typeOf(value);
  return type === 'SS' || type === 'NS' || type === 'BS' ? { type, members: value[type]! } : undefined;
}
