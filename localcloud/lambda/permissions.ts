/** A function's own policy: who else may invoke it. Statements are kept as IAM reads them. */
import type {
  AddPermissionRequest,
  AddPermissionResponse,
  GetPolicyRequest,
  GetPolicyResponse,
  RemovePermissionRequest,
} from '@aws-sdk/client-lambda';
import { type Action, type Context, refuseUnknown, ServiceError } from '../service.ts';
import { findFunction, findVersion, invalid, parseFunctionName, qualifiedArn } from './names.ts';
import { checkRevision } from './revisions.ts';
import type { Lambda, LambdaFunction, Permission } from './state.ts';

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
  checkRevision(input.RevisionId, found.policyRevisions.get(qualifier), 'GetPolicy');
  refuseLong(found, { qualifier, statement });
  found.policy.push({ qualifier, statement });
  revise(found, qualifier, context);
  return { Statement: JSON.stringify(statement) };
};

export const removePermission: Action<Lambda, RemovePermissionRequest, object> = (input, state, context) => {
  refuseUnknown('lambda:RemovePermission', input, ['FunctionName', 'StatementId', 'Qualifier', 'RevisionId']);
  const { name, qualifier } = parseFunctionName(input.FunctionName, input.Qualifier);
  const found = findFunction(state, context, name);
  const { policy } = found;
  if (!policy.some((other) => other.qualifier === qualifier)) {
    throw new ServiceError('ResourceNotFoundException', 'No policy is associated with the given resource.', {
      status: 404,
    });
  }
  checkRevision(input.RevisionId, found.policyRevisions.get(qualifier), 'GetPolicy');
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
  revise(found, qualifier, context);
  return {};
};

export const getPolicy: Action<Lambda, GetPolicyRequest, GetPolicyResponse> = (input, state, context) => {
  refuseUnknown('lambda:GetPolicy', input, ['FunctionName', 'Qualifier']);
  const { name, qualifier } = parseFunctionName(input.FunctionName, input.Qualifier);
  const found = findFunction(state, context, name);
  const document = functionPolicy(found, qualifier);
  if (document) return { Policy: JSON.stringify(document), RevisionId: found.policyRevisions.get(qualifier)! };
  throw new ServiceError('ResourceNotFoundException', 'The resource you requested does not exist.', { status: 404 });
};

/** The policy document of a function, version or alias; undefined where nobody was given permission. */
export function functionPolicy(
  found: Pick<LambdaFunction, 'policy'>,
  qualifier: string | undefined,
): object | undefined {
  const statements = found.policy.filter((one) => one.qualifier === qualifier).map((one) => one.statement);
  return statements.length === 0 ? undefined : { Version: '2012-10-17', Id: 'default', Statement: statements };
}

const revise = (found: LambdaFunction, qualifier: string | undefined, context: Context) =>
  found.policyRevisions.set(qualifier, context.dice.uuid('lambda', 'policy', context.region, found.name));

/** "Function resource-based policy: 20 KB" (Lambda quotas). */
const LONGEST = 20_480;

function refuseLong(found: LambdaFunction, added: Permission): void {
  const size = JSON.stringify(functionPolicy({ policy: [...found.policy, added] }, added.qualifier)).length;
  if (size <= LONGEST) return;
  throw new ServiceError(
    'PolicyLengthExceededException',
    `The final policy size (${size}) is bigger than the limit (${LONGEST}).`,
  );
}

/** @throws ServiceError `InvalidParameterValueException` unless it is a service, an account, an identity or everybody */
function principalOf(principal: string): string | object {
  if (principal === '*') return '*';
  if (/^[a-z0-9-]+(\.[a-z0-9-]+)*\.amazonaws\.com$/.test(principal)) return { Service: principal };
  if (/^\d{12}$/.test(principal)) return { AWS: `arn:aws:iam::${principal}:root` };
  if (/^arn:aws:(iam|sts)::\d{12}:.+$/.test(principal)) return { AWS: principal };
  throw invalid('The provided principal was invalid. Please check the principal and try again.');
}
