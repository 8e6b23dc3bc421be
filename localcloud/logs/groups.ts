/** Log groups. */
import type {
  CreateLogGroupRequest,
  DeleteLogGroupRequest,
  DescribeLogGroupsRequest,
  DescribeLogGroupsResponse,
  LogGroup,
} from '@aws-sdk/client-cloudwatch-logs';
import { type Action, refuseUnknown, ServiceError } from '../service.ts';
import { checkKey } from './encryption.ts';
import { page } from './pages.ts';
import { forgetExpired } from './retention.ts';
import { alreadyExists, type Group, groupArn, groupNamed, invalid, type Logs } from './state.ts';
import { bytesOf } from './streams.ts';
import { addTags } from './tags.ts';

export const createLogGroup: Action<Logs, CreateLogGroupRequest, object> = (input, state, context) => {
  refuseUnknown('logs:CreateLogGroup', input, ['logGroupName', 'kmsKeyId', 'tags', 'logGroupClass']);
  const { logGroupName: name = '', logGroupClass: kind = 'STANDARD' } = input;
  if (!/^[.\-_/#A-Za-z0-9]{1,512}$/.test(name)) {
    throw invalid(
      `1 validation error detected: Value '${name}' at 'logGroupName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\.\\-_/#A-Za-z0-9]+`,
    );
  }
  if (kind !== 'STANDARD') {
    throw new ServiceError(
      'NotImplemented',
      `logs: the local cloud does not support logGroupClass ${kind}; only STANDARD`,
      { status: 501 },
    );
  }
  if (state.groups.has(name)) throw alreadyExists('The specified log group already exists');
  const arn = groupArn(state, name);
  const tags = new Map<string, string>();
  addTags(tags, input.tags);
  const kmsKeyId = input.kmsKeyId === undefined ? undefined : checkKey(input.kmsKeyId, arn, context);
  const group = { name, arn, created: context.now, retentionInDays: undefined, kmsKeyId, tags, streams: new Map() };
  state.groups.set(name, group);
  return {};
};

export const deleteLogGroup: Action<Logs, DeleteLogGroupRequest, object> = (input, state) => {
  refuseUnknown('logs:DeleteLogGroup', input, ['logGroupName']);
  state.groups.delete(groupNamed(state, input.logGroupName).name);
  return {};
};

const MEMBERS = ['logGroupNamePrefix', 'logGroupNamePattern', 'nextToken', 'limit', 'logGroupClass'];

/** DescribeLogGroups: by name, 50 at a time; a prefix respects case, a pattern does not and may stand anywhere. */
export const describeLogGroups: Action<Logs, DescribeLogGroupsRequest, DescribeLogGroupsResponse> = (
  input,
  state,
  context,
) => {
  refuseUnknown('logs:DescribeLogGroups', input, MEMBERS);
  const { logGroupNamePrefix: prefix, logGroupNamePattern: pattern, logGroupClass: kind = 'STANDARD' } = input;
  if (prefix !== undefined && pattern !== undefined) {
    throw invalid('LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.');
  }
  const wanted = [...state.groups.values()]
    .filter(({ name }) => kind === 'STANDARD' && name.startsWith(prefix ?? ''))
    .filter(({ name }) => name.toLowerCase().includes(pattern?.toLowerCase() ?? ''))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const { items, rest } = page(wanted, input.nextToken, input.limit ?? 50);
  return { logGroups: items.map((group) => describe(group, context.now)), ...rest };
};

function describe(group: Group, now: number): LogGroup {
  let storedBytes = 0;
  for (const stream of group.streams.values()) {
    forgetExpired(group, stream, now);
    storedBytes += bytesOf(stream);
  }
  return {
    logGroupName: group.name,
    creationTime: group.created,
    ...(group.retentionInDays === undefined ? {} : { retentionInDays: group.retentionInDays }),
    metricFilterCount: 0,
    arn: `${group.arn}:*`,
    logGroupArn: group.arn,
    storedBytes,
    ...(group.kmsKeyId === undefined ? {} : { kmsKeyId: group.kmsKeyId }),
    logGroupClass: 'STANDARD',
  };
}
