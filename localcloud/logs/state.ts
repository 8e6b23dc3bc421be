import { ServiceError } from '../service.ts';

export interface LogEvent {
  readonly id: string;
  /** Milliseconds since 1970, as all times of CloudWatch Logs. */
  readonly timestamp: number;
  readonly message: string;
  readonly ingested: number;
}

export interface Stream {
  readonly name: string;
  readonly arn: string;
  readonly created: number;
  /** By timestamp, and those of the same by arrival. */
  events: LogEvent[];
  /** How many events retention has taken from the front, so that positions in the stream stay what they were. */
  forgotten: number;
  lastIngestion: number | undefined;
  /** How many events were ever written: numbers their ids. */
  written: number;
}

export interface Group {
  readonly name: string;
  /** Without the `:*` that DescribeLogGroups adds. */
  readonly arn: string;
  readonly created: number;
  retentionInDays: number | undefined;
  kmsKeyId: string | undefined;
  readonly tags: Map<string, string>;
  readonly streams: Map<string, Stream>;
}

/** What CloudWatch Logs remembers in a region. */
export interface Logs {
  readonly region: string;
  readonly account: string;
  readonly groups: Map<string, Group>;
}

export const createLogs = (region: string, account: string): Logs => ({ region, account, groups: new Map() });

export const groupArn = (state: Logs, name: string): string =>
  `arn:aws:logs:${state.region}:${state.account}:log-group:${name}`;

/**
 * The group, by name or by ARN (with or without `:*`).
 * @throws ServiceError `ResourceNotFoundException`
 */
export function groupNamed(state: Logs, name: string | undefined): Group {
  const head = groupArn(state, '');
  const bare = name?.startsWith(head) ? name.slice(head.length).replace(/:\*$/, '') : name;
  const group = state.groups.get(bare ?? '');
  if (group) return group;
  throw notFound('The specified log group does not exist.');
}

/** @throws ServiceError `ResourceNotFoundException` */
export function streamNamed(group: Group, name = ''): Stream {
  const stream = group.streams.get(name);
  if (stream) return stream;
  throw notFound('The specified log stream does not exist.');
}

export const notFound = (message: string) => new ServiceError('ResourceNotFoundException', message);
export const invalid = (message: string) => new ServiceError('InvalidParameterException', message);
export const alreadyExists = (message: string) => new ServiceError('ResourceAlreadyExistsException', message);
