import { ServiceError } from '../service.ts';
import type { StoredDocument } from './documents.ts';

/** A role with what is written into it and what is attached to it. */
export interface StoredRole {
  readonly name: string;
  readonly id: string;
  readonly arn: string;
  readonly path: string;
  /** Milliseconds since 1970. */
  readonly created: number;
  description: string | undefined;
  /** Seconds, 3,600 to 43,200. */
  maxSessionDuration: number;
  trust: StoredDocument;
  /** ARN of a managed policy. */
  boundary: string | undefined;
  /** By policy name. */
  readonly inline: Map<string, StoredDocument>;
  /** ARNs of managed policies, in the order of attachment. */
  readonly attached: Set<string>;
  readonly tags: Map<string, string>;
}

/** One version of a managed policy. */
export interface StoredVersion {
  readonly id: string;
  readonly created: number;
  readonly document: StoredDocument;
}

/** A customer-managed policy with its versions, at most five. */
export interface StoredPolicy {
  readonly name: string;
  readonly id: string;
  readonly arn: string;
  readonly path: string;
  readonly created: number;
  updated: number;
  description: string | undefined;
  /** By version id: `v1`, `v2`… */
  readonly versions: Map<string, StoredVersion>;
  defaultVersion: string;
  /** The number the next version gets; numbers are never used again. */
  nextVersion: number;
  readonly tags: Map<string, string>;
}

/** What IAM remembers. */
export interface Identities {
  readonly account: string;
  /** Another one after every change: what is derived from the others can be kept until then. */
  version: number;
  /** By name. */
  readonly roles: Map<string, StoredRole>;
  /** By ARN. */
  readonly policies: Map<string, StoredPolicy>;
}

export const createIdentities = (_region: string, account: string): Identities => ({
  account,
  version: 0,
  roles: new Map(),
  policies: new Map(),
});

/** @throws ServiceError `NoSuchEntity` */
export function roleNamed(state: Identities, name = ''): StoredRole {
  const role = state.roles.get(name);
  if (role) return role;
  throw noSuchEntity(`The role with name ${name} cannot be found.`);
}

/** @throws ServiceError `NoSuchEntity`; also for AWS's own managed policies, whose documents the local cloud does not have. */
export function policyAt(state: Identities, arn: string | undefined): StoredPolicy {
  const policy = state.policies.get(policyArn(arn));
  if (policy) return policy;
  throw noSuchEntity(`Policy ${arn} does not exist or is not attachable.`);
}

/** @throws ServiceError `ValidationError` for what is no ARN */
export function policyArn(arn = ''): string {
  if (arn.startsWith('arn:')) return arn;
  throw invalid(`ARN ${arn} is not valid.`);
}

/**
 * A version with its policy.
 * @throws ServiceError `NoSuchEntity`
 */
export function versionAt(state: Identities, arn: string | undefined, id = '') {
  const pattern = 'v[1-9][0-9]*(\\.[A-Za-z0-9-]*)?';
  if (!new RegExp(`^${pattern}$`).test(id)) {
    throw invalid(
      `1 validation error detected: Value at 'versionId' failed to satisfy constraint: Member must satisfy regular expression pattern: ${pattern}`,
    );
  }
  const policy = state.policies.get(policyArn(arn));
  const version = policy?.versions.get(id);
  if (policy && version) return { policy, version };
  throw noSuchEntity(`Policy ${arn} version ${id} does not exist or is not attachable.`);
}

export const rolesWith = (state: Identities, policyArn: string): StoredRole[] =>
  [...state.roles.values()].filter((role) => role.attached.has(policyArn));

export const rolesBoundBy = (state: Identities, policyArn: string): StoredRole[] =>
  [...state.roles.values()].filter((role) => role.boundary === policyArn);

export const noSuchEntity = (message: string) => new ServiceError('NoSuchEntity', message, { status: 404 });
export const alreadyExists = (message: string) => new ServiceError('EntityAlreadyExists', message, { status: 409 });
export const conflict = (message: string) => new ServiceError('DeleteConflict', message, { status: 409 });
export const overQuota = (message: string) => new ServiceError('LimitExceeded', message, { status: 409 });
export const invalidInput = (message: string) => new ServiceError('InvalidInput', message);
export const invalid = (message: string) => new ServiceError('ValidationError', message);
