import type { Delivery } from '../events/deliver.ts';
import type { Fault } from './fault.ts';
import { nameOf } from './places.ts';

/** EventBridge delivers an event late, and later ones before it: it promises no order, and half a second only as a typical latency. */
export const lateEvent: Fault = {
  name: 'late-event',
  most: 0.3,
  steps: {
    'events:deliver': (step) => {
      const { target, event } = step.input as Delivery;
      const { id } = event.envelope.detail as { id?: unknown };
      return { where: nameOf(target.Arn!), event: typeof id === 'string' ? id : event.envelope.id };
    },
  },
  postpone(_step, when, { struck, number, between }) {
    struck();
    return when + (number('long') < 0.8 ? between(20, 3000, 'how long') : between(3000, 240_000, 'how long'));
  },
};
