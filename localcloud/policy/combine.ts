/** The gate of a driver: the policies, and whatever else the caller of the driver has put there. */
import type { Gate } from '../cloud.ts';
import type { Service } from '../service.ts';
import { createPolicyGate, type UsedGrants } from './gate.ts';

export interface Enforced {
  readonly gate: Gate;
  /** What of the policies' grants was used; empty where they are not enforced. */
  readonly used: UsedGrants;
}

/** Puts the policies before `gate`. A cloud without IAM has none to enforce. */
export function enforcing(
  gate: Gate,
  { enforce, services }: { enforce: boolean | undefined; services: readonly Service[] },
): Enforced {
  if (!(enforce ?? true) || !services.some(({ name }) => name === 'iam')) return { gate, used: new Map() };
  const policies = createPolicyGate();
  const authorise: Gate['authorise'] = (call, cloud) => {
    policies.gate.authorise(call, cloud);
    gate.authorise?.(call, cloud);
  };
  return { gate: { ...gate, authorise }, used: policies.used };
}
