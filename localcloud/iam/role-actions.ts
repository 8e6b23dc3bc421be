/** Reading, changing and deleting roles. */
import type {
  DeleteRolePermissionsBoundaryRequest,
  DeleteRoleRequest,
  GetRoleRequest,
  GetRoleResponse,
  ListRolesRequest,
  ListRolesResponse,
  PutRolePermissionsBoundaryRequest,
  UpdateAssumeRolePolicyRequest,
  UpdateRoleRequest,
} from '@aws-sdk/client-iam';
import { type Action, refuseUnknown } from '../service.ts';
import { PAGE, page } from './pages.ts';
import { checkBoundary, checkSessionDuration, describeRole, trustDocument } from './roles.ts';
import { conflict, type Identities, noSuchEntity, roleNamed } from './state.ts';

export const getRole: Action<Identities, GetRoleRequest, GetRoleResponse> = (input, state) => {
  refuseUnknown('iam:GetRole', input, ['RoleName']);
  return { Role: describeRole(roleNamed(state, input.RoleName)) };
};

export const listRoles: Action<Identities, ListRolesRequest, ListRolesResponse> = (input, state) => {
  refuseUnknown('iam:ListRoles', input, ['PathPrefix', ...PAGE]);
  const { PathPrefix: prefix = '/' } = input;
  const roles = [...state.roles.values()].filter((role) => role.path.startsWith(prefix));
  const { items, rest } = page(
    roles.sort((a, b) => (a.name < b.name ? -1 : 1)),
    input,
  );
  return { Roles: items.map((role) => describeRole(role, 'brief')), ...rest };
};

/** DeleteRole: only a role without policies can be deleted. */
export const deleteRole: Action<Identities, DeleteRoleRequest, object> = (input, state) => {
  refuseUnknown('iam:DeleteRole', input, ['RoleName']);
  const role = roleNamed(state, input.RoleName);
  if (role.attached.size > 0) throw conflict('Cannot delete entity, must detach all policies first.');
  if (role.inline.size > 0) throw conflict('Cannot delete entity, must delete policies first.');
  state.roles.delete(role.name);
  return {};
};

export const updateRole: Action<Identities, UpdateRoleRequest, object> = (input, state) => {
  refuseUnknown('iam:UpdateRole', input, ['RoleName', 'Description', 'MaxSessionDuration']);
  const role = roleNamed(state, input.RoleName);
  if (input.MaxSessionDuration !== undefined) role.maxSessionDuration = checkSessionDuration(input.MaxSessionDuration);
  if (input.Description !== undefined) role.description = input.Description;
  return {};
};

export const updateAssumeRolePolicy: Action<Identities, UpdateAssumeRolePolicyRequest, object> = (input, state) => {
  refuseUnknown('iam:UpdateAssumeRolePolicy', input, ['RoleName', 'PolicyDocument']);
  roleNamed(state, input.RoleName).trust = trustDocument(input.PolicyDocument);
  return {};
};

export const putRolePermissionsBoundary: Action<Identities, PutRolePermissionsBoundaryRequest, object> = (
  input,
  state,
) => {
  refuseUnknown('iam:PutRolePermissionsBoundary', input, ['RoleName', 'PermissionsBoundary']);
  roleNamed(state, input.RoleName).boundary = checkBoundary(state, input.PermissionsBoundary ?? '');
  return {};
};

export const deleteRolePermissionsBoundary: Action<Identities, DeleteRolePermissionsBoundaryRequest, object> = (
  input,
  state,
) => {
  refuseUnknown('iam:DeleteRolePermissionsBoundary', input, ['RoleName']);
  const role = roleNamed(state, input.RoleName);
  if (role.boundary === undefined) throw noSuchEntity(`Role ${role.name} does not have a permissions boundary`);
  role.boundary = undefined;
  return {};
};
