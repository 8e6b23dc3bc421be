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
  /** While it is on, neither the group nor a stream of it can be deleted. */
  deletionProtected: boolean;
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
 * The group, by name or by ARN (with or without `:*`); `member` is the member of the request that says it.
 * @throws ServiceError `InvalidParameterException` for what can be no group's name, `ResourceNotFoundException`
 */
export function groupNamed(state: Logs, name: string | undefined, member = 'logGroupName'): Group {
  const head = groupArn(state, '');
  const bare = name?.startsWith(head) ? name.slice(head.length).replace(/:\*$/, '') : name;
  const group = state.groups.get(checkName(bare, member));
  if (group) return group;
  throw notFound('The specified log group does not exist.');
}

/** @throws ServiceError `ResourceNotFoundException` */
export function streamNamed(group: Group, name = ''): Stream {
  const stream = group.streams.get(name);
  if (stream) return stream;
  throw notFound('The specified log stream does not exist.');
}

/** @throws ServiceError `InvalidParameterException` for what can be no group's name; an ARN of elsewhere passes, and is not found */
export function checkName(name: string | undefined, member = 'logGroupName'): string {
  if (name === undefined) throw violated(`Value null at '${member}'`, 'Member must not be null');
  if (name.startsWith('arn:')) return name;
  const where = `Value '${name}' at '${member}'`;
  if (name === '') throw violated(where, 'Member must have length greater than or equal to 1');
  if (name.length > 512) {
    throw invalid('Invalid LogGroup or LogStream, both must have length less than or equal to 512.');
  }
  if (!/^[.\-_/#A-Za-z0-9]+$/.test(name)) {
    throw violated(where, 'Member must satisfy regular expression pattern: [\\.\\-_/#A-Za-z0-9]+');
  }
  return name;
}

/** Of an event list's `limit`, from 1 to 10,000. */
export function checkLimit(limit: number, most = 10_000): void {
  const bound = limit < 1 ? 'greater than or equal to 1' : `less than or equal to ${most}`;
  if (limit < 1 || limit > most) throw violated(`Value '${limit}' at 'limit'`, `Member must have value ${bound}`);
}

/** The group that a request means by its name or, as newer actions allow instead, by an identifier: its name or its ARN. */
export function groupIn(state: Logs, input: { logGroupName?: string; logGroupIdentifier?: string }): Group {
  const { logGroupName: name, logGroupIdentifier: identifier } = input;
  if (name !== undefined && identifier !== undefined) {
    throw new ServiceError('ValidationException', 'LogGroup name and LogGroup ARN are mutually exclusive parameters.');
  }
  return identifier === undefined ? groupNamed(state, name) : groupNamed(state, identifier, 'logGroupIdentifier');
}

/** In the words of AWS for what the model of its API forbids. */
export const violated = (where: string, constraint: string) =>
  invalid(`1 validation error detected: ${where} failed to satisfy constraint: ${constraint}`);

export const notFound = (message: string) => new ServiceError('ResourceNotFoundException', message);
export const invalid = (message: string) => new ServiceError('InvalidParameterException', message);
export const alreadyExists = (message: string) => new ServiceError('ResourceAlreadyExistsException', message);
