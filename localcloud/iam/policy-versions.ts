/** Versions of managed policies: a change is a new version, and one of them is the default that counts. */
import type {
  CreatePolicyVersionRequest,
  CreatePolicyVersionResponse,
  DeletePolicyVersionRequest,
  GetPolicyVersionRequest,
  GetPolicyVersionResponse,
  ListPolicyVersionsRequest,
  ListPolicyVersionsResponse,
  PolicyVersion,
  SetDefaultPolicyVersionRequest,
} from '@aws-sdk/client-iam';
import { type Action, refuseUnknown } from '../service.ts';
import { encode, parseDocument, type StoredDocument, sizeOf } from './documents.ts';
import { PAGE, page } from './pages.ts';
import {
  conflict,
  type Identities,
  overQuota,
  policyAt,
  type StoredPolicy,
  type StoredVersion,
  versionAt,
} from './state.ts';

/** A managed policy holds 6,144 characters (IAM quotas). */
export function managedDocument(text = ''): StoredDocument {
  if (sizeOf(text) > 6144) throw overQuota('Cannot exceed quota for PolicySize: 6144');
  return parseDocument(text, 'identity');
}

const brief = (policy: StoredPolicy, version: StoredVersion): PolicyVersion => ({
  VersionId: version.id,
  IsDefaultVersion: version.id === policy.defaultVersion,
  CreateDate: new Date(version.created),
});

export const createPolicyVersion: Action<Identities, CreatePolicyVersionRequest, CreatePolicyVersionResponse> = (
  input,
  state,
  context,
) => {
  refuseUnknown('iam:CreatePolicyVersion', input, ['PolicyArn', 'PolicyDocument', 'SetAsDefault']);
  const policy = policyAt(state, input.PolicyArn);
  const document = managedDocument(input.PolicyDocument);
  if (policy.versions.size >= 5) {
    throw overQuota(
      'A managed policy can have up to 5 versions. Before you create a new version, you must delete an existing version.',
    );
  }
  const version = { id: `v${policy.nextVersion}`, created: context.now, document };
  policy.nextVersion += 1;
  policy.versions.set(version.id, version);
  if (String(input.SetAsDefault) === 'true') policy.defaultVersion = version.id;
  policy.updated = context.now;
  return { PolicyVersion: brief(policy, version) };
};

export const getPolicyVersion: Action<Identities, GetPolicyVersionRequest, GetPolicyVersionResponse> = (
  input,
  state,
) => {
  refuseUnknown('iam:GetPolicyVersion', input, ['PolicyArn', 'VersionId']);
  const { policy, version } = versionAt(state, input.PolicyArn, input.VersionId);
  return { PolicyVersion: { ...brief(policy, version), Document: encode(version.document.text) } };
};

export const listPolicyVersions: Action<Identities, ListPolicyVersionsRequest, ListPolicyVersionsResponse> = (
  input,
  state,
) => {
  refuseUnknown('iam:ListPolicyVersions', input, ['PolicyArn', ...PAGE]);
  const policy = policyAt(state, input.PolicyArn);
  const { items, rest } = page([...policy.versions.values()].reverse(), input);
  return { Versions: items.map((version) => brief(policy, version)), ...rest };
};

export const setDefaultPolicyVersion: Action<Identities, SetDefaultPolicyVersionRequest, object> = (input, state) => {
  refuseUnknown('iam:SetDefaultPolicyVersion', input, ['PolicyArn', 'VersionId']);
  const { policy, version } = versionAt(state, input.PolicyArn, input.VersionId);
  policy.defaultVersion = version.id;
  return {};
};

export const deletePolicyVersion: Action<Identities, DeletePolicyVersionRequest, object> = (input, state) => {
  refuseUnknown('iam:DeletePolicyVersion', input, ['PolicyArn', 'VersionId']);
  const { policy, version } = versionAt(state, input.PolicyArn, input.VersionId);
  if (version.id === policy.defaultVersion) throw conflict('Cannot delete the default version of a policy.');
  policy.versions.delete(version.id);
  return {};
};
