/** AWS IAM: roles and policies, as the gate will read them. */
import type { Action, Service } from '../service.ts';
import { attachRolePolicy, detachRolePolicy, listAttachedRolePolicies, listEntitiesForPolicy } from './attachments.ts';
import { createRole } from './create-role.ts';
import { deleteRolePolicy, getRolePolicy, listRolePolicies, putRolePolicy } from './inline-policies.ts';
import { createPolicy, deletePolicy, getPolicy, listPolicies } from './managed-policies.ts';
import {
  createPolicyVersion,
  deletePolicyVersion,
  getPolicyVersion,
  listPolicyVersions,
  setDefaultPolicyVersion,
} from './policy-versions.ts';
import {
  deleteRole,
  deleteRolePermissionsBoundary,
  getRole,
  listRoles,
  putRolePermissionsBoundary,
  updateAssumeRolePolicy,
  updateRole,
} from './role-actions.ts';
import { createIdentities, type Identities } from './state.ts';
import { listPolicyTags, listRoleTags, tagPolicy, tagRole, untagPolicy, untagRole } from './tags.ts';

const actions: Readonly<Record<string, Action<Identities>>> = {
  AttachRolePolicy: attachRolePolicy,
  CreatePolicy: createPolicy,
  CreatePolicyVersion: createPolicyVersion,
  CreateRole: createRole,
  DeletePolicy: deletePolicy,
  DeletePolicyVersion: deletePolicyVersion,
  DeleteRole: deleteRole,
  DeleteRolePermissionsBoundary: deleteRolePermissionsBoundary,
  DeleteRolePolicy: deleteRolePolicy,
  DetachRolePolicy: detachRolePolicy,
  GetPolicy: getPolicy,
  GetPolicyVersion: getPolicyVersion,
  GetRole: getRole,
  GetRolePolicy: getRolePolicy,
  ListAttachedRolePolicies: listAttachedRolePolicies,
  ListEntitiesForPolicy: listEntitiesForPolicy,
  ListPolicies: listPolicies,
  ListPolicyTags: listPolicyTags,
  ListPolicyVersions: listPolicyVersions,
  ListRolePolicies: listRolePolicies,
  ListRoles: listRoles,
  ListRoleTags: listRoleTags,
  PutRolePermissionsBoundary: putRolePermissionsBoundary,
  PutRolePolicy: putRolePolicy,
  SetDefaultPolicyVersion: setDefaultPolicyVersion,
  TagPolicy: tagPolicy,
  TagRole: tagRole,
  UntagPolicy: untagPolicy,
  UntagRole: untagRole,
  UpdateAssumeRolePolicy: updateAssumeRolePolicy,
  UpdateRole: updateRole,
};

/** Whatever does not only read makes a new version of the state, also where it fails half-way. */
const counted = (name: string, action: Action<Identities>): Action<Identities> =>
  /^(Get|List)/.test(name)
    ? action
    : (input, state, context) => {
        try {
          return action(input, state, context);
        } finally {
          state.version++;
        }
      };

export const iam: Service<Identities> = {
  name: 'iam',
  global: true,
  create: createIdentities,
  actions: Object.fromEntries(Object.entries(actions).map(([name, action]) => [name, counted(name, action)])),
};
