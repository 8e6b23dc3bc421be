import type {
  DeleteResourcePolicyInput,
  GetResourcePolicyInput,
  GetResourcePolicyOutput,
  PutResourcePolicyInput,
} from '@aws-sdk/client-dynamodb';
import { type Action, refuseUnknown, ServiceError } from '../service.ts';
import type { Tables } from './state.ts';
import { tableByArn } from './tags.ts';
import type { OnWire } from './values.ts';

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_PutResourcePolicy.html */
export const putResourcePolicy: Action<Tables, OnWire<PutResourcePolicyInput>, object> = (input, state) => {
  refuseUnknown('PutResourcePolicy', input, ['ResourceArn', 'Policy']);
  tableByArn(state, input.ResourceArn!).policy = input.Policy;
  return {};
};

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_GetResourcePolicy.html */
export const getResourcePolicy: Action<Tables, OnWire<GetResourcePolicyInput>, OnWire<GetResourcePolicyOutput>> = (
  input,
  state,
) => {
  refuseUnknown('GetResourcePolicy', input, ['ResourceArn']);
  const { policy } = tableByArn(state, input.ResourceArn!);
  if (policy === undefined) {
    throw new ServiceError(
      'PolicyNotFoundException',
      `Resource-based policy not found for the provided ResourceArn: ${input.ResourceArn}`,
    );
  }
  return { Policy: policy };
};

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteResourcePolicy.html */
export const deleteResourcePolicy: Action<Tables, OnWire<DeleteResourcePolicyInput>, object> = (input, state) => {
  refuseUnknown('DeleteResourcePolicy', input, ['ResourceArn']);
  tableByArn(state, input.ResourceArn!).policy = undefined;
  return {};
};
