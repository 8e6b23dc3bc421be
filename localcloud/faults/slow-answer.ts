import type { Fault } from './fault.ts';
import { overNetwork } from './places.ts';

/** The tail of the latencies: an answer that takes long, and sometimes longer than the client waits for it. */
export const slowAnswer: Fault = {
  name: 'slow-answer',
  most: 0.15,
  calls: overNetwork,
  travel(_call, { struck, between, number }) {
    struck();
    return { there: 0, back: number('tail') < 0.7 ? between(50, 1500, 'how slow') : between(1500, 15_000, 'how slow') };
  },
};
