/** Which invocation a call belongs to: what ties everything a function does to the messages it was invoked for. */
import type { Cloud } from '../cloud.ts';
import type { Principal } from '../service.ts';
import type { Environment, Lambda } from './state.ts';

/**
 * The request id of the invocation during which this principal's call arrives; undefined if the principal is not an
 * execution environment, or is one between two invocations.
 */
export function currentInvocation(cloud: Cloud, region: string, principal: Principal): string | undefined {
  if (principal.kind !== 'role') return undefined;
  return environmentNamed(cloud, principal.session, region)?.requestId;
}

/** The region of the execution environment that this principal is; undefined for whoever calls from outside. */
export function homeOf(cloud: Cloud, principal: Principal): string | undefined {
  if (principal.kind !== 'role') return undefined;
  return cloud.regions().find((region) => cloud.state<Lambda>('lambda', region).environments.has(principal.session));
}

/**
 * The environment of that id. A function may call another region than its own (an event sent across), so all regions are
 * searched, the given one first.
 */
export function environmentNamed(cloud: Cloud, id: string, region: string): Environment | undefined {
  const own = cloud.state<Lambda>('lambda', region).environments.get(id);
  if (own) return own;
  for (const other of cloud.regions()) {
    const found = cloud.state<Lambda>('lambda', other).environments.get(id);
    if (found) return found;
  }
  return undefined;
}
