/** What STS asks of policies: a role's trust policy must let its taker in (IAM User Guide, "How IAM roles work"). */
import { GLOBAL } from '../cloud.ts';
import type { Identities } from '../iam/state.ts';
import type { Asked, Authorisation, Demand, Needs } from '../policy/demand.ts';
import { type Principal, ServiceError } from '../service.ts';
import { roleName } from './credentials.ts';

/** What somebody needs to take on a role. One that does not exist is forbidden: AWS does not tell the difference. */
export function trustDemand(
  role: string,
  { cloud, account }: Pick<Asked, 'cloud' | 'account'>,
  as?: Principal,
): Demand {
  const found = cloud.state<Identities>('iam', GLOBAL).roles.get(roleName(role));
  return {
    action: 'sts:AssumeRole',
    resource: found?.arn ?? (role.startsWith('arn:') ? role : `arn:aws:iam::${account}:role/${role}`),
    policy: found?.trust.text,
    policyMustAllow: true,
    ...(as === undefined ? {} : { as }),
  };
}

const assume =
  (member: string): Needs =>
  (asked) => {
    // STS issues keys for what AssumeRole has judged.
    const { principal } = asked.call;
    if (principal.kind === 'service' && principal.service === 'sts.amazonaws.com') return [];
    const { input } = asked;
    const keys = { 'sts:externalid': input.ExternalId, 'sts:rolesessionname': input.RoleSessionName ?? input.session };
    return [{ ...trustDemand(String(input[member] ?? ''), asked), keys }];
  };

export const stsAuthorisation: Authorisation = {
  needs: {
    AssumeRole: assume('RoleArn'),
    // Everybody may ask who they are.
    GetCallerIdentity: () => [],
    IssueSessionCredentials: assume('role'),
    TakeOnRole: assume('role'),
  },
  refuse: (message) => new ServiceError('AccessDenied', message, { status: 403 }),
};
