/** Tags of parameters: put on, taken off, listed. */
import type {
  AddTagsToResourceRequest,
  AddTagsToResourceResult,
  ListTagsForResourceRequest,
  ListTagsForResourceResult,
  RemoveTagsFromResourceRequest,
  RemoveTagsFromResourceResult,
  Tag,
} from '@aws-sdk/client-ssm';
import { type Action, refuseUnknown, ServiceError } from '../service.ts';
import { type Parameter, type Parameters, unsupported } from './state.ts';

/** What else of Systems Manager has tags (API reference, AddTagsToResource). */
const OTHERS = [
  'Association',
  'Automation',
  'Document',
  'MaintenanceWindow',
  'ManagedInstance',
  'OpsItem',
  'OpsMetadata',
  'PatchBaseline',
];
const MOST_TAGS = 50;

export const addTagsToResource: Action<Parameters, AddTagsToResourceRequest, AddTagsToResourceResult> = (
  input,
  state,
) => {
  refuseUnknown('ssm:AddTagsToResource', input, ['ResourceType', 'ResourceId', 'Tags']);
  tag(tagged(state, input), input.Tags ?? []);
  return {};
};

export const removeTagsFromResource: Action<Parameters, RemoveTagsFromResourceRequest, RemoveTagsFromResourceResult> = (
  input,
  state,
) => {
  refuseUnknown('ssm:RemoveTagsFromResource', input, ['ResourceType', 'ResourceId', 'TagKeys']);
  const { tags } = tagged(state, input);
  for (const key of input.TagKeys ?? []) tags.delete(key);
  return {};
};

export const listTagsForResource: Action<Parameters, ListTagsForResourceRequest, ListTagsForResourceResult> = (
  input,
  state,
) => {
  refuseUnknown('ssm:ListTagsForResource', input, ['ResourceType', 'ResourceId']);
  return { TagList: [...tagged(state, input).tags].map(([Key, Value]) => ({ Key, Value })) };
};

function tagged(
  state: Parameters,
  input: { ResourceType?: string | undefined; ResourceId?: string | undefined },
): Parameter {
  const { ResourceType: type = '', ResourceId: id = '' } = input;
  if (OTHERS.includes(type)) throw unsupported(`tags of resources of the type ${type}; it knows Parameter`);
  if (type !== 'Parameter') throw new ServiceError('InvalidResourceType', 'Invalid Resource Type');
  const found = state.parameters.get(id);
  if (found) return found;
  throw new ServiceError('InvalidResourceId', 'Invalid Resource Id');
}

/**
 * All or none.
 * @throws ServiceError `TooManyTagsError`
 */
export function tag({ tags }: Parameter, added: readonly Tag[]): void {
  if (new Set([...tags.keys(), ...added.map(({ Key }) => Key!)]).size > MOST_TAGS) {
    throw new ServiceError('TooManyTagsError', `A resource can have at most ${MOST_TAGS} tags.`);
  }
  for (const { Key, Value } of added) tags.set(Key!, Value!);
}
