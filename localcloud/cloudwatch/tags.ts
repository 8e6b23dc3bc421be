/** Tags of alarms and dashboards. */
import type {
  ListTagsForResourceInput,
  ListTagsForResourceOutput,
  Tag,
  TagResourceInput,
  UntagResourceInput,
} from '@aws-sdk/client-cloudwatch';
import { type Action, refuseUnknown, ServiceError } from '../service.ts';
import type { Monitoring } from './state.ts';
import { invalid, invalidValue } from './time.ts';

/** Adds tags to those there, at most 50 in all. */
export function addTags(tags: Map<string, string>, added: readonly Tag[] = []): void {
  for (const { Key: key = '', Value: value = '' } of added) {
    if (key.toLowerCase().startsWith('aws:')) {
      throw new ServiceError('AccessDenied', 'The provided tag keys must not start with any case of "aws:"', {
        status: 403,
      });
    }
    if (key === '' || key.length > 128 || value.length > 256) throw invalidValue('Tags', key);
  }
  if (new Set([...tags.keys(), ...added.map((tag) => tag.Key)]).size > 50) {
    throw invalid('The resultant tag set must not have more than 50 user tags.');
  }
  for (const { Key: key, Value: value } of added) tags.set(key!, value ?? '');
}

export const tagResource: Action<Monitoring, TagResourceInput, object> = (input, state) => {
  refuseUnknown('monitoring:TagResource', input, ['ResourceARN', 'Tags']);
  addTags(tagsAt(state, input.ResourceARN), input.Tags);
  return {};
};

export const untagResource: Action<Monitoring, UntagResourceInput, object> = (input, state) => {
  refuseUnknown('monitoring:UntagResource', input, ['ResourceARN', 'TagKeys']);
  const tags = tagsAt(state, input.ResourceARN);
  for (const key of input.TagKeys ?? []) tags.delete(key);
  return {};
};

export const listTagsForResource: Action<Monitoring, ListTagsForResourceInput, ListTagsForResourceOutput> = (
  input,
  state,
) => {
  refuseUnknown('monitoring:ListTagsForResource', input, ['ResourceARN']);
  return { Tags: [...tagsAt(state, input.ResourceARN)].map(([Key, Value]) => ({ Key, Value })) };
};

function tagsAt(state: Monitoring, arn = ''): Map<string, string> {
  if (!arn.startsWith('arn:')) throw invalidValue('ResourceARN', arn);
  const dashboard = state.dashboardTags.get(arn);
  if (dashboard) return dashboard;
  for (const alarm of state.alarms.values()) if (alarm.arn === arn) return alarm.tags;
  throw new ServiceError('ResourceNotFoundException', `Resource ${arn} does not exist`, { status: 404 });
}
