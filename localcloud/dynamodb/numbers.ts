/**
 * DynamoDB's numbers: 38 significant digits, magnitudes from 1E-130 to 9.99…E+125, exact. A double holds 15 digits, so
 * they stay text, are compared as text and are added as BigInt.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html
 */
import { ServiceError } from '../service.ts';

/** 0.`digits` × 10^`point`, without zeros at either end of `digits`; zero has no digits. */
interface Decimal {
  readonly negative: boolean;
  readonly digits: string;
  readonly point: number;
}

const DIGITS = 38;
const HIGHEST_POINT = 126;
const LOWEST_POINT = -129;

const PLAIN = /^(?:0|-?[1-9]\d{0,14})$/;
const NUMBER = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/;

const invalid = (message: string) => new ServiceError('ValidationException', message);

/**
 * The one spelling that DynamoDB answers with: no exponent, no needless zeros.
 * @throws ServiceError ValidationException when it is no number, has more than 38 digits or is out of range
 */
export const normaliseNumber = (text: string): string => (PLAIN.test(text) ? text : format(parse(text)));

/** Text that sorts, character by character, as the numbers do; equal for equal numbers. Takes a normalised number. */
export function sortableNumber(text: string): string {
  const { negative, digits, point } = parse(text);
  if (digits === '') return 'o';
  if (!negative) return `p${point + 500}${digits}`;
  // Everything is mirrored; the last character makes the longer, that is the more negative, come first.
  let mirrored = '';
  for (const digit of digits) mirrored += 9 - Number(digit);
  return `n${999 - (point + 500)}${mirrored}~`;
}

/** @throws ServiceError ValidationException when the sum needs more than 38 digits or is out of range */
export function addNumbers(left: string, right: string): string {
  if (PLAIN.test(left) && PLAIN.test(right)) return String(Number(left) + Number(right));
  const a = parse(left);
  const b = parse(right);
  const exponentOf = (d: Decimal) => d.point - d.digits.length;
  const exponent = Math.min(exponentOf(a), exponentOf(b));
  const whole = (d: Decimal) =>
    BigInt(`${d.digits}${'0'.repeat(exponentOf(d) - exponent)}` || '0') * (d.negative ? -1n : 1n);
  return normaliseNumber(`${whole(a) + whole(b)}E${exponent}`);
}

export const subtractNumbers = (left: string, right: string): string => addNumbers(left, negate(right));

const negate = (text: string): string => (text === '0' ? '0' : text.startsWith('-') ? text.slice(1) : `-${text}`);

function parse(text: string): Decimal {
  const match = NUMBER.exec(text);
  const [, sign, whole = '', fraction = '', exponent = '0'] = match ?? [];
  if (!match || whole + fraction === '') throw invalid(`The parameter cannot be converted to a numeric value: ${text}`);
  const all = whole + fraction;
  const leading = /^0*/.exec(all)![0].length;
  const digits = all.slice(leading).replace(/0+$/, '');
  if (digits === '') return { negative: false, digits, point: 0 };
  const point = whole.length - leading + Number(exponent);
  if (digits.length > DIGITS) throw invalid('Attempting to store more than 38 significant digits in a Number');
  if (point > HIGHEST_POINT) {
    throw invalid('Number overflow. Attempting to store a number with magnitude larger than supported range');
  }
  if (point < LOWEST_POINT) {
    throw invalid('Number underflow. Attempting to store a number with magnitude smaller than supported range');
  }
  return { negative: sign === '-', digits, point };
}

function format({ negative, digits, point }: Decimal): string {
  const sign = negative ? '-' : '';
  if (digits === '') return '0';
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  if (point >= digits.length) return `${sign}${digits}${'0'.repeat(point - digits.length)}`;
  return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}
