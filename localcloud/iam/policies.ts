/** What a role's word is worth: the documents by which the gate judges a call. */
import type { PolicyDocument } from './documents.ts';
import type { Identities } from './state.ts';

export type { PolicyDocument, Statement } from './documents.ts';

/** All that IAM says of a role. */
export interface RolePolicies {
  /** Inline policies first, then the default versions of the attached ones. */
  readonly identity: readonly PolicyDocument[];
  /** The permissions boundary: what the role may at most. */
  readonly boundary?: PolicyDocument;
  /** Who may assume the role. */
  readonly trust: PolicyDocument;
}

/**
 * The policies of a role; undefined when there is no such role (a deleted role's sessions may do nothing). Documents are
 * the stored objects: the same object as long as the policy is unchanged, so that what is compiled from one can be kept
 * in a WeakMap.
 */
export function policiesOf(state: Identities, roleName: string): RolePolicies | undefined {
  const role = state.roles.get(roleName);
  if (!role) return undefined;
  const managed = (arn: string): PolicyDocument | undefined => {
    const policy = state.policies.get(arn);
    return policy?.versions.get(policy.defaultVersion)?.document.parsed;
  };
  const boundary = role.boundary === undefined ? undefined : managed(role.boundary);
  return {
    identity: [
      ...[...role.inline.values()].map((document) => document.parsed),
      ...[...role.attached].map(managed).filter((document) => document !== undefined),
    ],
    ...(boundary ? { boundary } : {}),
    trust: role.trust.parsed,
  };
}
