import type { Fault } from './fault.ts';
import { overNetwork } from './places.ts';

/**
 * A request is held up on its way, and arrives when its sender has given up, called again, or died: the effect comes out
 * of nowhere, up to a minute and a half late.
 */
export const lateRequest: Fault = {
  name: 'late-request',
  most: 0.05,
  calls: overNetwork,
  travel(_call, { struck, between, number }) {
    struck();
    return { there: number('far') < 0.7 ? between(100, 6000, 'how late') : between(6000, 90_000, 'how late'), back: 0 };
  },
};
