import type { Fault } from './fault.ts';
import { queuePolled } from './places.ts';

/** A poller takes its time: what other queues hold overtakes it. Lambda promises no pace. */
export const slowPoller: Fault = {
  name: 'slow-poller',
  most: 0.2,
  steps: { 'lambda:Poll': queuePolled },
  postpone(_step, when, { struck, number, between }) {
    struck();
    return when + (number('long') < 0.8 ? between(10, 3000, 'how long') : between(3000, 60_000, 'how long'));
  },
};
