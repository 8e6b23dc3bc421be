import type { GetRoleResponse } from '@aws-sdk/client-iam';
import type { AssumeRoleRequest, AssumeRoleResponse } from '@aws-sdk/client-sts';
import { type Action, type Context, isServiceError, refuseUnknown, ServiceError } from '../service.ts';
import { issueCredentials, roleName, sessionPrincipal } from './credentials.ts';
import type { Sessions } from './state.ts';

// Session policies and tags would narrow or colour what the session may do: refused, for ignoring them would widen it.
const MEMBERS = ['RoleArn', 'RoleSessionName', 'DurationSeconds', 'ExternalId'];
const HOUR = 3600;

/** AssumeRole. Whether the trust policy lets the caller in is judged by the gate; here the role must exist. */
export const assumeRole: Action<Sessions, AssumeRoleRequest, AssumeRoleResponse> = (input, _state, context) => {
  refuseUnknown('sts:AssumeRole', input, MEMBERS);
  const { RoleArn: arn = '', RoleSessionName: session = '' } = input;
  if (!/^arn:aws[a-z-]*:iam::\d{12}:role\/.+$/.test(arn)) throw invalid(`${arn} is invalid`);
  checkSessionName(session);
  const { RoleId: id, MaxSessionDuration: longest = HOUR } = existingRole(arn, context);
  const seconds = duration(Number(input.DurationSeconds ?? HOUR), longest, context);
  const expiresAt = context.now + 1000 * seconds;
  const keys = issueCredentials(context, { role: arn, session, expiresAt });
  return {
    Credentials: {
      AccessKeyId: keys.accessKeyId,
      SecretAccessKey: keys.secretAccessKey,
      SessionToken: keys.sessionToken,
      Expiration: new Date(expiresAt),
    },
    AssumedRoleUser: {
      AssumedRoleId: `${id}:${session}`,
      Arn: (sessionPrincipal(context.account, arn, session) as { arn: string }).arn,
    },
  };
};

const invalid = (message: string) => new ServiceError('ValidationError', message);

const unfit = (value: unknown, member: string, constraint: string) =>
  invalid(`1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: ${constraint}`);

/** The texts are AWS's, as recorded. */
function checkSessionName(name: string): void {
  const member = 'roleSessionName';
  if (!/^[\w+=,.@-]*$/.test(name)) {
    throw unfit(name, member, 'Member must satisfy regular expression pattern: [\\w+=,.@-]*');
  }
  if (name.length < 2) throw unfit(name, member, 'Member must have length greater than or equal to 2');
  if (name.length > 64) throw unfit(name, member, 'Member must have length less than or equal to 64');
}

/** AWS does not tell a caller whether a role is missing or forbidden: both are AccessDenied. */
function existingRole(arn: string, context: Context) {
  const denied = () => {
    const who = context.principal.kind === 'service' ? context.principal.service : context.principal.arn;
    return new ServiceError(
      'AccessDenied',
      `User: ${who} is not authorized to perform: sts:AssumeRole on resource: ${arn}`,
      {
        status: 403,
      },
    );
  };
  try {
    const { Role } = context.call<GetRoleResponse>({
      service: 'iam',
      action: 'GetRole',
      input: { RoleName: roleName(arn) },
      as: { kind: 'service', account: context.account, service: 'sts.amazonaws.com' },
    });
    if (Role?.Arn !== arn) throw denied();
    return Role;
  } catch (error) {
    if (isServiceError(error) && error.code === 'NoSuchEntity') throw denied();
    throw error;
  }
}

/** 15 minutes to the role's maximum; one hour where a role assumes a role (STS API reference, AssumeRole, "role chaining"). */
function duration(seconds: number, longest: number, context: Context): number {
  if (seconds < 900) {
    throw unfit(seconds, 'durationSeconds', 'Member must have value greater than or equal to 900');
  }
  if (seconds > 43_200) throw unfit(seconds, 'durationSeconds', 'Member must have value less than or equal to 43200');
  if (context.principal.kind === 'role' && seconds > HOUR) {
    throw invalid('The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.');
  }
  if (seconds > longest)
    throw invalid('The requested DurationSeconds exceeds the MaxSessionDuration set for this role.');
  return seconds;
}
