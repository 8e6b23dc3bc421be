/** Tags of keys. */
import type {
  ListResourceTagsRequest,
  ListResourceTagsResponse,
  Tag,
  TagResourceRequest,
  UntagResourceRequest,
} from '@aws-sdk/client-kms';
import { type Action, refuseUnknown, ServiceError } from '../service.ts';
import { PAGE, page } from './pages.ts';
import { keyById, refusePending } from './resolve.ts';
import type { Keys } from './state.ts';

/** Adds tags to those there, at most 50 in all. */
export function addTags(tags: Map<string, string>, added: readonly Tag[] = []): void {
  for (const { TagKey: key = '', TagValue: value = '' } of added) {
    const reserved = key.toLowerCase().startsWith('aws:');
    if (key === '' || key.length > 128 || value.length > 256 || reserved) {
      throw new ServiceError('TagException', `Invalid tag ${key}`);
    }
  }
  if (new Set(added.map((tag) => tag.TagKey)).size < added.length)
    throw new ServiceError('TagException', 'Duplicate tag keys');
  if (new Set([...tags.keys(), ...added.map((tag) => tag.TagKey)]).size > 50) {
    throw new ServiceError('LimitExceededException', 'A key has at most 50 tags');
  }
  for (const { TagKey: key, TagValue: value } of added) tags.set(key!, value ?? '');
}

export const tagResource: Action<Keys, TagResourceRequest, object> = (input, state, context) => {
  refuseUnknown('kms:TagResource', input, ['KeyId', 'Tags']);
  const key = keyById(state, input.KeyId, context.now);
  refusePending(key);
  addTags(key.tags, input.Tags);
  return {};
};

export const untagResource: Action<Keys, UntagResourceRequest, object> = (input, state, context) => {
  refuseUnknown('kms:UntagResource', input, ['KeyId', 'TagKeys']);
  const key = keyById(state, input.KeyId, context.now);
  refusePending(key);
  const reserved = (input.TagKeys ?? []).find((name) => name.toLowerCase().startsWith('aws:'));
  if (reserved !== undefined) throw new ServiceError('TagException', `Invalid tag ${reserved}`);
  for (const name of input.TagKeys ?? []) key.tags.delete(name);
  return {};
};

export const listResourceTags: Action<Keys, ListResourceTagsRequest, ListResourceTagsResponse> = (
  input,
  state,
  context,
) => {
  refuseUnknown('kms:ListResourceTags', input, ['KeyId', ...PAGE]);
  const { tags } = keyById(state, input.KeyId, context.now);
  const { items, rest } = page([...tags], input, 50);
  return { Tags: items.map(([TagKey, TagValue]) => ({ TagKey, TagValue })), ...rest };
};
