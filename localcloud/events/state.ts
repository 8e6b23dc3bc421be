/** What EventBridge remembers in one region. */
import type { DeadLetterConfig, ReplayDestination, Target } from '@aws-sdk/client-eventbridge';
import { type Context, ServiceError } from '../service.ts';
import type { Pattern, Wanted } from './pattern/index.ts';

/** An event as rules see it and targets receive it. */
export interface Envelope {
  readonly version: '0';
  readonly id: string;
  readonly 'detail-type': string;
  readonly source: string;
  readonly account: string;
  /** To the second, for example `2026-01-05T08:00:00Z`. */
  readonly time: string;
  readonly region: string;
  readonly 'replay-name'?: string;
  readonly resources: readonly string[];
  readonly detail: object;
}

/** An event on a bus. */
export interface BusEvent {
  readonly envelope: Envelope;
  /** The publisher's own text of `detail`: what JSON.parse would round or drop travels on unharmed. */
  readonly detail: string;
  /** The envelope as text, made when first needed. */
  text?: string;
  readonly ingestedAt: number;
  readonly traceHeader?: string;
  /** It came from a bus of another region; a second such hop is refused. */
  readonly crossed: boolean;
  /** It came from another bus of this or an earlier region; a second such hop is refused likewise. */
  readonly handedOn: boolean;
}

export interface Rule {
  readonly name: string;
  readonly arn: string;
  readonly bus: string;
  patternText: string;
  pattern: Pattern;
  enabled: boolean;
  description?: string;
  roleArn?: string;
  readonly targets: Map<string, Target>;
}

export interface Bus {
  readonly name: string;
  readonly arn: string;
  readonly createdAt: number;
  modifiedAt: number;
  readonly rules: Map<string, Rule>;
  /** The policy document; the gate reads it. */
  policy?: string;
  kmsKeyIdentifier?: string;
  deadLetterConfig?: DeadLetterConfig;
  description?: string;
  /** What its rules and archives want to see of an event; made anew after they change. */
  wanted?: Wanted;
}

export interface ArchivedEvent {
  readonly event: BusEvent;
  /** The event's own time: replays select by it. */
  readonly time: number;
  /** From when a replay sees it. */
  readonly archivedAt: number;
  readonly bytes: number;
}

export interface Archive {
  readonly name: string;
  readonly arn: string;
  readonly bus: string;
  readonly createdAt: number;
  description?: string;
  patternText?: string;
  pattern?: Pattern;
  /** 0 keeps events for ever. */
  retentionDays: number;
  kmsKeyIdentifier?: string;
  events: ArchivedEvent[];
}

export interface Replay {
  readonly name: string;
  readonly arn: string;
  readonly archive: string;
  readonly archiveArn: string;
  readonly description?: string;
  readonly destination: ReplayDestination;
  readonly bus: string;
  readonly from: number;
  readonly to: number;
  readonly startedAt: number;
  state: 'STARTING' | 'RUNNING' | 'CANCELLING' | 'CANCELLED' | 'COMPLETED' | 'FAILED';
  stateReason?: string;
  lastReplayed?: number;
  endedAt?: number;
}

export interface Events {
  readonly region: string;
  readonly account: string;
  readonly buses: Map<string, Bus>;
  readonly archives: Map<string, Archive>;
  readonly replays: Map<string, Replay>;
  /** Tags by ARN. */
  readonly tags: Map<string, Map<string, string>>;
  /** Milliseconds that an event takes at most into an archive. */
  readonly latestArchival: number;
  /** Metrics not sent yet: counts by bus, rule and name. */
  readonly counts: Map<string, number>;
  /** Deliveries that have failed and are to be tried again. AWS does not tell; who waits for the end of a simulation wants to know. */
  retrying: number;
}

/** Where a step takes place. */
export interface Here {
  readonly state: Events;
  readonly context: Context;
}

