/** AWS STS: who am I, and sessions of roles. */
import type { Service } from '../service.ts';
import { assumeRole } from './assume-role.ts';
import { getCallerIdentity } from './get-caller-identity.ts';
import { issueSessionCredentials } from './issue-session-credentials.ts';
import { createSessions, type Sessions } from './state.ts';

export const sts: Service<Sessions> = {
  name: 'sts',
  global: true,
  create: createSessions,
  actions: {
    AssumeRole: assumeRole,
    GetCallerIdentity: getCallerIdentity,
    IssueSessionCredentials: issueSessionCredentials,
  },
  // One for each execution environment that starts.
  unrecorded: ['IssueSessionCredentials'],
};
