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
import {
  type Identities,
  invalid,
  invalidInput,
  noSuchEntity,
  overQuota,
  policyArn,
  roleNamed,
  type StoredPolicy,
} from './state.ts';

export const tagsOf = (tags: Map<string, string>): Tag[] => [...tags].map(([Key, Value]) => ({ Key, Value }));

/** Keys of a role's tags are the same whatever their letter case; those of a policy's are not. */
export type KeyCase = 'whatever their case' | 'as they are written';

/**
 * Adds tags to those there: at most 50 in all, keys of 1 to 128 characters, values of up to 256.
 * @throws ServiceError `ValidationError`, `InvalidInput` for a key that is there twice, `LimitExceeded`
 */
export function addTags(tags: Map<string, string>, added: readonly Tag[] = [], keyCase: KeyCase): void {
  const same = (key: string) => (keyCase === 'as they are written' ? key : key.toLowerCase());
  if (added.length > 50) throw constraint('tags', 'Member must have length less than or equal to 50');
  for (const [at, tag] of added.entries()) checkTag(tag, `tags.${at + 1}.member`);
  if (new Set(added.map(({ Key = '' }) => same(Key))).size < added.length) {
    const hint = keyCase === 'as they are written' ? '' : ' Please note that Tag keys are case insensitive.';
    throw invalidInput(`Duplicate tag keys found.${hint}`);
  }
  const next = new Map(tags);
  for (const { Key: key = '', Value: value = '' } of added) {
    for (const old of tags.keys()) if (same(old) === same(key)) next.delete(old);
    next.set(key, value);
  }
  if (next.size > 50) throw overQuota('Cannot exceed quota for TagsPerResource: 50');
  tags.clear();
  for (const [key, value] of next) tags.set(key, value);
}

const ALLOWED = '[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+';

function checkTag({ Key: key = '', Value: value = '' }: Tag, where: string): void {
  if (key === '') throw constraint(`${where}.key`, 'Member must have length greater than or equal to 1');
  if (key.length > 128) throw constraint(`${where}.key`, 'Member must have length less than or equal to 128');
  if (value.length > 256) throw constraint(`${where}.value`, 'Member must have length less than or equal to 256');
  if (!new RegExp(`^${ALLOWED}$`, 'u').test(key)) {
    throw constraint(`${where}.key`, `Member must satisfy regular expression pattern: ${ALLOWED}`);
  }
  if (key.toLowerCase().startsWith('aws:')) throw invalidInput(`Tag keys beginning with aws: are reserved: ${key}`);
}

const constraint = (where: string, rule: string) =>
  invalid(`1 validation error detected: Value at '${where}' failed to satisfy constraint: ${rule}`);

function taggedPolicy(state: Identities, arn: string | undefined): StoredPolicy {
  const policy = state.policies.get(policyArn(arn));
  if (policy) return policy;
  throw noSuchEntity(`Policy ${arn} was not found.`);
}

export const tagRole: Action<Identities, TagRoleRequest, object> = (input, state) => {
  refuseUnknown('iam:TagRole', input, ['RoleName', 'Tags']);
  addTags(roleNamed(state, input.RoleName).tags, input.Tags, 'whatever their case');
  return {};
};

export const untagRole: Action<Identities, UntagRoleRequest, object> = (input, state) => {
  refuseUnknown('iam:UntagRole', input, ['RoleName', 'TagKeys']);
  const { tags } = roleNamed(state, input.RoleName);
  const gone = new Set((input.TagKeys ?? []).map((key) => key.toLowerCase()));
  for (const key of [...tags.keys()]) if (gone.has(key.toLowerCase())) tags.delete(key);
  return {};
};

export const listRoleTags: Action<Identities, ListRoleTagsRequest, ListRoleTagsResponse> = (input, state) => {
  refuseUnknown('iam:ListRoleTags', input, ['RoleName', ...PAGE]);
  const { items, rest } = page(tagsOf(roleNamed(state, input.RoleName).tags), input);
  return { Tags: items, ...rest };
};

export const tagPolicy: Action<Identities, TagPolicyRequest, object> = (input, state) => {
  refuseUnknown('iam:TagPolicy', input, ['PolicyArn', 'Tags']);
  addTags(taggedPolicy(state, input.PolicyArn).tags, input.Tags, 'as they are written');
  return {};
};

export const untagPolicy: Action<Identities, UntagPolicyRequest, object> = (input, state) => {
  refuseUnknown('iam:UntagPolicy', input, ['PolicyArn', 'TagKeys']);
  const { tags } = taggedPolicy(state, input.PolicyArn);
  for (const key of input.TagKeys ?? []) tags.delete(key);
  return {};
};

export const listPolicyTags: Action<Identities, ListPolicyTagsRequest, ListPolicyTagsResponse> = (input, state) => {
  refuseUnknown('iam:ListPolicyTags', input, ['PolicyArn', ...PAGE]);
  const { items, rest } = page(tagsOf(taggedPolicy(state, input.PolicyArn).tags), input);
  return { Tags: items, ...rest };
};
