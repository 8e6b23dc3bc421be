/** The policy of a bus: who else may put events on it. */
import type { PutPermissionRequest, RemovePermissionRequest } from '@aws-sdk/client-eventbridge';
import { type Action, isServiceError, refuseUnknown, ServiceError } from '../service.ts';
import { type Bus, checkName, type Events, findBus, invalid, notFound } from './state.ts';

/** Bytes of a bus's policy (EventBridge quotas, "Event bus policy size"). */
const LONGEST_POLICY = 10_240;

interface Statement {
  readonly Sid?: string;
  readonly [member: string]: unknown;
}

const statementsOf = (bus: Bus): Statement[] =>
  bus.policy === undefined ? [] : [JSON.parse(bus.policy).Statement].flat();

/** PutPermission: a whole policy, which replaces the old one, or one statement for one account. */
export const putPermission: Action<Events, PutPermissionRequest, object> = (input, state, context) => {
  refuseUnknown('events:PutPermission', input, [
    'EventBusName',
    'Policy',
    'Action',
    'Principal',
    'StatementId',
    'Condition',
  ]);
  const bus = findBus(state, input.EventBusName);
  bus.modifiedAt = context.now;
  if (input.Policy !== undefined) {
    bus.policy = readPolicy(input.Policy);
    return {};
  }
  const Sid = checkName(input.StatementId, 'statementId');
  if (input.Action !== 'events:PutEvents') invalid("Provided value in parameter 'action' is not supported.");
  if (!/^(\*|\d{12})$/.test(input.Principal ?? ''))
    invalid("Provided value in parameter 'principal' is not supported.");
  const statement = {
    Sid,
    Effect: 'Allow',
    Principal: input.Principal === '*' ? '*' : { AWS: `arn:aws:iam::${input.Principal}:root` },
    Action: input.Action,
    Resource: bus.arn,
    ...(input.Condition
      ? { Condition: { [input.Condition.Type!]: { [input.Condition.Key!]: input.Condition.Value } } }
      : {}),
  };
  write(bus, [...statementsOf(bus).filter((other) => other.Sid !== Sid), statement]);
  return {};
};

/** RemovePermission: one statement, or all of them. */
export const removePermission: Action<Events, RemovePermissionRequest, object> = (input, state, context) => {
  refuseUnknown('events:RemovePermission', input, ['EventBusName', 'StatementId', 'RemoveAllPermissions']);
  const bus = findBus(state, input.EventBusName);
  const statements = statementsOf(bus);
  const rest = input.RemoveAllPermissions ? [] : statements.filter((statement) => statement.Sid !== input.StatementId);
  if (!input.RemoveAllPermissions && rest.length === statements.length) {
    notFound('Statement with the provided id does not exist.');
  }
  bus.modifiedAt = context.now;
  write(bus, rest);
  return {};
};

function write(bus: Bus, statements: readonly Statement[]): void {
  if (statements.length === 0) delete bus.policy;
  else bus.policy = withinLimit(JSON.stringify({ Version: '2012-10-17', Statement: statements }));
}

/** @throws ServiceError `PolicyLengthExceededException` */
function withinLimit(policy: string): string {
  if (Buffer.byteLength(policy) <= LONGEST_POLICY) return policy;
  throw new ServiceError(
    'PolicyLengthExceededException',
    'The event bus policy is too long. For more information, see the limits.',
  );
}

function readPolicy(text: string): string {
  try {
    if (Array.isArray([JSON.parse(text).Statement].flat())) return withinLimit(text);
  } catch (error) {
    if (isServiceError(error)) throw error;
  }
  return invalid('Parameter Policy is not valid. Reason: it is not a JSON policy document.');
}
