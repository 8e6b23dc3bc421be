/** What IAM asks of policies (Service Authorization Reference, "AWS Identity and Access Management"). */
import { GLOBAL } from '../cloud.ts';
import type { Asked, Authorisation, Demand, Needs } from '../policy/demand.ts';
import { ServiceError } from '../service.ts';
import { iamActions } from './action-names.ts';
import type { Identities } from './state.ts';

/** Whoever gives a role to a service must be allowed to pass it. */
export const passRole = (role: string, service: string): Demand => ({
  action: 'iam:PassRole',
  resource: role,
  keys: { 'iam:passedtoservice': service },
  refuse: (message) => new ServiceError('AccessDeniedException', message),
});

function resourceOf({ input, account, cloud }: Asked): string {
  const { RoleName: role, PolicyArn: policy, PolicyName: name, Path: path = '/' } = input;
  if (role !== undefined) {
    const known = cloud.state<Identities>('iam', GLOBAL).roles.get(role);
    return known?.arn ?? `arn:aws:iam::${account}:role${path}${role}`;
  }
  return policy ?? (name === undefined ? '*' : `arn:aws:iam::${account}:policy${path}${name}`);
}

const needs =
  (action: string): Needs =>
  (asked) => {
    // STS looks at the role that it was asked for.
    if (asked.call.principal.kind === 'service' && asked.call.principal.service === 'sts.amazonaws.com') return [];
    const { PolicyArn, PermissionsBoundary } = asked.input;
    return [
      {
        action: `iam:${action}`,
        resource: resourceOf(asked),
        keys: { 'iam:policyarn': PolicyArn, 'iam:permissionsboundary': PermissionsBoundary },
      },
    ];
  };

export const iamAuthorisation: Authorisation = {
  needs: Object.fromEntries(iamActions.map((action) => [action, needs(action)])),
  refuse: (message) => new ServiceError('AccessDenied', message, { status: 403 }),
};
