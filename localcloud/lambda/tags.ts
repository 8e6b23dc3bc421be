/** Tags of functions and event source mappings. */
import type {
  ListTagsRequest,
  ListTagsResponse,
  TagResourceRequest,
  UntagResourceRequest,
} from '@aws-sdk/client-lambda';
import { type Action, type Context, refuseUnknown, ServiceError } from '../service.ts';
import { findFunction, invalid, parseFunctionName } from './names.ts';
import type { Lambda } from './state.ts';

export const tagResource: Action<Lambda, TagResourceRequest, object> = (input, state, context) => {
  refuseUnknown('lambda:TagResource', input, ['Resource', 'Tags']);
  const tags = tagsOf(input.Resource, state, context);
  const added = input.Tags ?? {};
  // "Maximum number of tags per resource: 50" (Lambda Developer Guide, "Using tags on Lambda functions").
  if (new Set([...tags.keys(), ...Object.keys(added)]).size > 50) {
    throw invalid('Number of tags exceeds resource tag limit.');
  }
  for (const [key, value] of Object.entries(added)) tags.set(key, value);
  return {};
};

export const untagResource: Action<Lambda, UntagResourceRequest, object> = (input, state, context) => {
  refuseUnknown('lambda:UntagResource', input, ['Resource', 'TagKeys']);
  const tags = tagsOf(input.Resource, state, context);
  for (const key of input.TagKeys ?? []) tags.delete(key);
  return {};
};

export const listTags: Action<Lambda, ListTagsRequest, ListTagsResponse> = (input, state, context) => {
  refuseUnknown('lambda:ListTags', input, ['Resource']);
  return { Tags: Object.fromEntries(tagsOf(input.Resource, state, context)) };
};

function tagsOf(arn: string | undefined, state: Lambda, context: Context): Map<string, string> {
  const uuid = /:event-source-mapping:(.+)$/.exec(arn ?? '')?.[1];
  if (uuid === undefined) return findFunction(state, context, parseFunctionName(arn).name).tags;
  const mapping = state.mappings.get(uuid);
  if (mapping) return mapping.tags;
  throw new ServiceError('ResourceNotFoundException', 'The resource you requested does not exist.', { status: 404 });
}
