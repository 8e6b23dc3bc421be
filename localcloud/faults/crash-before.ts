import type { Fault } from './fault.ts';
import { EnvironmentKilled } from './killed.ts';
import { byFunction } from './places.ts';

/**
 * The runtime exits while a call is on its way: what it asked for never happens. Lambda fails the invocation at once and
 * starts another environment (Lambda Developer Guide, "Understanding the execution environment lifecycle", `Runtime.ExitError`).
 */
export const crashBefore: Fault = {
  name: 'crash-before',
  most: 0.05,
  calls: byFunction,
  before(call, { struck }) {
    struck();
    throw new EnvironmentKilled('exit', `before ${call.service}:${call.action}`);
  },
};
