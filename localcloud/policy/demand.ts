/** What a call needs to be allowed: the words in which each service says it, in its `authorisation.ts`. */
import type { Cloud } from '../cloud.ts';
import type { Call, Principal, ServiceError } from '../service.ts';
import type { Decision } from './evaluate.ts';
import type { Given } from './lookup.ts';

export type Denied = Extract<Decision, { allowed: false }>;

/** One action on one resource. */
export interface Demand {
  /** For example `sqs:SendMessage`. */
  readonly action: string;
  /** An ARN, or `*`. */
  readonly resource: string;
  /** Condition keys of the service, in lower case. A function is called only when a policy asks. */
  readonly keys?: Readonly<Record<string, Given | (() => Given)>>;
  /** The resource's own policy, as text. */
  readonly policy?: string | undefined;
  /** Whether that policy must allow, whatever the caller's says. */
  readonly policyMustAllow?: boolean;
  /** On whose part; default: the caller's. */
  readonly as?: Principal;
  /** The error instead of the service's own; undefined where the call goes on all the same, as it does for one entry of several. */
  readonly refuse?: (message: string, denied: Denied) => ServiceError | undefined;
}

/** A reason to refuse that is no policy's: a key that is disabled. */
export interface Obstacle {
  readonly refusal: ServiceError;
}

export type Requirement = Demand | Obstacle;

export const isObstacle = (requirement: Requirement): requirement is Obstacle => 'refusal' in requirement;

/** The call with what mappings need of its surroundings. */
export interface Asked {
  readonly call: Call;
  readonly input: any;
  readonly region: string;
  readonly account: string;
  readonly cloud: Cloud;
}

/** What one action needs, in the order in which AWS asks. */
export type Needs = (asked: Asked) => readonly Requirement[];

/** How a service takes part in the gate: `authorisation.ts` of its folder. */
export interface Authorisation {
  /** By AWS's name of the action. An action that is not here is refused. */
  readonly needs: Readonly<Record<string, Needs>>;
  /** The service's own error. */
  readonly refuse: (message: string, demand: Demand) => ServiceError;
}

/** The need of an action that is called in IAM as in the API: itself, on one resource. */
export const needOn =
  (service: string, action: string, resource: (asked: Asked) => string): Needs =>
  (asked) => [{ action: `${service}:${action}`, resource: resource(asked) }];

/** The same for several actions. */
export const needsOn = (
  service: string,
  actions: readonly string[],
  resource: (asked: Asked) => string,
): Record<string, Needs> => Object.fromEntries(actions.map((action) => [action, needOn(service, action, resource)]));
