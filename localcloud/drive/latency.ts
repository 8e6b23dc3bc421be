import type { Dice } from '../world.ts';

/** What takes time in the virtual cloud: a cold start, a request on its way to the cloud, an answer on its way back. */
export type Leg = 'start' | 'request' | 'answer';

/** How many milliseconds a leg takes for a function. Deterministic: chance is the dice's. */
export type Latency = (leg: Leg, functionName: string, dice: Dice) => number;

const RANGES: Readonly<Record<Leg, readonly [number, number]>> = { start: [80, 300], request: [1, 6], answer: [1, 6] };

/** Usual latencies within a region, one answer in a hundred being slow. */
export const usualLatency: Latency = (leg, functionName, dice) => {
  const usual = dice.between(...RANGES[leg], 'latency', leg, functionName);
  const slow = leg === 'answer' && dice.number('latency', 'slow', functionName) < 0.01;
  return slow ? usual + dice.between(50, 2000, 'latency', 'tail', functionName) : usual;
};
