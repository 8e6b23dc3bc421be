/** Resource policies and their revisions. What they allow is judged elsewhere. */
import { createHash } from 'node:crypto';
import type {
  DeleteResourcePolicyInput,
  DeleteResourcePolicyOutput,
  GetResourcePolicyInput,
  GetResourcePolicyOutput,
  PutResourcePolicyInput,
  PutResourcePolicyOutput,
} from '@aws-sdk/client-dynamodb';
import { type Action, refuseUnknown, ServiceError } from '../service.ts';
import type { Table, Tables } from './state.ts';
import { tableByArn } from './tags.ts';
import { invalid, type OnWire } from './values.ts';

/** Bytes, whitespace included. */
const LARGEST = 20 * 1024;
/** What a request expects where there is to be no policy yet. */
const NO_POLICY = 'NO_POLICY';

/** The same policy has the same revision. */
const revisionOf = (policy: string): string =>
  BigInt(`0x${createHash('sha256').update(policy).digest('hex').slice(0, 12)}`).toString();

const notFound = (arn: string | undefined) =>
  new ServiceError('PolicyNotFoundException', `Resource-based policy not found for the provided ResourceArn: ${arn}`);

/** @throws ServiceError PolicyNotFoundException */
function checkRevision({ policy, arn }: Table, expected: string | undefined): void {
  if (expected === undefined) return;
  const found = policy === undefined ? NO_POLICY : revisionOf(policy);
  if (expected !== found) throw notFound(arn);
}

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_PutResourcePolicy.html */
export const putResourcePolicy: Action<Tables, OnWire<PutResourcePolicyInput>, PutResourcePolicyOutput> = (
  input,
  state,
) => {
  refuseUnknown('PutResourcePolicy', input, [
    'ResourceArn',
    'Policy',
    'ExpectedRevisionId',
    'ConfirmRemoveSelfResourceAccess',
  ]);
  const table = tableByArn(state, input.ResourceArn);
  checkPolicy(input.Policy);
  checkRevision(table, input.ExpectedRevisionId);
  table.policy = input.Policy!;
  return { RevisionId: revisionOf(table.policy) };
};

/** @throws ServiceError ValidationException */
function checkPolicy(policy: string | undefined): void {
  if (policy === undefined) {
    throw invalid(
      "1 validation error detected: Value null at 'policy' failed to satisfy constraint: Member must not be null",
    );
  }
  if (Buffer.byteLength(policy) > LARGEST) throw invalid('Policy size exceeds the limit of 20 KB');
  let document: unknown;
  try {
    document = JSON.parse(policy);
  } catch {
    document = undefined;
  }
  if (typeof document !== 'object' || document === null) throw invalid('Policy is not valid JSON');
}

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_GetResourcePolicy.html */
export const getResourcePolicy: Action<Tables, OnWire<GetResourcePolicyInput>, GetResourcePolicyOutput> = (
  input,
  state,
) => {
  refuseUnknown('GetResourcePolicy', input, ['ResourceArn']);
  const { policy, arn } = tableByArn(state, input.ResourceArn);
  if (policy === undefined) throw notFound(arn);
  return { Policy: policy, RevisionId: revisionOf(policy) };
};

/**
 * Deleting what is not there is a success without a revision, unless a revision was expected.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteResourcePolicy.html
 */
export const deleteResourcePolicy: Action<Tables, OnWire<DeleteResourcePolicyInput>, DeleteResourcePolicyOutput> = (
  input,
  state,
) => {
  refuseUnknown('DeleteResourcePolicy', input, ['ResourceArn', 'ExpectedRevisionId']);
  const table = tableByArn(state, input.ResourceArn);
  checkRevision(table, input.ExpectedRevisionId);
  const { policy } = table;
  table.policy = undefined;
  return policy === undefined ? {} : { RevisionId: revisionOf(policy) };
};
