import { serverError, throttled } from './errors.ts';
import type { Fault } from './fault.ts';
import { delivering } from './places.ts';

/**
 * A target fails, before or after it has taken the event, and EventBridge tries again after a while: one more way to be
 * late, and to come twice (EventBridge user guide, "How EventBridge retries delivering events").
 */
export const targetError: Fault = {
  name: 'target-error',
  most: 0.3,
  calls: delivering,
  before({ service }, strike) {
    if (strike.number('side') >= 0.6) return;
    strike.struck();
    throw strike.number('how') < 0.3 ? throttled(service) : serverError(service, strike);
  },
  after({ service }, strike) {
    if (strike.number('side') < 0.6) return;
    strike.struck();
    throw serverError(service, strike);
  },
};
