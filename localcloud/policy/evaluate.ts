/**
 * One question to all policies that have a say: may this caller do this to that? IAM User Guide, "Policy evaluation
 * logic", for one account: an explicit deny wins; then identity or resource must allow, except that a key's policy and a
 * role's trust policy must in any case; a boundary limits what the identity may.
 */
import type { CompiledDocument, CompiledStatement } from './compile.ts';
import type { Test } from './conditions.ts';
import type { Lookup } from './lookup.ts';
import { type Caller, type Closeness, closer } from './principals.ts';

export type PolicyKind = 'identity-based policy' | 'permissions boundary' | 'resource-based policy';

export interface Question {
  readonly caller: Caller;
  /** For example `sqs:SendMessage`. */
  readonly action: string;
  /** An ARN, or `*` where an action is on nothing in particular. */
  readonly resource: string;
  readonly keys: Lookup;
  /** Undefined: an administrator, whose policy allows everything. */
  readonly identity: readonly CompiledDocument[] | undefined;
  readonly boundary?: CompiledDocument | undefined;
  readonly resourcePolicy?: CompiledDocument | undefined;
  /** Whether the resource's policy must allow, whatever the identity's says: keys and trust policies. */
  readonly resourceMustAllow?: boolean | undefined;
}

export type Decision =
  | { readonly allowed: true; readonly grants: readonly CompiledStatement[] }
  | {
      readonly allowed: false;
      /** The kind of policy that denies, or that would have had to allow. */
      readonly by: PolicyKind;
      /** The statement that denies; without one nothing allows. */
      readonly statement?: CompiledStatement;
      /** Statements that would allow but for these of their conditions. */
      readonly nearMisses: readonly NearMiss[];
    };

export interface NearMiss {
  readonly kind: PolicyKind;
  readonly statement: CompiledStatement;
  readonly failed: readonly Test[];
}

export function evaluate(question: Question): Decision {
  const { identity, boundary, resourcePolicy, caller } = question;
  const explicit = explicitDeny(question);
  if (explicit) return { allowed: false, ...explicit, nearMisses: [] };
  const own = identity === undefined ? undefined : allowing(identity, question);
  const byIdentity = caller.kind === 'admin' || own !== undefined;
  const resource = resourceGrant(resourcePolicy, question);
  const within = boundary === undefined || allowing([boundary], question) !== undefined;
  const grants = [own, resource?.statement].filter((statement) => statement !== undefined);
  const denied = (by: PolicyKind): Decision => ({ allowed: false, by, nearMisses: nearMisses(question) });

  if (caller.kind === 'service') {
    return resource !== undefined && resource.closeness !== 'by account'
      ? { allowed: true, grants }
      : denied('resource-based policy');
  }
  const direct = resource !== undefined && resource.closeness !== 'by account';
  if (question.resourceMustAllow && resource === undefined) return denied('resource-based policy');
  if (!direct && !byIdentity) return denied('identity-based policy');
  if (!within && resource?.closeness !== 'by itself') return denied('permissions boundary');
  return { allowed: true, grants };
}

function explicitDeny(question: Question): { by: PolicyKind; statement: CompiledStatement } | undefined {
  const denying = (by: PolicyKind, document: CompiledDocument | undefined) => {
    for (const statement of document?.about(question.action) ?? []) {
      if (!statement.denies) break;
      if (applies(statement, question)) return { by, statement };
    }
    return undefined;
  };
  const first =
    denying('resource-based policy', question.resourcePolicy) ?? denying('permissions boundary', question.boundary);
  if (first) return first;
  for (const document of question.identity ?? []) {
    const found = denying('identity-based policy', document);
    if (found) return found;
  }
  return undefined;
}

function* documentsOf(question: Question): Generator<readonly [PolicyKind, CompiledDocument]> {
  if (question.resourcePolicy) yield ['resource-based policy', question.resourcePolicy];
  if (question.boundary) yield ['permissions boundary', question.boundary];
  for (const document of question.identity ?? []) yield ['identity-based policy', document];
}

const concerns = (statement: CompiledStatement, { caller, resource, keys }: Question): boolean =>
  (statement.principal === undefined || statement.principal(caller) !== 'not at all') &&
  statement.isAbout(resource, keys);

const applies = (statement: CompiledStatement, question: Question): boolean =>
  concerns(statement, question) && statement.tests.every(({ holds }) => holds(question.keys));

function allowing(documents: readonly CompiledDocument[], question: Question): CompiledStatement | undefined {
  for (const document of documents) {
    for (const statement of document.about(question.action)) {
      if (!statement.denies && applies(statement, question)) return statement;
    }
  }
  return undefined;
}

function resourceGrant(policy: CompiledDocument | undefined, question: Question) {
  let best: { statement: CompiledStatement; closeness: Closeness } | undefined;
  for (const statement of policy?.about(question.action) ?? []) {
    if (statement.denies || !applies(statement, question)) continue;
    const closeness = statement.principal?.(question.caller) ?? 'not at all';
    if (best === undefined || closer(best.closeness, closeness) !== best.closeness) best = { statement, closeness };
  }
  return best;
}

function nearMisses(question: Question): NearMiss[] {
  const found: NearMiss[] = [];
  for (const [kind, document] of documentsOf(question)) {
    for (const statement of document.about(question.action)) {
      if (statement.denies || !concerns(statement, question)) continue;
      const failed = statement.tests.filter(({ holds }) => !holds(question.keys));
      if (failed.length > 0) found.push({ kind, statement, failed });
    }
  }
  return found;
}
