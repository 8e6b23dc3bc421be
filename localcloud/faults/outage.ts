import { serverError } from './errors.ts';
import type { Fault } from './fault.ts';
import { overNetwork } from './places.ts';

/**
 * Somebody's calls of an action fail for minutes, whatever is tried: longer than an SDK's attempts, and sometimes longer than
 * all receives of a message, as in the larger events that AWS has written up (https://aws.amazon.com/premiumsupport/technology/pes/).
 */
export const outage: Fault = {
  name: 'outage',
  most: 0.02,
  calls: overNetwork,
  before({ service }, strike) {
    strike.struck();
    strike.lasts(strike.between(20_000, 400_000, 'how long'));
    throw serverError(service, strike);
  },
};
