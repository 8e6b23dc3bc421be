/** Log groups. */
import type {
  CreateLogGroupRequest,
  DeleteLogGroupRequest,
  DescribeLogGroupsRequest,
  DescribeLogGroupsResponse,
  LogGroup,
  PutLogGroupDeletionProtectionRequest,
} from '@aws-sdk/client-cloudwatch-logs';
import { type Action, refuseUnknown, ServiceError } from '../service.ts';
import { checkKey } from './encryption.ts';
import { page } from './pages.ts';
import { forgetExpired } from './retention.ts';
import {
  alreadyExists,
  checkLimit,
  checkName,
  type Group,
  groupArn,
  groupNamed,
  invalid,
  type Logs,
  violated,
} from './state.ts';
import { bytesOf } from './streams.ts';
import { addTags } from './tags.ts';

export const createLogGroup: Action<Logs, CreateLogGroupRequest, object> = (input, state, context) => {
  refuseUnknown('logs:CreateLogGroup', input, [
    'logGroupName',
    'kmsKeyId',
    'tags',
    'logGroupClass',
    'deletionProtectionEnabled',
  ]);
  const { logGroupClass: kind = 'STANDARD', deletionProtectionEnabled: deletionProtected = false } = input;
  const name = checkName(input.logGroupName);
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
  const group = {
    name,
    arn,
    created: context.now,
    retentionInDays: undefined,
    deletionProtected,
    kmsKeyId,
    tags,
    streams: new Map(),
  };
  state.groups.set(name, group);
  return {};
};

export const deleteLogGroup: Action<Logs, DeleteLogGroupRequest, object> = (input, state) => {
  refuseUnknown('logs:DeleteLogGroup', input, ['logGroupName']);
  const group = groupNamed(state, input.logGroupName);
  refuseProtected(group, 'log group');
  state.groups.delete(group.name);
  return {};
};

export const putLogGroupDeletionProtection: Action<Logs, PutLogGroupDeletionProtectionRequest, object> = (
  input,
  state,
) => {
  refuseUnknown('logs:PutLogGroupDeletionProtection', input, ['logGroupIdentifier', 'deletionProtectionEnabled']);
  const { deletionProtectionEnabled: on } = input;
  if (on === undefined) throw violated("Value null at 'deletionProtectionEnabled'", 'Member must not be null');
  groupNamed(state, input.logGroupIdentifier, 'logGroupIdentifier').deletionProtected = on;
  return {};
};

/** @throws ServiceError `ValidationException` (CloudWatch Logs User Guide, "Protecting log groups from deletion") */
export function refuseProtected(group: Group, what: string): void {
  if (!group.deletionProtected) return;
  throw new ServiceError(
    'ValidationException',
    `Cannot delete ${what} with deletion protection enabled. Disable deletion protection first.`,
  );
}

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
  checkLimit(input.limit ?? 50, 50);
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
    deletionProtectionEnabled: group.deletionProtected,
    arn: `${group.arn}:*`,
    logGroupArn: group.arn,
    storedBytes,
    ...(group.kmsKeyId === undefined ? {} : { kmsKeyId: group.kmsKeyId }),
    logGroupClass: 'STANDARD',
  };
}
