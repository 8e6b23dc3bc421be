/** What becomes of execution environments when their region is lost, and when it returns: none survives. */
import type { Action } from '../service.ts';
import { asLambda } from './acting.ts';
import { dispatch, dropEnvironment, environmentExited } from './environments.ts';
import type { Lambda } from './state.ts';

/** Internal step: ends all of them. Lambda does not hear of it before the region is back. */
export const regionLost: Action<Lambda, object> = (_input, state, context) => {
  for (const id of state.environments.keys()) context.ask({ kind: 'stop', region: context.region, environment: id });
};

/** Internal step: what ran has failed, what waited begins anew. */
export const regionReturned: Action<Lambda, object> = (_input, state, outer) => {
  const context = asLambda(outer);
  const all = [...state.environments.values()];
  for (const environment of all) if (environment.status !== 'busy') dropEnvironment(state, context, environment);
  const error = { errorType: 'Runtime.ExitError', errorMessage: 'The environment was lost with its region.' };
  for (const { id, status } of all) if (status === 'busy') environmentExited({ environment: id, error }, state, outer);
  for (const name of state.functions.keys()) dispatch(state, context, name);
};
