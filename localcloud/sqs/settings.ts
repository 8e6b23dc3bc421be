/** Queue attributes: AWS's defaults, what may be set to what, and the same as numbers for the actions that need them often. */

import { ServiceError } from '../service.ts';
import { invalidAttribute, unknownAttribute } from './errors.ts';
import { checkPolicyQuota } from './policy-quota.ts';
import {
  checkRedriveAllowPolicy,
  type RedriveAllowance,
  type RedriveTarget,
  readAllowance,
  readTarget,
} from './redrive-policy.ts';

/** Times in milliseconds. */
export interface Settings {
  readonly visibility: number;
  readonly retention: number;
  readonly delay: number;
  readonly wait: number;
  readonly maximumBytes: number;
  readonly contentBasedDeduplication: boolean;
  /** Whether deduplication ids count per message group and not per queue. */
  readonly deduplicationPerGroup: boolean;
  readonly redrive: RedriveTarget | undefined;
  readonly allowance: RedriveAllowance;
}

/** One MiB since August 2025: the limit of a message and of a batch. */
export const MAXIMUM_BYTES = 1_048_576;

const ranges: Readonly<Record<string, readonly [number, number]>> = {
  DelaySeconds: [0, 900],
  KmsDataKeyReusePeriodSeconds: [60, 86_400],
  MaximumMessageSize: [1024, MAXIMUM_BYTES],
  MessageRetentionPeriod: [60, 1_209_600],
  ReceiveMessageWaitTimeSeconds: [0, 20],
  VisibilityTimeout: [0, 43_200],
};

const choices: Readonly<Record<string, readonly string[]>> = {
  ContentBasedDeduplication: ['true', 'false'],
  DeduplicationScope: ['queue', 'messageGroup'],
  FifoQueue: ['true'],
  FifoThroughputLimit: ['perQueue', 'perMessageGroupId'],
  SqsManagedSseEnabled: ['true', 'false'],
};

const fifoOnly = ['ContentBasedDeduplication', 'DeduplicationScope', 'FifoQueue', 'FifoThroughputLimit'];
/** Setting one of these to the empty string takes it away. */
const removable = ['KmsMasterKeyId', 'Policy', 'RedriveAllowPolicy', 'RedrivePolicy'];

const settable = [...Object.keys(ranges), ...Object.keys(choices), ...removable];

/** What GetQueueAttributes can be asked for besides what can be set. */
export const readable = [
  ...settable,
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesDelayed',
  'ApproximateNumberOfMessagesNotVisible',
  'CreatedTimestamp',
  'LastModifiedTimestamp',
  'QueueArn',
];

export const defaultsOf = (fifo: boolean): Map<string, string> =>
  new Map([
    ['VisibilityTimeout', '30'],
    ['MaximumMessageSize', String(MAXIMUM_BYTES)],
    ['MessageRetentionPeriod', '345600'],
    ['DelaySeconds', '0'],
    ['ReceiveMessageWaitTimeSeconds', '0'],
    ['SqsManagedSseEnabled', 'true'],
    ...(fifo
      ? ([
          ['FifoQueue', 'true'],
          ['ContentBasedDeduplication', 'false'],
          ['DeduplicationScope', 'queue'],
          ['FifoThroughputLimit', 'perQueue'],
        ] as const)
      : []),
  ]);

export function settingsOf(attributes: ReadonlyMap<string, string>): Settings {
  const milliseconds = (name: string) => Number(attributes.get(name)) * 1000;
  return {
    visibility: milliseconds('VisibilityTimeout'),
    retention: milliseconds('MessageRetentionPeriod'),
    delay: milliseconds('DelaySeconds'),
    wait: milliseconds('ReceiveMessageWaitTimeSeconds'),
    maximumBytes: Number(attributes.get('MaximumMessageSize')),
    contentBasedDeduplication: attributes.get('ContentBasedDeduplication') === 'true',
    deduplicationPerGroup: attributes.get('DeduplicationScope') === 'messageGroup',
    redrive: readTarget(attributes.get('RedrivePolicy')),
    allowance: readAllowance(attributes.get('RedriveAllowPolicy')),
  };
}

/**
 * The attributes that a queue would have after a request.
 * @throws ServiceError `InvalidAttributeName`, `InvalidAttributeValue`
 */
export function withAttributes(
  present: ReadonlyMap<string, string>,
  requested: Readonly<Record<string, string | undefined>>,
): Map<string, string> {
  const attributes = new Map(present);
  const fifo = present.get('FifoQueue') === 'true';
  if (requested.SqsManagedSseEnabled === 'true' && requested.KmsMasterKeyId) throw twoEncryptions();
  for (const [name, value] of Object.entries(requested)) {
    if (value === undefined) continue;
    checkAttribute(name, value, fifo);
    if (value === '' && removable.includes(name)) attributes.delete(name);
    else attributes.set(name, value);
  }
  if (requested.KmsMasterKeyId) attributes.set('SqsManagedSseEnabled', 'false');
  if (requested.SqsManagedSseEnabled === 'true') attributes.delete('KmsMasterKeyId');
  if (!attributes.has('KmsMasterKeyId')) attributes.delete('KmsDataKeyReusePeriodSeconds');
  else if (!attributes.has('KmsDataKeyReusePeriodSeconds')) attributes.set('KmsDataKeyReusePeriodSeconds', '300');
  checkThroughputLimit(attributes);
  return attributes;
}

const twoEncryptions = () =>
  new ServiceError(
    'InvalidAttributeName',
    'You can use one type of server-side encryption (SSE) at one time. You can either enable KMS SSE or SQS SSE.',
  );

function checkAttribute(name: string, value: string, fifo: boolean): void {
  if (!settable.includes(name) || (fifoOnly.includes(name) && !fifo)) throw unknownAttribute(name);
  const range = ranges[name];
  if (range !== undefined && !(/^\d+$/.test(value) && Number(value) >= range[0] && Number(value) <= range[1])) {
    throw invalidAttribute(name);
  }
  if (choices[name]?.includes(value) === false) throw invalidAttribute(name);
  if (name === 'Policy' && value !== '') {
    if (!isObject(value)) throw invalidAttribute(name);
    checkPolicyQuota(value);
  }
  if (name === 'RedriveAllowPolicy' && value !== '') checkRedriveAllowPolicy(value);
}

function checkThroughputLimit(attributes: ReadonlyMap<string, string>): void {
  if (attributes.get('FifoThroughputLimit') !== 'perMessageGroupId') return;
  if (attributes.get('DeduplicationScope') === 'messageGroup') return;
  throw invalidAttribute(
    'FifoThroughputLimit',
    'The perMessageGroupId value is allowed only when the value for DeduplicationScope is messageGroup.',
  );
}

function isObject(json: string): boolean {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
