/** In whose name Lambda acts: its own, and its function's role when it polls or logs. */
import type { Context, Principal } from '../service.ts';
import { sessionPrincipal } from '../sts/credentials.ts';

/**
 * The context with Lambda itself as the caller. What Lambda does because somebody called it (start an environment, count
 * a metric) it does not do in that somebody's name.
 */
export function asLambda(context: Context): Context {
  const principal: Principal = { kind: 'service', account: context.account, service: 'lambda.amazonaws.com' };
  return { ...context, principal, call: (inner) => context.call({ ...inner, as: inner.as ?? principal }) };
}

/** The session of the function's role in which a poller works. AWS names it alike, with the mapping's id. */
export const pollerPrincipal = (context: Context, role: string, mapping: string): Principal =>
  sessionPrincipal(context.account, role, `awslambda_${mapping}`);

/** The session whose credentials an environment holds. */
export const environmentPrincipal = (context: Context, role: string, environment: string): Principal =>
  sessionPrincipal(context.account, role, environment);
