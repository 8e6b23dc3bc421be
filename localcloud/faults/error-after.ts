import { serverError } from './errors.ts';
import type { Fault } from './fault.ts';
import { overNetwork } from './places.ts';

/**
 * The service answers 500 or 503 and has done it all the same: "this doesn't mean that the operation failed" (DynamoDB
 * Developer Guide, "Error handling", on InternalServerError).
 */
export const errorAfter: Fault = {
  name: 'error-after',
  most: 0.08,
  calls: overNetwork,
  after({ service }, strike) {
    strike.struck();
    throw serverError(service, strike);
  },
};
