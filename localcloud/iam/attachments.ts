/** Managed policies on roles. */
import type {
  AttachRolePolicyRequest,
  DetachRolePolicyRequest,
  ListAttachedRolePoliciesRequest,
  ListAttachedRolePoliciesResponse,
  ListEntitiesForPolicyRequest,
  ListEntitiesForPolicyResponse,
} from '@aws-sdk/client-iam';
import { type Action, refuseUnknown } from '../service.ts';
import { PAGE, page } from './pages.ts';
import {
  type Identities,
  noSuchEntity,
  overQuota,
  policyArn,
  policyAt,
  roleNamed,
  rolesBoundBy,
  rolesWith,
} from './state.ts';

/** AttachRolePolicy: at most 10 to a role, the default quota; attaching again changes nothing. */
export const attachRolePolicy: Action<Identities, AttachRolePolicyRequest, object> = (input, state) => {
  refuseUnknown('iam:AttachRolePolicy', input, ['RoleName', 'PolicyArn']);
  const role = roleNamed(state, input.RoleName);
  const { arn } = policyAt(state, input.PolicyArn);
  if (!role.attached.has(arn) && role.attached.size >= 10)
    throw overQuota('Cannot exceed quota for PoliciesPerRole: 10');
  role.attached.add(arn);
  return {};
};

export const detachRolePolicy: Action<Identities, DetachRolePolicyRequest, object> = (input, state) => {
  refuseUnknown('iam:DetachRolePolicy', input, ['RoleName', 'PolicyArn']);
  const role = roleNamed(state, input.RoleName);
  const arn = policyArn(input.PolicyArn);
  if (!role.attached.delete(arn)) throw noSuchEntity(`Policy ${arn} was not found.`);
  return {};
};

export const listAttachedRolePolicies: Action<
  Identities,
  ListAttachedRolePoliciesRequest,
  ListAttachedRolePoliciesResponse
> = (input, state) => {
  refuseUnknown('iam:ListAttachedRolePolicies', input, ['RoleName', 'PathPrefix', ...PAGE]);
  const { PathPrefix: prefix = '/' } = input;
  const attached = [...roleNamed(state, input.RoleName).attached].map((arn) => policyAt(state, arn));
  const { items, rest } = page(
    attached.filter((policy) => policy.path.startsWith(prefix)),
    input,
  );
  return { AttachedPolicies: items.map(({ name, arn }) => ({ PolicyName: name, PolicyArn: arn })), ...rest };
};

/** ListEntitiesForPolicy: roles only, for the local cloud has neither users nor groups. */
export const listEntitiesForPolicy: Action<Identities, ListEntitiesForPolicyRequest, ListEntitiesForPolicyResponse> = (
  input,
  state,
) => {
  refuseUnknown('iam:ListEntitiesForPolicy', input, [
    'PolicyArn',
    'EntityFilter',
    'PolicyUsageFilter',
    'PathPrefix',
    ...PAGE,
  ]);
  const { EntityFilter: kind = 'Role', PolicyUsageFilter: usage, PathPrefix: prefix = '/' } = input;
  const { arn } = policyAt(state, input.PolicyArn);
  const roles = new Set([
    ...(usage === 'PermissionsBoundary' ? [] : rolesWith(state, arn)),
    ...(usage === 'PermissionsPolicy' ? [] : rolesBoundBy(state, arn)),
  ]);
  const found = kind === 'Role' ? [...roles].filter((role) => role.path.startsWith(prefix)) : [];
  const { items, rest } = page(found, input);
  return {
    PolicyRoles: items.map(({ name, id }) => ({ RoleName: name, RoleId: id })),
    PolicyGroups: [],
    PolicyUsers: [],
    ...rest,
  };
};
