import type { Fault } from './fault.ts';
import { functionStarting } from './places.ts';

/** The runtime exits while it loads the code: the invocation that waited for it fails (Lambda Developer Guide, "Failures during the Init phase"). */
export const crashAtStart: Fault = {
  name: 'crash-at-start',
  most: 0.3,
  reports: { 'lambda:EnvironmentStarted': functionStarting },
  replace(step, { struck }) {
    struck();
    const error = { errorType: 'Runtime.ExitError', errorMessage: 'Error: Runtime exited without providing a reason' };
    return { ...step, action: 'EnvironmentFailed', input: { ...(step.input as object), error } };
  },
};
