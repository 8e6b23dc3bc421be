import type { Denied } from '../history.ts';
import type { Invariant } from '../invariant.ts';

/** Nobody asks for more than their role grants. What somebody forbids on a key is not about roles, and may happen. */
export const withinPermissions: Invariant = {
  name: 'within-permissions',
  claim: 'nobody asked for anything outside their permissions',
  examine: ({ lines, denied }) => ({
    cases: lines,
    violations: denied
      .filter((one) => !isForbiddenOnKey(one))
      .map(
        ({ principal, action, resource, explanation }) =>
          `${principal} may not ${action} on ${resource}: ${explanation}`,
      ),
  }),
};

const isForbiddenOnKey = ({ action, by, explanation }: Denied): boolean =>
  action.startsWith('kms:') && by === 'resource-based policy' && explanation.includes('denies');
