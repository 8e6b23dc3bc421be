/** Policies written into a role. */
import type {
  DeleteRolePolicyRequest,
  GetRolePolicyRequest,
  GetRolePolicyResponse,
  ListRolePoliciesRequest,
  ListRolePoliciesResponse,
  PutRolePolicyRequest,
} from '@aws-sdk/client-iam';
import { type Action, refuseUnknown } from '../service.ts';
import { encode, parseDocument, type StoredDocument, sizeOf } from './documents.ts';
import { PAGE, page } from './pages.ts';
import { checkName } from './roles.ts';
import { type Identities, noSuchEntity, overQuota, roleNamed, type StoredRole } from './state.ts';

/** All inline policies of a role together hold 10,240 characters (IAM quotas). */
const INLINE_SIZE = 10_240;

export const putRolePolicy: Action<Identities, PutRolePolicyRequest, object> = (input, state) => {
  refuseUnknown('iam:PutRolePolicy', input, ['RoleName', 'PolicyName', 'PolicyDocument']);
  const role = roleNamed(state, input.RoleName);
  const name = checkName(input.PolicyName, 'policyName', 128);
  const document = parseDocument(input.PolicyDocument ?? '', 'identity');
  let size = sizeOf(document.text);
  for (const [other, { text }] of role.inline) if (other !== name) size += sizeOf(text);
  if (size > INLINE_SIZE) throw overQuota(`Maximum policy size of ${INLINE_SIZE} bytes exceeded for role ${role.name}`);
  role.inline.set(name, document);
  return {};
};

export const getRolePolicy: Action<Identities, GetRolePolicyRequest, GetRolePolicyResponse> = (input, state) => {
  refuseUnknown('iam:GetRolePolicy', input, ['RoleName', 'PolicyName']);
  const role = roleNamed(state, input.RoleName);
  const { text } = inlineNamed(role, input.PolicyName);
  return { RoleName: role.name, PolicyName: input.PolicyName, PolicyDocument: encode(text) };
};

export const listRolePolicies: Action<Identities, ListRolePoliciesRequest, ListRolePoliciesResponse> = (
  input,
  state,
) => {
  refuseUnknown('iam:ListRolePolicies', input, ['RoleName', ...PAGE]);
  const { items, rest } = page([...roleNamed(state, input.RoleName).inline.keys()].sort(), input);
  return { PolicyNames: items, ...rest };
};

export const deleteRolePolicy: Action<Identities, DeleteRolePolicyRequest, object> = (input, state) => {
  refuseUnknown('iam:DeleteRolePolicy', input, ['RoleName', 'PolicyName']);
  const role = roleNamed(state, input.RoleName);
  inlineNamed(role, input.PolicyName);
  role.inline.delete(input.PolicyName ?? '');
  return {};
};

function inlineNamed(role: StoredRole, name = ''): StoredDocument {
  const document = role.inline.get(name);
  if (document) return document;
  throw noSuchEntity(`The role policy with name ${name} cannot be found.`);
}
