/** A function's own policy: who else may invoke it. Statements are kept as IAM reads them. */
import type {
  AddPermissionRequest,
  AddPermissionResponse,
  GetPolicyRequest,
  GetPolicyResponse,
  RemovePermissionRequest,
} from '@aws-sdk/client-lambda';
import { type Action, refuseUnknown, ServiceError } from '../service.ts';
import { findFunction, findVersion, parseFunctionName, qualifiedArn } from './names.ts';
import type { Lambda, LambdaFunction } from './state.ts';

const MEMBERS = [
  'FunctionName',
  'StatementId',
  'Action',
  'Principal',
  'SourceArn',
  'SourceAccount',
  'Qualifier',
  'RevisionId',
];

export const addPermission: Action<Lambda, AddPermissionRequest, AddPermissionResponse> = (input, state, context) => {
  refuseUnknown('lambda:AddPermission', input, MEMBERS);
  const { name, qualifier } = parseFunctionName(input.FunctionName, input.Qualifier);
  const found = findFunction(state, context, name);
  findVersion(found, qualifier);
  const { StatementId: Sid = '', Principal = '', SourceArn, SourceAccount } = input;
  if (found.policy.some((other) => other.statement.Sid === Sid && other.qualifier === qualifier)) {
    throw new ServiceError(
      'ResourceConflictException',
      `The statement id (${Sid}) provided already exists. Please provide a new statement id, or remove the existing statement.`,
      { status: 409 },
    );
  }
  const conditions = {
    ...(SourceArn === undefined ? {} : { ArnLike: { 'AWS:SourceArn': SourceArn } }),
    ...(SourceAccount === undefined ? {} : { StringEquals: { 'AWS:SourceAccount': SourceAccount } }),
  };
  const statement = {
    Sid,
    Effect: 'Allow',
    Principal: principalOf(Principal),
    Action: input.Action,
    Resource: qualifiedArn(found, qualifier),
    ...(Object.keys(conditions).length > 0 ? { Condition: conditions } : {}),
  };
  found.policy.push({ qualifier, statement });
  return { Statement: JSON.stringify(statement) };
};

export const removePermission: Action<Lambda, RemovePermissionRequest, object> = (input, state, context) => {
  refuseUnknown('lambda:RemovePermission', input, ['FunctionName', 'StatementId', 'Qualifier', 'RevisionId']);
  const { name, qualifier } = parseFunctionName(input.FunctionName, input.Qualifier);
  const { policy } = findFunction(state, context, name);
  const at = policy.findIndex((other) => other.statement.Sid === input.StatementId && other.qualifier === qualifier);
  if (at < 0) {
    throw new ServiceError(
      'ResourceNotFoundException',
      `Statement ${input.StatementId} is not found in resource policy.`,
      {
        status: 404,
      },
    );
  }
  policy.splice(at, 1);
  return {};
};

export const getPolicy: Action<Lambda, GetPolicyRequest, GetPolicyResponse> = (input, state, context) => {
  refuseUnknown('lambda:GetPolicy', input, ['FunctionName', 'Qualifier']);
  const { name, qualifier } = parseFunctionName(input.FunctionName, input.Qualifier);
  const document = functionPolicy(findFunction(state, context, name), qualifier);
  if (document) return { Policy: JSON.stringify(document) };
  throw new ServiceError('ResourceNotFoundException', 'The resource you requested does not exist.', { status: 404 });
};

/** The policy document of a function, version or alias; undefined where nobody was given permission. */
export function functionPolicy(found: LambdaFunction, qualifier: string | undefined): object | undefined {
  const statements = found.policy.filter((one) => one.qualifier === qualifier).map((one) => one.statement);
  return statements.length === 0 ? undefined : { Version: '2012-10-17', Id: 'default', Statement: statements };
}

function principalOf(principal: string): string | object {
  if (principal === '*') return '*';
  if (/^[a-z0-9-]+(\.[a-z0-9-]+)*\.amazonaws\.com$/.test(principal)) return { Service: principal };
  return { AWS: /^\d{12}$/.test(principal) ? `arn:aws:iam::${principal}:root` : principal };
}
