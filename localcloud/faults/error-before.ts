import { serverError } from './errors.ts';
import type { Fault } from './fault.ts';
import { overNetwork } from './places.ts';

/** The service answers 500 or 503 and has done nothing ("Common errors" in each service's API Reference): SDKs try again. */
export const errorBefore: Fault = {
  name: 'error-before',
  most: 0.1,
  calls: overNetwork,
  before({ service }, strike) {
    strike.struck();
    throw serverError(service, strike);
  },
};
