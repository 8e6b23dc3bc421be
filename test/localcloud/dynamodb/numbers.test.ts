import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addNumbers, normaliseNumber, sortableNumber, subtractNumbers } from '../../../localcloud/dynamodb/numbers.ts';

/** Whole numbers of up to 38 digits, shifted by powers of ten. */
const decimals = fc
  .tuple(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), fc.integer({ min: -15, max: 15 }))
  .map(([digits, exponent]) => ({ text: `${digits}E${exponent}`, scaled: digits * 10n ** BigInt(exponent + 15) }));

describe('numbers', () => {
  test.each([
    ['1.0', '1'],
    ['-0', '0'],
    ['007', '7'],
    ['1e3', '1000'],
    ['1E-3', '0.001'],
    ['.5', '0.5'],
    ['123.4500', '123.45'],
    ['9'.repeat(38), '9'.repeat(38)],
    ['1E125', `1${'0'.repeat(125)}`],
  ])('%s is written %s', (given, written) => {
    expect(normaliseNumber(given)).toBe(written);
  });

  test('what is no number, too long or out of range is refused', () => {
    expect(() => normaliseNumber('abc')).toThrow('The parameter cannot be converted to a numeric value: abc');
    expect(() => normaliseNumber('')).toThrow('The parameter cannot be converted to a numeric value: ');
    expect(() => normaliseNumber('1'.repeat(39))).toThrow(
      'Attempting to store more than 38 significant digits in a Number',
    );
    expect(() => normaliseNumber('1E126')).toThrow('Number overflow');
    expect(() => normaliseNumber('1E-131')).toThrow('Number underflow');
  });

  test('38 digits are added exactly', () => {
    expect(addNumbers('0.1', '0.2')).toBe('0.3');
    expect(addNumbers('99999999999999999999999999999999999998', '1')).toBe('99999999999999999999999999999999999999');
    expect(subtractNumbers('1', '0.99999999999999999999999999999999999999')).toBe(`0.${'0'.repeat(37)}1`);
    expect(() => addNumbers('1E38', '1')).toThrow('more than 38 significant digits');
  });

  test('sums are those of whole numbers', () => {
    fc.assert(
      fc.property(decimals, decimals, (a, b) => {
        let sum: string;
        try {
          sum = addNumbers(normaliseNumber(a.text), normaliseNumber(b.text));
        } catch {
          return;
        }
        expect(sum).toBe(normaliseNumber(`${a.scaled + b.scaled}E-15`));
      }),
    );
  });

  test('sortable texts are in the order of the numbers', () => {
    fc.assert(
      fc.property(decimals, decimals, (a, b) => {
        const [left, right] = [sortableNumber(normaliseNumber(a.text)), sortableNumber(normaliseNumber(b.text))];
        expect(Math.sign(left < right ? -1 : left > right ? 1 : 0)).toBe(
          a.scaled < b.scaled ? -1 : a.scaled > b.scaled ? 1 : 0,
        );
      }),
    );
  });
});
