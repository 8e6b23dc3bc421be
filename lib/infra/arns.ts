/**
 * ARNs from literal names. Written in one place: a wrong separator (`function/x` for `function:x`) passes synthesis,
 * cfn-lint and cdk-nag, and then matches nothing.
 */
import { names } from '../model/names.ts';
import type { Place } from './place.ts';

const arn = (service: string, { region, config }: Place, resource: string): string =>
  `arn:aws:${service}:${region}:${config.account}:${resource}`;

export const arns = {
  queue: (place: Place, name: string) => arn('sqs', place, name),
  table: (place: Place, name: string) => arn('dynamodb', place, `table/${name}`),
  function: (place: Place, name: string) => arn('lambda', place, `function:${name}`),
  /** Whichever version or alias of a function. */
  versions: (place: Place, name: string) => arn('lambda', place, `function:${name}:*`),
  /** All groups by which the pipeline's traffic is shifted. */
  deploymentGroups: (place: Place) =>
    arn('codedeploy', place, `deploymentgroup:${names.application(place.deployment)}/*`),
  topic: (place: Place) => arn('sns', place, names.topic(place.deployment)),
  alarm: (place: Place, name: string) => arn('cloudwatch', place, `alarm:${name}`),
  bus: (place: Place) => arn('events', place, `event-bus/${names.bus(place.deployment)}`),
  /** The rules of a custom bus carry its name; those of the default bus do not. */
  rule: (place: Place, name: string) => arn('events', place, `rule/${names.bus(place.deployment)}/${name}`),
  /** Of the default bus, whose rules carry no name of a bus. */
  scheduleRule: (place: Place, name: string) => arn('events', place, `rule/${name}`),
  archive: (place: Place) => arn('events', place, `archive/${names.archive(place.deployment)}`),
  /** Every replay that a hand-over starts. */
  replays: (place: Place) => arn('events', place, `replay/${names.base(place.deployment)}-*`),
  /** They have ids that nobody knows beforehand. */
  eventSources: (place: Place) => arn('lambda', place, 'event-source-mapping:*'),
  /** The path begins with a slash. */
  settings: (place: Place, path: string) => arn('ssm', place, `parameter${path}`),
  logGroup: (place: Place, name: string) => arn('logs', place, `log-group:${name}`),
  logStreams: (place: Place, name: string) => arn('logs', place, `log-group:${name}:log-stream:*`),
  /** Of no region, as roles are. */
  role: ({ config }: Place, name: string) => `arn:aws:iam::${config.account}:role/${name}`,
  /** Whichever key: for conditions that say which by its alias, since policies do not take an alias for a resource. */
  keys: (place: Place) => arn('kms', place, 'key/*'),
  /** An alias rather than the key's random id, so that another region can name it without a reference. */
  keyAlias: (place: Place) => arn('kms', place, names.keyAlias(place.deployment)),
} as const;

/** The same place in another region. */
export const elsewhere = (place: Place, region: string): Place => ({ ...place, region });
