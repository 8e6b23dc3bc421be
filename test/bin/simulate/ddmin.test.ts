/** A failing list becomes one of which nothing can be left out. */
import { expect, it } from 'vitest';
import { ddmin } from '../../../bin/simulate/ddmin.ts';

const list = Array.from({ length: 30 }, (_, n) => n);
const needs = (...all: readonly number[]) => {
  let asked = 0;
  const fails = async (part: readonly number[]) => {
    asked++;
    return all.every((one) => part.includes(one));
  };
  return { fails, asked: () => asked };
};

it.each([[[17]], [[3, 28]], [[0, 1, 2]], [[0, 10, 20, 29]]])('finds %j among thirty', async (culprits) => {
  expect(await ddmin(list, needs(...culprits).fails)).toEqual(culprits);
});

it('finds at once that nothing of it is needed', async () => {
  const { fails, asked } = needs();
  expect(await ddmin(list, fails)).toEqual([]);
  expect(asked()).toBe(1);
});

it('keeps to its budget, and what it has then fails still', async () => {
  const { fails, asked } = needs(0, 7, 14, 21, 28);
  const part = await ddmin(list, fails, () => asked() < 12);
  expect(asked()).toBeLessThanOrEqual(12);
  expect(await fails(part)).toBe(true);
});
