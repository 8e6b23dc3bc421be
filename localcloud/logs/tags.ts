/** Tags of log groups. */
import type {
  ListTagsForResourceRequest,
  ListTagsForResourceResponse,
  TagResourceRequest,
  UntagResourceRequest,
} from '@aws-sdk/client-cloudwatch-logs';
import { type Action, refuseUnknown, ServiceError } from '../service.ts';
import { groupNamed, invalid, type Logs } from './state.ts';

/** Adds tags to those there, at most 50 in all. */
export function addTags(tags: Map<string, string>, added: Readonly<Record<string, string>> = {}): void {
  for (const [key, value] of Object.entries(added)) {
    const reserved = key.toLowerCase().startsWith('aws:');
    if (key === '' || key.length > 128 || value.length > 256 || reserved) throw invalid(`Invalid tag ${key}`);
  }
  if (new Set([...tags.keys(), ...Object.keys(added)]).size > 50) {
    throw new ServiceError('TooManyTagsException', 'A resource has at most 50 tags');
  }
  for (const [key, value] of Object.entries(added)) tags.set(key, value);
}

export const tagResource: Action<Logs, TagResourceRequest, object> = (input, state) => {
  refuseUnknown('logs:TagResource', input, ['resourceArn', 'tags']);
  addTags(groupNamed(state, input.resourceArn, 'resourceArn').tags, input.tags);
  return {};
};

export const untagResource: Action<Logs, UntagResourceRequest, object> = (input, state) => {
  refuseUnknown('logs:UntagResource', input, ['resourceArn', 'tagKeys']);
  const { tags } = groupNamed(state, input.resourceArn, 'resourceArn');
  for (const key of input.tagKeys ?? []) tags.delete(key);
  return {};
};

export const listTagsForResource: Action<Logs, ListTagsForResourceRequest, ListTagsForResourceResponse> = (
  input,
  state,
) => {
  refuseUnknown('logs:ListTagsForResource', input, ['resourceArn']);
  return { tags: Object.fromEntries(groupNamed(state, input.resourceArn, 'resourceArn').tags) };
};
