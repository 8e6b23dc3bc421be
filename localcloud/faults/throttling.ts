import { throttled } from './errors.ts';
import type { Fault } from './fault.ts';
import { overNetwork } from './places.ts';

/** A service has had enough of somebody's calls for some time: longer, now and then, than an SDK's attempts last. */
export const throttling: Fault = {
  name: 'throttling',
  most: 0.05,
  calls: overNetwork,
  before({ service }, { struck, lasts, between, number }) {
    struck();
    lasts(number('long') < 0.7 ? between(1, 400, 'how long') : between(400, 20_000, 'how long'));
    throw throttled(service);
  },
};
