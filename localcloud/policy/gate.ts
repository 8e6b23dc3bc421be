/**
 * The gate through which every call goes, from outside or within: it finds what the call needs, asks the policies, and
 * refuses as AWS would. It changes nothing but the journal, where every denial leaves a note that says why.
 */
import { type Cloud, type Gate, GLOBAL } from '../cloud.ts';
import { policiesOf } from '../iam/policies.ts';
import type { Identities } from '../iam/state.ts';
import { type Call, type Principal, ServiceError } from '../service.ts';
import { authorisations } from './authorisations.ts';
import { type CompiledDocument, type CompiledStatement, compile, compileText } from './compile.ts';
import { createDecisions, type Decisions } from './decisions.ts';
import { type Asked, type Authorisation, type Demand, isObstacle } from './demand.ts';
import { type Decision, evaluate } from './evaluate.ts';
import { lookupIn } from './keys.ts';
import type { Lookup } from './lookup.ts';
import type { Caller } from './principals.ts';
import { denialMessage, explanation } from './words.ts';

/** What was granted and used: by statement, the actions and resources it allowed. */
export type UsedGrants = ReadonlyMap<CompiledStatement['source'], ReadonlySet<string>>;

export interface PolicyGate {
  readonly gate: Required<Pick<Gate, 'authorise'>>;
  readonly used: UsedGrants;
}

/** Makes the gate. One for each cloud: it remembers what was used. */
export function createPolicyGate(): PolicyGate {
  const used = new Map<CompiledStatement['source'], Set<string>>();
  const remember = ({ source }: CompiledStatement, { action, resource }: Demand) => {
    const known = used.get(source);
    if (known) known.add(`${action} ${resource}`);
    else used.set(source, new Set([`${action} ${resource}`]));
  };
  const authorise = (call: Call, cloud: Cloud): void => {
    const authorisation = authorisations[call.service];
    const needs = authorisation?.needs[call.action];
    if (!authorisation || !needs) throw unknownAction(call);
    const asked: Asked = { call, input: call.input ?? {}, region: call.region, account: call.principal.account, cloud };
    let caller: Party | undefined;
    for (const requirement of needs(asked)) {
      if (isObstacle(requirement)) throw requirement.refusal;
      if (isUnquestioned(requirement, call.principal)) continue;
      caller ??= partyOf(call.principal, cloud);
      const party = requirement.as === undefined ? caller : partyOf(requirement.as, cloud);
      const judged = ask(requirement, party, { call, cloud });
      const { decision } = judged;
      if (decision.allowed) for (const grant of decision.grants) remember(grant, requirement);
      else deny(requirement, { ...judged, decision, call, cloud, authorisation });
    }
  };
  return { gate: { authorise }, used };
}

/** Only the resource's own policy has a say about an administrator: where there is none, there is nothing to ask. */
const isUnquestioned = ({ as, policy, policyMustAllow }: Demand, caller: Principal): boolean =>
  (as ?? caller).kind === 'admin' && policy === undefined && !policyMustAllow;

interface Judged<Outcome = Decision> {
  readonly decision: Outcome;
  readonly keys: Lookup;
  readonly caller: Caller;
}

/** What the policies of the cloud say to one demand. */
export const judge = (demand: Demand, call: Call, cloud: Cloud): Judged =>
  ask(demand, partyOf(demand.as ?? call.principal, cloud), { call, cloud });

/** Somebody with the policies that are theirs. */
interface Party {
  readonly principal: Principal;
  readonly caller: Caller;
  readonly identity: readonly CompiledDocument[] | undefined;
  readonly boundary: CompiledDocument | undefined;
  /** What was decided of it before. */
  readonly decisions: Decisions;
}

interface Parties {
  readonly version: number;
  readonly byName: Map<string, Party>;
}

const known = new WeakMap<Identities, Parties>();