/** AWS asks to wait ten minutes before a replay (user guide, "Archiving and replaying events"): so late an event may be. */
const LATEST_ARCHIVAL = 600_000;

/** Limits of the local EventBridge. */
export interface EventsOptions {
  /** See {@link Events.latestArchival}. Default: ten minutes. */
  readonly latestArchival?: number;
}

export function createEvents(region: string, account: string, options: EventsOptions = {}): Events {
  const state: Events = {
    region,
    account,
    buses: new Map(),
    archives: new Map(),
    replays: new Map(),
    tags: new Map(),
    latestArchival: options.latestArchival ?? LATEST_ARCHIVAL,
    counts: new Map(),
    retrying: 0,
  };
  state.buses.set('default', {
    name: 'default',
    arn: arnOf(state, 'event-bus/default'),
    createdAt: 0,
    modifiedAt: 0,
    rules: new Map(),
  });
  return state;
}

export const arnOf = ({ region, account }: Pick<Events, 'region' | 'account'>, resource: string): string =>
  `arn:aws:events:${region}:${account}:${resource}`;

/** The ARN of a rule names its bus, except for the default bus. */
export const ruleArn = (state: Events, bus: string, rule: string): string =>
  arnOf(state, bus === 'default' ? `rule/${rule}` : `rule/${bus}/${rule}`);

/** The bus that a name or an ARN means, if it is one of this region and account. */
export function lookUpBus(state: Events, nameOrArn = 'default'): Bus | undefined {
  if (!nameOrArn.startsWith('arn:')) return state.buses.get(nameOrArn);
  const prefix = arnOf(state, 'event-bus/');
  return nameOrArn.startsWith(prefix) ? state.buses.get(nameOrArn.slice(prefix.length)) : undefined;
}

/** @throws ServiceError `ResourceNotFoundException` */
export function findBus(state: Events, nameOrArn?: string): Bus {
  const name = nameOrArn?.replace(/^arn:.*:event-bus\//, '');
  return lookUpBus(state, nameOrArn) ?? notFound(`Event bus ${name} does not exist.`);
}

/** @throws ServiceError `ResourceNotFoundException` */
export function findRule(state: Events, name: string, busName?: string): Rule {
  const bus = findBus(state, busName);
  return bus.rules.get(name) ?? notFound(`Rule ${name} does not exist on EventBus ${bus.name}.`);
}

export function notFound(message: string): never {
  throw new ServiceError('ResourceNotFoundException', message);
}

export function invalid(message: string): never {
  throw new ServiceError('ValidationException', message);
}

/** @throws ServiceError `ValidationException`, in the words of AWS for what the model of its API forbids */
export function violated(where: string, constraint: string): never {
  invalid(`1 validation error detected: ${where} failed to satisfy constraint: ${constraint}`);
}

/** @throws ServiceError `LimitExceededException`, in AWS's words */
export function beyondLimit(): never {
  throw new ServiceError('LimitExceededException', 'The requested resource exceeds the maximum number allowed.');
}

/** Refuses a name that AWS would. `member` is the member's name in AWS's message. */
export function checkName(
  value: string | undefined,
  member: string,
  { pattern = /^[.\-_A-Za-z0-9]+$/, most = 64 } = {},
): string {
  if (value === undefined) violated(`Value null at '${member}'`, 'Member must not be null');
  const where = `Value '${value}' at '${member}'`;
  if (value === '') violated(where, 'Member must have length greater than or equal to 1');
  if (value.length > most) violated(where, `Member must have length less than or equal to ${most}`);
  if (!pattern.test(value)) {
    // AWS escapes the full stop, which a list of characters does not need.
    const words = pattern.source.slice(1, -1).replace('.', '\\.');
    violated(where, `Member must satisfy regular expression pattern: ${words}`);
  }
  return value;
}

/** Leaves out the members that are undefined, as answers do. */
export function given<T extends object>(members: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as never;
}
