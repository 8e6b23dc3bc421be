/** Tags of roles and of policies. */
import type {
  ListPolicyTagsRequest,
  ListPolicyTagsResponse,
  ListRoleTagsRequest,
  ListRoleTagsResponse,
  Tag,
  TagPolicyRequest,
  TagRoleRequest,
  UntagPolicyRequest,
  UntagRoleRequest,
} from '@aws-sdk/client-iam';
import { type Action, refuseUnknown } from '../service.ts';
import { PAGE, page } from './pages.ts';
import { type Identities, invalid, overQuota, policyAt, roleNamed } from './state.ts';

export const tagsOf = (tags: Map<string, string>): Tag[] => [...tags].map(([Key, Value]) => ({ Key, Value }));

/** Adds tags to those there: at most 50 in all, keys of 1 to 128 characters, values of up to 256. */
export function addTags(tags: Map<string, string>, added: readonly Tag[] = []): void {
  for (const { Key: key = '', Value: value = '' } of added) {
    if (key.length < 1 || key.length > 128 || value.length > 256) throw invalid(`Invalid tag ${key}`);
    if (key.toLowerCase().startsWith('aws:')) throw invalid(`Tag keys beginning with aws: are reserved: ${key}`);
  }
  const keys = new Set([...tags.keys(), ...added.map((tag) => tag.Key)]);
  if (keys.size > 50) throw overQuota('Cannot exceed quota for TagsPerResource: 50');
  for (const { Key: key, Value: value } of added) tags.set(key!, value ?? '');
}

export const tagRole: Action<Identities, TagRoleRequest, object> = (input, state) => {
  refuseUnknown('iam:TagRole', input, ['RoleName', 'Tags']);
  addTags(roleNamed(state, input.RoleName).tags, input.Tags);
  return {};
};

export const untagRole: Action<Identities, UntagRoleRequest, object> = (input, state) => {
  refuseUnknown('iam:UntagRole', input, ['RoleName', 'TagKeys']);
  for (const key of input.TagKeys ?? []) roleNamed(state, input.RoleName).tags.delete(key);
  return {};
};

export const listRoleTags: Action<Identities, ListRoleTagsRequest, ListRoleTagsResponse> = (input, state) => {
  refuseUnknown('iam:ListRoleTags', input, ['RoleName', ...PAGE]);
  const { items, rest } = page(tagsOf(roleNamed(state, input.RoleName).tags), input);
  return { Tags: items, ...rest };
};

export const tagPolicy: Action<Identities, TagPolicyRequest, object> = (input, state) => {
  refuseUnknown('iam:TagPolicy', input, ['PolicyArn', 'Tags']);
  addTags(policyAt(state, input.PolicyArn).tags, input.Tags);
  return {};
};

export const untagPolicy: Action<Identities, UntagPolicyRequest, object> = (input, state) => {
  refuseUnknown('iam:UntagPolicy', input, ['PolicyArn', 'TagKeys']);
  for (const key of input.TagKeys ?? []) policyAt(state, input.PolicyArn).tags.delete(key);
  return {};
};

export const listPolicyTags: Action<Identities, ListPolicyTagsRequest, ListPolicyTagsResponse> = (input, state) => {
  refuseUnknown('iam:ListPolicyTags', input, ['PolicyArn', ...PAGE]);
  const { items, rest } = page(tagsOf(policyAt(state, input.PolicyArn).tags), input);
  return { Tags: items, ...rest };
};
