import { letters } from '../iam/identifiers.ts';
import { type Action, refuseUnknown, ServiceError } from '../service.ts';
import { type Credentials, roleName, type SessionRequest, sessionPrincipal } from './credentials.ts';
import type { Sessions } from './state.ts';

const MEMBERS = ['role', 'session', 'expiresAt'];

/** The cloud's own action, not one of AWS: makes a session's keys for a service. Keys are drawn from the dice, so that a run repeats to the letter. */
export const issueSessionCredentials: Action<Sessions, SessionRequest, Credentials> = (input, state, context) => {
  if (context.principal.kind !== 'service') {
    throw new ServiceError('AccessDenied', 'IssueSessionCredentials is for the services of the cloud; use AssumeRole', {
      status: 403,
    });
  }
  refuseUnknown('sts:IssueSessionCredentials', input, MEMBERS);
  const { role, session, expiresAt } = input;
  const draw = (what: string, bytes: number) =>
    Buffer.from(context.dice.hex(2 * bytes, 'sts', what, roleName(role), session), 'hex');
  const credentials = {
    // 20 characters that begin with ASIA for temporary keys, 40 of secret: what AWS SDKs and the CLI expect to see.
    accessKeyId: `ASIA${letters(draw('key', 16), 16)}`,
    secretAccessKey: draw('secret', 30).toString('base64'),
    sessionToken: draw('token', 60).toString('base64'),
  };
  state.sessions.set(credentials.accessKeyId, {
    secretAccessKey: credentials.secretAccessKey,
    sessionToken: credentials.sessionToken,
    principal: sessionPrincipal(context.account, role, session),
    ...(expiresAt === undefined ? {} : { expiresAt }),
  });
  return credentials;
};
