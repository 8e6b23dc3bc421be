import type { Fault } from './fault.ts';
import { EnvironmentKilled } from './killed.ts';
import { byFunction } from './places.ts';

/**
 * The runtime exits when a call has had its effect and nobody has heard of it yet: where a program that writes to more
 * than one place is found out (`Runtime.ExitError`, Lambda Developer Guide, "Understanding the execution environment lifecycle").
 */
export const crashAfter: Fault = {
  name: 'crash-after',
  most: 0.05,
  calls: byFunction,
  after(call, { struck }) {
    struck();
    throw new EnvironmentKilled('exit', `after ${call.service}:${call.action}`);
  },
};