/** Kept as long as nothing changes in IAM: a caller mostly calls again. */
function partyOf(principal: Principal, cloud: Cloud): Party {
  const iam = cloud.state<Identities>('iam', GLOBAL);
  let parties = known.get(iam);
  if (parties?.version !== iam.version) {
    parties = { version: iam.version, byName: new Map() };
    known.set(iam, parties);
  }
  // A service acts for an account and a resource of it; everybody else is who the ARN says.
  const { account, kind } = principal;
  const name = kind === 'service' ? `${principal.service} ${account} ${principal.sourceArn}` : principal.arn;
  let party = parties.byName.get(name);
  if (!party) {
    party = findParty(principal, iam);
    parties.byName.set(name, party);
  }
  return party;
}

function findParty(principal: Principal, iam: Identities): Party {
  const caller = callerOf(principal, iam);
  const own = principal.kind === 'role' ? policiesOf(iam, principal.role) : undefined;
  return {
    principal,
    caller,
    // A role that is gone has no policies, and so may do nothing.
    identity: caller.kind === 'admin' ? undefined : (own?.identity ?? []).map(compile),
    boundary: own?.boundary && compile(own.boundary),
    decisions: createDecisions(),
  };
}

function ask(demand: Demand, party: Party, { call, cloud }: { call: Call; cloud: Cloud }): Judged {
  const { principal, caller, identity, boundary } = party;
  const keys = lookupIn({ call, demand, caller, principal, now: cloud.now() });
  const decision = party.decisions.decide(demand, keys, (asking) =>
    evaluate({
      caller,
      action: demand.action,
      resource: demand.resource,
      keys: asking,
      identity,
      boundary,
      resourcePolicy: demand.policy === undefined ? undefined : compileText(demand.policy),
      resourceMustAllow: demand.policyMustAllow,
    }),
  );
  return { decision, keys, caller };
}

/** CloudFormation deploys as the administrator who called it. */
function callerOf(principal: Principal, iam: Identities): Caller {
  const { account, kind } = principal;
  const nothing = { sourceArn: undefined, tags: undefined };
  if (kind === 'admin') return { kind, account, name: principal.arn, arn: principal.arn, ...nothing };
  if (kind === 'role') {
    const role = iam.roles.get(principal.role);
    const arn = role?.arn ?? `arn:aws:iam::${account}:role/${principal.role}`;
    return { kind, account, name: principal.arn, arn, sourceArn: undefined, tags: role?.tags };
  }
  if (principal.service === 'cloudformation.amazonaws.com') {
    const arn = `arn:aws:iam::${account}:user/test`;
    return { kind: 'admin', account, name: arn, arn, ...nothing };
  }
  return { kind, account, name: principal.service, arn: undefined, sourceArn: principal.sourceArn, tags: undefined };
}

interface Denial extends Judged<Extract<Decision, { allowed: false }>> {
  readonly call: Call;
  readonly cloud: Cloud;
  readonly authorisation: Authorisation;
}

function deny(demand: Demand, { decision, keys, caller, call, cloud, authorisation }: Denial): void {
  const { action, resource } = demand;
  const who = caller.name;
  const message = denialMessage(who, demand, decision);
  cloud.journal.append({
    at: cloud.now(),
    kind: 'note',
    region: call.region,
    service: call.service,
    action: 'Denied',
    principal: who,
    ...(call.invocation === undefined ? {} : { invocation: call.invocation }),
    input: { action, resource, principal: who, by: decision.by, explanation: explanation(decision, keys) },
  });
  const refusal = demand.refuse ? demand.refuse(message, decision) : authorisation.refuse(message, demand);
  if (refusal) throw refusal;
}

/** Nothing passes unjudged: an action that is new needs its line. */
const unknownAction = ({ service, action }: Call) =>
  new ServiceError('NotImplemented', `policies: no authorisation.ts says what ${service}:${action} needs`, {
    status: 501,
  });
