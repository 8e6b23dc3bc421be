import { expect, it } from 'vitest';
import { asAttribute, asBody, inBrief, lostOnTheWay } from '../../../lib/model/text.ts';

it('finds what would be lost on the way wherever it stands, names included', () => {
  expect(lostOnTheWay({ a: [1, { b: 'x\ufffe' }] })).toMatch(/^data\.a\.1\.b holds U\+FFFE/);
  expect(lostOnTheWay({ a: { 'n\udc00': 1 } })).toMatch(/^a name in data\.a holds U\+DC00/);
  expect(lostOnTheWay({ 'näme 😀': ['\u0000 is escaped', '\ufffd', null, 1, true] })).toBeUndefined();
});

it('writes bodies and attributes that SQS takes, and bodies that say the same', () => {
  const value = { text: '\uffff\ufffe\u0000\ud83d 😀 \\uffff' };
  const refused = /[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;
  expect(asBody(value)).not.toMatch(refused);
  expect(JSON.parse(asBody(value))).toEqual(value);
  expect(asAttribute(value.text)).toBe('\ufffd\ufffd\ufffd\ufffd 😀 \\uffff');
  expect(asAttribute('')).toBe('-');
});

it('cuts values short, and says so', () => {
  expect(inBrief('x'.repeat(78))).toBe(`"${'x'.repeat(78)}"`);
  expect(inBrief('x'.repeat(79))).toMatch(/^"x{78}…$/);
  expect(inBrief(undefined)).toBe('undefined');
});
