/** Customer-managed policies. */
import type {
  CreatePolicyRequest,
  CreatePolicyResponse,
  DeletePolicyRequest,
  GetPolicyRequest,
  GetPolicyResponse,
  ListPoliciesRequest,
  ListPoliciesResponse,
  Policy,
} from '@aws-sdk/client-iam';
import { type Action, refuseUnknown } from '../service.ts';
import { identifier } from './identifiers.ts';
import { PAGE, page } from './pages.ts';
import { managedDocument } from './policy-versions.ts';
import { checkName, checkPath } from './roles.ts';
import {
  alreadyExists,
  conflict,
  type Identities,
  policyAt,
  rolesBoundBy,
  rolesWith,
  type StoredPolicy,
} from './state.ts';
import { addTags, tagsOf } from './tags.ts';

const describe = (state: Identities, policy: StoredPolicy, detail: 'full' | 'brief' = 'full'): Policy => ({
  PolicyName: policy.name,
  PolicyId: policy.id,
  Arn: policy.arn,
  Path: policy.path,
  DefaultVersionId: policy.defaultVersion,
  AttachmentCount: rolesWith(state, policy.arn).length,
  PermissionsBoundaryUsageCount: rolesBoundBy(state, policy.arn).length,
  IsAttachable: true,
  CreateDate: new Date(policy.created),
  UpdateDate: new Date(policy.updated),
  ...(detail === 'full' && policy.description !== undefined ? { Description: policy.description } : {}),
  ...(detail === 'full' ? { Tags: tagsOf(policy.tags) } : {}),
});

export const createPolicy: Action<Identities, CreatePolicyRequest, CreatePolicyResponse> = (input, state, context) => {
  refuseUnknown('iam:CreatePolicy', input, ['PolicyName', 'Path', 'PolicyDocument', 'Description', 'Tags']);
  const name = checkName(input.PolicyName, 'policyName', 128);
  const path = checkPath(input.Path);
  const arn = `arn:aws:iam::${state.account}:policy${path}${name}`;
  if ([...state.policies.values()].some((other) => other.name.toLowerCase() === name.toLowerCase())) {
    throw alreadyExists(`A policy called ${name} already exists. Duplicate names are not allowed.`);
  }
  const policy: StoredPolicy = {
    name,
    id: identifier('ANPA', name),
    arn,
    path,
    created: context.now,
    updated: context.now,
    description: input.Description,
    versions: new Map([['v1', { id: 'v1', created: context.now, document: managedDocument(input.PolicyDocument) }]]),
    defaultVersion: 'v1',
    nextVersion: 2,
    tags: new Map(),
  };
  addTags(policy.tags, input.Tags, 'as they are written');
  state.policies.set(arn, policy);
  // The answer to a creation says less than GetPolicy does.
  const Tags = policy.tags.size === 0 ? {} : { Tags: tagsOf(policy.tags) };
  return { Policy: { ...describe(state, policy, 'brief'), ...Tags } };
};

export const getPolicy: Action<Identities, GetPolicyRequest, GetPolicyResponse> = (input, state) => {
  refuseUnknown('iam:GetPolicy', input, ['PolicyArn']);
  return { Policy: describe(state, policyAt(state, input.PolicyArn)) };
};

/** ListPolicies: `Scope` AWS lists nothing, for the local cloud has no policies of AWS's own. */
export const listPolicies: Action<Identities, ListPoliciesRequest, ListPoliciesResponse> = (input, state) => {
  refuseUnknown('iam:ListPolicies', input, ['Scope', 'OnlyAttached', 'PathPrefix', ...PAGE]);
  const { Scope: scope = 'All', OnlyAttached: onlyAttached, PathPrefix: prefix = '/' } = input;
  const wanted = [...state.policies.values()].filter(
    (policy) =>
      scope !== 'AWS' &&
      policy.path.startsWith(prefix) &&
      (String(onlyAttached) !== 'true' || rolesWith(state, policy.arn).length > 0),
  );
  const { items, rest } = page(wanted, input);
  return { Policies: items.map((policy) => describe(state, policy, 'brief')), ...rest };
};

/** DeletePolicy: not while it is attached, bounds a role, or has further versions. */
export const deletePolicy: Action<Identities, DeletePolicyRequest, object> = (input, state) => {
  refuseUnknown('iam:DeletePolicy', input, ['PolicyArn']);
  const policy = policyAt(state, input.PolicyArn);
  if (rolesWith(state, policy.arn).length + rolesBoundBy(state, policy.arn).length > 0) {
    throw conflict('Cannot delete a policy attached to entities.');
  }
  if (policy.versions.size > 1) {
    throw conflict(
      "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy.",
    );
  }
  state.policies.delete(policy.arn);
  return {};
};
