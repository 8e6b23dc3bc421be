/** Policy documents: their shape, and what IAM refuses to store. */
import { ServiceError } from '../service.ts';

/** One statement of a policy. */
export interface Statement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal?: '*' | Readonly<Record<string, string | readonly string[]>>;
  readonly NotPrincipal?: '*' | Readonly<Record<string, string | readonly string[]>>;
  readonly Action?: string | readonly string[];
  readonly NotAction?: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly NotResource?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** A policy as IAM's grammar has it (IAM User Guide, "Grammar of the IAM JSON policy language"). */
export interface PolicyDocument {
  readonly Version?: '2012-10-17' | '2008-10-17';
  readonly Id?: string;
  readonly Statement: Statement | readonly Statement[];
}

/** A stored document: the text as it was given, and what it says. The parsed object stays the same until the text is replaced. */
export interface StoredDocument {
  readonly text: string;
  readonly parsed: PolicyDocument;
}

/** What a document is for: an identity policy names resources and no principal, a trust policy the reverse, a resource's own policy both. */
export type Purpose = 'identity' | 'trust' | 'resource';

const DOCUMENT_MEMBERS = ['Version', 'Id', 'Statement'];
const STATEMENT_MEMBERS = [
  'Sid',
  'Effect',
  'Principal',
  'NotPrincipal',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Condition',
];

/**
 * Reads a policy document.
 * @throws ServiceError `MalformedPolicyDocument`
 */
export function parseDocument(text: string, purpose: Purpose): StoredDocument {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw malformed('This policy contains invalid Json');
  }
  if (!isObject(parsed)) throw malformed('Syntax errors in policy.');
  refuseOthers(parsed, DOCUMENT_MEMBERS);
  const { Version: version, Statement: statements } = parsed;
  if (version !== undefined && version !== '2012-10-17' && version !== '2008-10-17') {
    throw malformed('The policy must contain a valid version string');
  }
  if (version !== '2012-10-17' && purpose === 'identity') {
    throw malformed('Policy document must be version 2012-10-17 or greater.');
  }
  if (statements === undefined) throw malformed('Missing required field Statement');
  const list = Array.isArray(statements) ? statements : [statements];
  if (list.length === 0) throw malformed('Could not parse the policy: Statement is empty!');
  for (const statement of list) checkStatement(statement, purpose);
  refuseSameSid(list);
  // Frozen, for nobody may change it: copies of a cloud share it, and what was compiled from it.
  return { text, parsed: Object.freeze(parsed) as unknown as PolicyDocument };
}

function checkStatement(statement: unknown, purpose: Purpose): void {
  if (!isObject(statement)) throw malformed('Syntax errors in policy.');
  refuseOthers(statement, STATEMENT_MEMBERS);
  const { Effect: effect, Condition: condition, Sid: sid } = statement;
  if (effect === undefined) throw malformed('Missing required field Effect');
  if (effect !== 'Allow' && effect !== 'Deny') throw malformed(`Invalid effect: ${String(effect)}`);
  if (sid !== undefined && !(typeof sid === 'string' && /^[A-Za-z0-9]*$/.test(sid))) {
    throw malformed('Statement IDs (SID) should only contain alpha-numeric characters.');
  }
  if (condition !== undefined && !(isObject(condition) && Object.values(condition).every(isObject))) {
    throw malformed('Syntax errors in policy.');
  }
  const actions = oneOf(statement, 'Action', 'actions');
  checkActions(actions);
  if (purpose === 'trust') {
    if (!actions.every((action) => /^sts:|^\*$/i.test(action))) {
      throw malformed('AssumeRole policy may only specify STS AssumeRole actions.');
    }
    if (has(statement, 'Resource')) throw malformed('Has prohibited field Resource');
  } else {
    checkResources(oneOf(statement, 'Resource', 'resources'));
  }
  if (purpose !== 'identity') checkPrincipal(statement);
  else if (has(statement, 'Principal')) throw malformed('Policy document should not specify a principal.');
}

const has = (statement: Record<string, unknown>, member: string): boolean =>
  statement[member] !== undefined || statement[`Not${member}`] !== undefined;

/** The words of `Action` or `NotAction` (or of `Resource`…): exactly one of the two, and not empty. */
function oneOf(statement: Record<string, unknown>, member: string, what: string): string[] {
  const both = [statement[member], statement[`Not${member}`]].filter((value) => value !== undefined);
  if (both.length === 2) throw malformed(`Statement/${member} and Statement/Not${member} cannot both be present`);
  const words = Array.isArray(both[0]) ? both[0] : both;
  if (words.length === 0) throw malformed(`Policy statement must contain ${what}.`);
  if (!words.every((word) => typeof word === 'string')) throw malformed('Syntax errors in policy.');
  return words;
}

function checkActions(actions: string[]): void {
  for (const action of actions) {
    if (action === '*' || /^[a-z0-9-]+:[A-Za-z0-9*?]+$/i.test(action)) continue;
    throw malformed(
      action.includes(':')
        ? `Invalid Action: ${action}`
        : 'Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.',
    );
  }
}

function checkResources(resources: string[]): void {
  for (const resource of resources) {
    if (resource === '*' || /^arn:[^:]*:[^:]*:[^:]*:[^:]*:.+$/.test(resource)) continue;
    throw malformed(`Resource ${resource} must be in ARN format or "*".`);
  }
}

function checkPrincipal(statement: Record<string, unknown>): void {
  if (!has(statement, 'Principal')) throw malformed('Missing required field Principal');
  const principal = statement.Principal ?? statement.NotPrincipal;
  if (principal === '*') return;
  if (!isObject(principal) || Object.keys(principal).length === 0) throw malformed('Invalid principal in policy');
  for (const [kind, names] of Object.entries(principal)) {
    const list = Array.isArray(names) ? names : [names];
    const known = ['AWS', 'Service', 'Federated', 'CanonicalUser'].includes(kind);
    if (!known || list.length === 0 || !list.every((name) => typeof name === 'string')) {
      throw malformed(`Invalid principal in policy: "${kind.toUpperCase()}":"${String(list[0])}"`);
    }
  }
}

function refuseSameSid(statements: unknown[]): void {
  const sids = statements
    .map((statement) => (statement as Statement).Sid)
    .filter((sid) => sid !== undefined && sid !== '');
  if (new Set(sids).size !== sids.length) throw malformed('Statement IDs (SID) in a single policy must be unique.');
}

function refuseOthers(value: object, known: readonly string[]): void {
  const other = Object.keys(value).find((member) => !known.includes(member));
  if (other !== undefined) throw malformed(`Syntax errors in policy: unknown element ${other}`);
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const malformed = (message: string) => new ServiceError('MalformedPolicyDocument', message);

/** White space does not count against the quotas of policy sizes (IAM User Guide, "IAM and AWS STS quotas"). */
export const sizeOf = (text: string): number => text.replace(/\s/g, '').length;

/** Documents go out percent-encoded by RFC 3986, so that XML can hold them (API reference, GetPolicyVersion). */
export const encode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
