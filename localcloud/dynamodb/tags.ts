import type {
  ListTagsOfResourceInput,
  ListTagsOfResourceOutput,
  TagResourceInput,
  UntagResourceInput,
} from '@aws-sdk/client-dynamodb';
import { type Action, refuseUnknown, ServiceError } from '../service.ts';
import type { Table, Tables } from './state.ts';
import { invalid, type OnWire } from './values.ts';

const MOST_TAGS = 50;

/** The table behind an ARN; here AWS does not take names. */
export function tableByArn(state: Tables, arn: string | undefined): Table {
  if (arn === undefined) throw invalid('Invalid TableArn');
  for (const table of state.byName.values()) if (table.arn === arn) return table;
  if (!/^arn:aws:dynamodb:[^:]+:[^:]+:table\/[A-Za-z0-9_.-]{3,255}$/.test(arn)) {
    throw invalid(`Invalid TableArn: Invalid ResourceArn provided as input ${arn}`);
  }
  throw new ServiceError('ResourceNotFoundException', `Requested resource not found: ResourcArn: ${arn} not found`);
}

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TagResource.html */
export const tagResource: Action<Tables, OnWire<TagResourceInput>, object> = (input, state) => {
  refuseUnknown('TagResource', input, ['ResourceArn', 'Tags']);
  const { tags } = tableByArn(state, input.ResourceArn);
  const all = new Map([...tags, ...input.Tags!.map(({ Key, Value }) => [Key!, Value!] as const)]);
  if (all.size > MOST_TAGS) throw invalid('One or more parameter values were invalid: Too many tags');
  for (const [key, value] of all) tags.set(key, value);
  return {};
};

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UntagResource.html */
export const untagResource: Action<Tables, OnWire<UntagResourceInput>, object> = (input, state) => {
  refuseUnknown('UntagResource', input, ['ResourceArn', 'TagKeys']);
  const { tags } = tableByArn(state, input.ResourceArn);
  for (const key of input.TagKeys!) tags.delete(key);
  return {};
};

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListTagsOfResource.html */
export const listTagsOfResource: Action<Tables, OnWire<ListTagsOfResourceInput>, OnWire<ListTagsOfResourceOutput>> = (
  input,
  state,
) => {
  refuseUnknown('ListTagsOfResource', input, ['ResourceArn']);
  return { Tags: [...tableByArn(state, input.ResourceArn).tags].map(([Key, Value]) => ({ Key, Value })) };
};
