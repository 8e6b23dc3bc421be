import { expect, test } from 'vitest';
import { armedFor } from '../../../bin/simulate/inject.ts';
import { scenarioNamed, scenarios } from '../../../bin/simulate/scenario.ts';
import { storm, swarm } from '../../../bin/simulate/swarm.ts';
import { catalogue, everyFault } from '../../../localcloud/faults/catalogue.ts';
import { createDice } from '../../../localcloud/world.ts';

const swarms = Array.from({ length: 300 }, (_, n) => swarm(catalogue, createDice(`${n}`)));

test('over many seeds every fault is on, and off, and never stronger than it may be', () => {
  for (const fault of catalogue) {
    const on = swarms.flatMap((one) => one.filter((armed) => armed.fault === fault));
    expect(on.length, fault.name).toBeGreaterThan(50);
    expect(on.length, fault.name).toBeLessThan(200);
    for (const { probability } of on) expect(probability).toBeLessThanOrEqual(fault.most);
    expect(Math.max(...on.map(({ probability }) => probability)), fault.name).toBeGreaterThan(fault.most / 2);
  }
});

test('where there are faults at least one is on, and the same seed draws the same', () => {
  for (const { faults } of scenarios.filter((scenario) => scenario.faults.length > 0)) {
    for (let n = 0; n < 50; n++) {
      const drawn = swarm(faults, createDice(`${n}`));
      expect(drawn.length).toBeGreaterThan(0);
      expect(swarm(faults, createDice(`${n}`))).toEqual(drawn);
    }
  }
});

test('no fault is on twice, and what a scenario always has is as strong as it may be', () => {
  for (const scenario of scenarios) {
    for (let n = 0; n < 50; n++) {
      const armed = armedFor(scenario, createDice(`${n}`));
      expect(new Set(armed.map(({ fault }) => fault)).size, scenario.name).toBe(armed.length);
      for (const fault of scenario.always ?? [])
        expect(armed.find((one) => one.fault === fault)?.probability).toBe(fault.most);
    }
  }
  // Or there were nothing to see: it is among those that are drawn, too.
  const { always = [], faults } = scenarioNamed('crowd');
  expect(always.length).toBeGreaterThan(0);
  expect(faults).toEqual(expect.arrayContaining([...always]));
});

test('what is asked for is on, as strong as was said, and nothing else is moved by it', () => {
  const asked = [
    { name: 'hang', probability: 1 },
    { name: 'late-event', probability: 0.01 },
  ];
  const named = (armed: ReturnType<typeof armedFor>) =>
    armed.map(({ fault, probability }) => [fault.name, probability]);
  const isAskedFor = ([name]: unknown[]) => asked.some((one) => one.name === name);
  for (const { name } of scenarios) {
    for (let n = 0; n < 20; n++) {
      const armed = (always?: typeof asked) => named(armedFor(scenarioNamed(name), createDice(`${n}`), always));
      expect(armed(asked).filter(isAskedFor)).toEqual(asked.map((one) => [one.name, one.probability]));
      expect(armed(asked).filter((one) => !isAskedFor(one))).toEqual(armed().filter((one) => !isAskedFor(one)));
    }
  }
});

test('every fault belongs to a scenario of its own kind', () => {
  const apart = scenarios
    .filter(({ name }) => !['all', 'storm', 'crowd', 'regions-data'].includes(name))
    .flatMap(({ faults }) => faults);
  const names = new Set(apart.map(({ name }) => name));
  expect([...names].toSorted()).toEqual(everyFault.map(({ name }) => name).toSorted());
  // Regions are beset by late replication as well, which is a fault of tables.
  expect(apart.length - names.size).toBe(1);
});

test('a storm has every fault, each as strong as a swarm has it on average', () => {
  const armed = storm(catalogue);
  expect(armed.map(({ fault }) => fault)).toEqual(catalogue);
  const drawn = Array.from({ length: 3000 }, (_, n) => swarm(catalogue, createDice(`${n}`))).flat();
  for (const { fault, probability } of armed) {
    const all = drawn.filter((one) => one.fault === fault).reduce((sum, one) => sum + one.probability, 0);
    expect(probability / (all / 3000), fault.name).toBeCloseTo(1, 0);
    expect(Math.abs(probability / (all / 3000) - 1), fault.name).toBeLessThan(0.15);
  }
});
