import type { CreateRoleRequest, CreateRoleResponse } from '@aws-sdk/client-iam';
import { type Action, refuseUnknown } from '../service.ts';
import { identifier } from './identifiers.ts';
import { checkBoundary, checkName, checkPath, checkSessionDuration, describeRole, trustDocument } from './roles.ts';
import { alreadyExists, type Identities, type StoredRole } from './state.ts';
import { addTags } from './tags.ts';

const MEMBERS = [
  'RoleName',
  'Path',
  'AssumeRolePolicyDocument',
  'Description',
  'MaxSessionDuration',
  'PermissionsBoundary',
  'Tags',
];

/** CreateRole. Role names are unique in the account, whatever their path and letter case. */
export const createRole: Action<Identities, CreateRoleRequest, CreateRoleResponse> = (input, state, context) => {
  refuseUnknown('iam:CreateRole', input, MEMBERS);
  const name = checkName(input.RoleName, 'roleName', 64);
  const path = checkPath(input.Path);
  if ([...state.roles.keys()].some((other) => other.toLowerCase() === name.toLowerCase())) {
    throw alreadyExists(`Role with name ${name} already exists.`);
  }
  const role: StoredRole = {
    name,
    id: identifier('AROA', name),
    arn: `arn:aws:iam::${state.account}:role${path}${name}`,
    path,
    created: context.now,
    description: input.Description,
    maxSessionDuration: checkSessionDuration(input.MaxSessionDuration),
    trust: trustDocument(input.AssumeRolePolicyDocument),
    boundary: checkBoundary(state, input.PermissionsBoundary),
    inline: new Map(),
    attached: new Set(),
    tags: new Map(),
  };
  addTags(role.tags, input.Tags, 'whatever their case');
  state.roles.set(name, role);
  // The answer to a creation says less than GetRole does.
  const { MaxSessionDuration: _later, ...told } = describeRole(role);
  return { Role: told };
};
