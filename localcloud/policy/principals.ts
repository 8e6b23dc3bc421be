/** Who asks, as policies see it, and whether a statement's `Principal` means them. */
import type { Statement } from '../iam/documents.ts';
import { ServiceError } from '../service.ts';

export interface Caller {
  readonly kind: 'admin' | 'role' | 'service';
  readonly account: string;
  /** As messages name them: a user's or a session's ARN, or the service's name. */
  readonly name: string;
  /** `aws:PrincipalArn`: of the user, or of the role and not of its session. Services have none. */
  readonly arn: string | undefined;
  readonly sourceArn: string | undefined;
  readonly tags: ReadonlyMap<string, string> | undefined;
}

/**
 * How closely a `Principal` means a caller. It matters where the statement allows: to an account it only delegates, and
 * a grant to a session itself is not bounded by its role's boundary (IAM User Guide, "Policy evaluation logic").
 */
export type Closeness = 'not at all' | 'by account' | 'as anyone' | 'by role' | 'by itself';

export type PrincipalTest = (caller: Caller) => Closeness;

const order: readonly Closeness[] = ['not at all', 'by account', 'as anyone', 'by role', 'by itself'];

export const closer = (a: Closeness, b: Closeness): Closeness => (order.indexOf(a) >= order.indexOf(b) ? a : b);

/** @throws ServiceError `NotImplemented`, 501, for `NotPrincipal` and for principals that the local cloud does not have */
export function principalTest(statement: Statement): PrincipalTest | undefined {
  if (statement.NotPrincipal !== undefined) throw unsupported('NotPrincipal');
  const { Principal: principal } = statement;
  if (principal === undefined) return undefined;
  if (principal === '*') return () => 'as anyone';
  const tests = Object.entries(principal).flatMap(([kind, names]) =>
    [names].flat().map((name) => oneTest(kind, String(name))),
  );
  const [only] = tests;
  if (only && tests.length === 1) return only;
  return (caller) => tests.reduce<Closeness>((closest, test) => closer(closest, test(caller)), 'not at all');
}

function oneTest(kind: string, name: string): PrincipalTest {
  if (kind === 'AWS' && name === '*') return () => 'as anyone';
  const when = (holds: (caller: Caller) => boolean, how: Closeness) => (caller: Caller) =>
    holds(caller) ? how : 'not at all';
  if (kind === 'Service') return when((caller) => caller.kind === 'service' && caller.name === name, 'by itself');
  if (kind !== 'AWS') throw unsupported(`a Principal of the kind ${kind}`);
  const account = /^(?:arn:aws:iam::)?(\d{12})(?::root)?$/.exec(name)?.[1];
  if (account !== undefined)
    return when((caller) => caller.kind !== 'service' && caller.account === account, 'by account');
  return (caller) => {
    if (caller.kind === 'service') return 'not at all';
    if (caller.name === name) return 'by itself';
    return caller.arn === name ? 'by role' : 'not at all';
  };
}

const unsupported = (what: string) =>
  new ServiceError('NotImplemented', `policies: the local cloud does not support ${what}`, { status: 501 });
