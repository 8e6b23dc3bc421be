/** What is true of every role, whichever action asks. */
import type { Role } from '@aws-sdk/client-iam';
import { encode, parseDocument, type StoredDocument, sizeOf } from './documents.ts';
import { type Identities, invalid, overQuota, policyAt, type StoredRole } from './state.ts';
import { tagsOf } from './tags.ts';

/** A role as GetRole tells it; lists leave out tags and boundary (API reference, ListRoles). */
export const describeRole = (role: StoredRole, detail: 'full' | 'brief' = 'full'): Role => ({
  Path: role.path,
  RoleName: role.name,
  RoleId: role.id,
  Arn: role.arn,
  CreateDate: new Date(role.created),
  AssumeRolePolicyDocument: encode(role.trust.text),
  ...(role.description === undefined ? {} : { Description: role.description }),
  MaxSessionDuration: role.maxSessionDuration,
  ...(detail === 'full' && role.boundary !== undefined
    ? {
        PermissionsBoundary: {
          PermissionsBoundaryType: 'PermissionsBoundaryPolicy' as const,
          PermissionsBoundaryArn: role.boundary,
        },
      }
    : {}),
  ...(detail === 'full' && role.tags.size > 0 ? { Tags: tagsOf(role.tags) } : {}),
});

/** A trust policy holds 2,048 characters (IAM quotas, "Role trust policy length"). */
export function trustDocument(text = ''): StoredDocument {
  if (sizeOf(text) > 2048) throw overQuota('Cannot exceed quota for ACLSizePerRole: 2048');
  return parseDocument(text, 'trust');
}

export function checkName(name: string | undefined, what: string, longest: number): string {
  if (name !== undefined && name.length <= longest && /^[\w+=,.@-]+$/.test(name)) return name;
  throw invalid(
    `The specified value for ${what} is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_- and be at most ${longest} characters long`,
  );
}

export function checkPath(path = '/'): string {
  if (/^\/$|^\/[\x21-\x7e]+\/$/.test(path) && path.length <= 512) return path;
  throw invalid(
    'The specified value for path is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters.',
  );
}

export function checkSessionDuration(seconds: number | string = 3600): number {
  const value = Number(seconds);
  if (Number.isInteger(value) && value >= 3600 && value <= 43200) return value;
  throw invalid(`The value ${seconds} of MaxSessionDuration must be from 3600 to 43200`);
}

/** A boundary must be a managed policy that exists. */
export const checkBoundary = (state: Identities, arn: string | undefined): string | undefined =>
  arn === undefined ? undefined : policyAt(state, arn).arn;
