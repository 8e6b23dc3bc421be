/** Tags of buses and rules. */
import type {
  ListTagsForResourceRequest,
  ListTagsForResourceResponse,
  Tag,
  TagResourceRequest,
  UntagResourceRequest,
} from '@aws-sdk/client-eventbridge';
import type { Action } from '../service.ts';
import { arnOf, type Events, findBus, findRule, invalid } from './state.ts';

export function setTags(state: Events, arn: string, tags: readonly Tag[] | undefined): void {
  if (tags === undefined) return;
  if (new Set(tags.map((tag) => tag.Key)).size < tags.length)
    invalid('Invalid parameter: Duplicated keys are not allowed.');
  const kept = state.tags.get(arn) ?? new Map<string, string>();
  for (const { Key, Value } of tags) kept.set(Key!, Value!);
  state.tags.set(arn, kept);
}

export const tagResource: Action<Events, TagResourceRequest, object> = (input, state) => {
  setTags(state, existing(state, input.ResourceARN), input.Tags ?? []);
  return {};
};

export const untagResource: Action<Events, UntagResourceRequest, object> = (input, state) => {
  const tags = state.tags.get(existing(state, input.ResourceARN));
  for (const key of input.TagKeys ?? []) tags?.delete(key);
  return {};
};

export const listTagsForResource: Action<Events, ListTagsForResourceRequest, ListTagsForResourceResponse> = (
  input,
  state,
) => {
  const tags = state.tags.get(existing(state, input.ResourceARN)) ?? new Map<string, string>();
  return { Tags: [...tags].map(([Key, Value]) => ({ Key, Value })) };
};

/** The ARN, if it is that of a bus or a rule there is. */
function existing(state: Events, arn = ''): string {
  const [kind, ...path] = arn.startsWith(arnOf(state, '')) ? arn.slice(arnOf(state, '').length).split('/') : [];
  if (kind === 'event-bus') findBus(state, path.join('/'));
  else if (kind === 'rule') findRule(state, path.pop()!, path.length > 0 ? path.join('/') : 'default');
  else invalid(`Parameter ${arn} is not valid. Reason: Provided Arn is not in correct format.`);
  return arn;
}
