/**
 * Access keys: who issues them, and whose they are. Lambda gives each execution environment a session of its
 * function's role; the HTTP front looks up the key that a request was signed with.
 */
import { administrator, type Cloud, GLOBAL } from '../cloud.ts';
import type { Context, Principal } from '../service.ts';
import type { Sessions } from './state.ts';

/** The key pair that stands for the administrator of the account, as in most local set-ups. */
export const ADMINISTRATOR_KEY = { accessKeyId: 'test', secretAccessKey: 'test' } as const;

/** What a caller signs with. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

/** Which session to make. */
export interface SessionRequest {
  /** Name or ARN of the role. */
  readonly role: string;
  /** The session's name: 2 to 64 of letters, digits and `_+=,.@-`. */
  readonly session: string;
  /** Milliseconds since 1970; default: never. */
  readonly expiresAt?: number;
}

/** What is known of an access key. */
export interface KnownKey {
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly principal: Principal;
}

/**
 * Issues credentials for a session of a role. Only services may: an action that acts for somebody else asks as the
 * service `sts.amazonaws.com`, and must have judged first whether that somebody may have the role.
 */
export function issueCredentials(context: Context, request: SessionRequest): Credentials {
  const asks: Principal =
    context.principal.kind === 'service'
      ? context.principal
      : { kind: 'service', account: context.account, service: 'sts.amazonaws.com' };
  return context.call<Credentials>({ service: 'sts', action: 'IssueSessionCredentials', input: request, as: asks });
}

/** Whose key this is; undefined when it is unknown or its session is over. */
export function lookUp(cloud: Cloud, accessKeyId: string): KnownKey | undefined {
  if (accessKeyId === ADMINISTRATOR_KEY.accessKeyId) {
    return { secretAccessKey: ADMINISTRATOR_KEY.secretAccessKey, principal: administrator };
  }
  const { sessions } = cloud.state<Sessions>('sts', GLOBAL);
  const found = sessions.get(accessKeyId);
  if (!found) return undefined;
  if (found.expiresAt !== undefined && found.expiresAt <= cloud.now()) {
    sessions.delete(accessKeyId);
    return undefined;
  }
  const { secretAccessKey, sessionToken, principal } = found;
  return { secretAccessKey, sessionToken, principal };
}

/** The name in a role's ARN (which may contain a path), or the name itself. */
export const roleName = (role: string): string => role.slice(role.lastIndexOf('/') + 1);

/** The principal that a session of a role is. */
export const sessionPrincipal = (account: string, role: string, session: string): Principal => ({
  kind: 'role',
  account,
  arn: `arn:aws:sts::${account}:assumed-role/${roleName(role)}/${session}`,
  role: roleName(role),
  session,
});
