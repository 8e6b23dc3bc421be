import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { catalogue, regions } from '../../../localcloud/faults/catalogue.ts';

const all = [...catalogue, ...regions];

const folder = 'localcloud/faults';
const fileOf = (name: string) => readFileSync(`${folder}/${name}.ts`, 'utf8');

test('every fault is in a file of its name, and says what it models', () => {
  for (const { name } of all) expect(fileOf(name), name).toMatch(/\/\*\*[\s\S]{60,}?\*\/\nexport const \w+: Fault = /);
});

test('every file with a fault is in the catalogue', () => {
  const files = readdirSync(folder).map((file) => file.replace(/\.ts$/, ''));
  const faults = files.filter((file) => /^export const \w+: Fault = /m.test(fileOf(file)));
  expect(faults.toSorted()).toEqual(all.map(({ name }) => name).toSorted());
});

test.each(all.map((fault) => [fault.name, fault] as const))(
  '%s has somewhere to strike, and something to do there',
  (_name, fault) => {
    expect(fault.most).toBeGreaterThan(0);
    expect(fault.most).toBeLessThanOrEqual(1);
    const atCalls = fault.before ?? fault.after ?? fault.around ?? fault.travel;
    const pairs = [
      [fault.calls, atCalls],
      [fault.steps, fault.postpone],
      [fault.reports, fault.replace],
      [fault.targets, fault.happen],
    ];
    for (const [where, what] of pairs) expect(where === undefined, fault.name).toBe(what === undefined);
    expect(pairs.some(([where]) => where) || fault.skew, fault.name).toBeTruthy();
  },
);
