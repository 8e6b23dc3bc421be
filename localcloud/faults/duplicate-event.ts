import { isServiceError } from '../service.ts';
import type { Fault } from './fault.ts';
import { delivering } from './places.ts';

/**
 * EventBridge delivers an event to a target once more: "In rare cases, the same rule might be run more than once for a
 * single event" (EventBridge user guide, troubleshooting). Some minutes later it finds the five minutes of FIFO
 * deduplication over.
 */
export const duplicateEvent: Fault = {
  name: 'duplicate-event',
  most: 0.3,
  calls: delivering,
  after(call, { struck, number, between, cloud }) {
    struck();
    const delay = number('late') < 0.7 ? between(0, 2000, 'when') : between(2000, 400_000, 'when');
    cloud.agenda.at(cloud.now() + delay, () => {
      cloud.request({ ...call }).catch((error) => {
        if (!isServiceError(error)) throw error;
      });
    });
  },
};
