/** A denial in words: AWS's for the caller, and for the journal what AWS does not tell. */
import type { Denied } from './demand.ts';
import type { PolicyKind } from './evaluate.ts';
import { type Lookup, listed } from './lookup.ts';

const one = (kind: PolicyKind): string => `${kind.startsWith('i') ? 'an' : 'a'} ${kind}`;

/** IAM User Guide, "Troubleshoot access denied error messages". */
export function denialMessage(who: string, what: { action: string; resource: string }, denied: Denied): string {
  const { action, resource } = what;
  const where = resource === '*' ? '' : ` on resource: ${resource}`;
  const why = denied.statement
    ? `with an explicit deny in ${one(denied.by)}`
    : `because no ${denied.by} allows the ${action} action`;
  return `User: ${who} is not authorized to perform: ${action}${where} ${why}`;
}

/** Which statement and which condition decided. */
export function explanation(denied: Denied, keys: Lookup): string {
  if (denied.statement) return `statement ${denied.statement.label} of ${one(denied.by)} denies it`;
  if (denied.nearMisses.length === 0) return `no statement of any policy allows this action on this resource`;
  return denied.nearMisses
    .map(({ kind, statement, failed }) => {
      const conditions = failed.map(({ operator, key, values }) => {
        const given = listed(keys(key.toLowerCase()));
        const asked = given.length === 0 ? 'the request has none' : `the request has ${given.join(', ')}`;
        return `${operator} ${key} = ${values.join(' or ')} (${asked})`;
      });
      return `statement ${statement.label} of ${one(kind)} would allow it, but not under ${conditions.join(' and ')}`;
    })
    .join('; ');
}
