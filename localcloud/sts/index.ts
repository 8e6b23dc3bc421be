/** AWS STS: who am I, and sessions of roles. */
import type { Service } from '../service.ts';
import { assumeRole } from './assume-role.ts';
import { getCallerIdentity } from './get-caller-identity.ts';
import { issueSessionCredentials } from './issue-session-credentials.ts';
import { createSessions, type Sessions } from './state.ts';
import { takeOnRole } from './take-on-role.ts';

export const sts: Service<Sessions> = {
  name: 'sts',
  global: true,
  create: createSessions,
  actions: {
    AssumeRole: assumeRole,
    GetCallerIdentity: getCallerIdentity,
    IssueSessionCredentials: issueSessionCredentials,
    TakeOnRole: takeOnRole,
  },
  // One for each execution environment that starts, and for each delivery under a role.
  unrecorded: ['IssueSessionCredentials', 'TakeOnRole'],
};
