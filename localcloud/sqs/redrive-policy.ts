/** RedrivePolicy of a source queue and RedriveAllowPolicy of a dead-letter queue. */
import { invalidParameter, invalidValue } from './errors.ts';
import type { Queue, Queues } from './state.ts';

export interface RedriveTarget {
  readonly arn: string;
  readonly name: string;
  readonly maxReceiveCount: number;
}

export type RedriveAllowance = 'allowAll' | 'denyAll' | { readonly sources: readonly string[] };

export const readTarget = (policy: string | undefined): RedriveTarget | undefined => {
  if (!policy) return undefined;
  const { deadLetterTargetArn, maxReceiveCount } = JSON.parse(policy);
  return { arn: deadLetterTargetArn, name: nameIn(deadLetterTargetArn), maxReceiveCount: Number(maxReceiveCount) };
};

export const readAllowance = (policy: string | undefined): RedriveAllowance => {
  if (!policy) return 'allowAll';
  const { redrivePermission, sourceQueueArns } = JSON.parse(policy);
  return redrivePermission === 'byQueue' ? { sources: sourceQueueArns } : redrivePermission;
};

const nameIn = (arn: string): string => arn.slice(arn.lastIndexOf(':') + 1);

export const allows = (deadLetterQueue: Queue, sourceArn: string): boolean => {
  const { allowance } = deadLetterQueue.settings;
  return typeof allowance === 'object' ? allowance.sources.includes(sourceArn) : allowance === 'allowAll';
};

/**
 * Checks a RedrivePolicy that a source queue is to have, and the dead-letter queue it names.
 * @throws ServiceError `InvalidParameterValue`
 */
export function checkRedrivePolicy(policy: string, source: { arn: string; fifo: boolean }, state: Queues): void {
  const refuse = (reason: string) => invalidValue(policy, 'RedrivePolicy', reason);
  const fields = objectIn(policy);
  if (fields === undefined) {
    throw invalidParameter(
      'Invalid value for the parameter RedrivePolicy. Reason: Redrive policy is not a valid JSON map.',
    );
  }
  for (const name of ['maxReceiveCount', 'deadLetterTargetArn']) {
    if (!(name in fields)) throw refuse(`Redrive policy does not contain mandatory attribute: ${name}.`);
  }
  if (Object.keys(fields).length > 2) {
    throw refuse('Only following attributes are supported: [maxReceiveCount, deadLetterTargetArn].');
  }
  const { deadLetterTargetArn: arn, maxReceiveCount } = fields;
  const limit = Number(maxReceiveCount);
  if (!Number.isInteger(limit) || limit < 1 || limit > 1000) {
    throw refuse(
      `Invalid value for maxReceiveCount: ${maxReceiveCount}, valid values are from 1 to 1000 both inclusive.`,
    );
  }
  if (typeof arn !== 'string' || arn.split(':').length !== 6) throw refuse('Invalid value for deadLetterTargetArn.');
  const target = state.queues.get(nameIn(arn));
  if (target === undefined || target.arn !== arn) throw refuse('Dead letter target does not exist.');
  if (target.fifo !== source.fifo) throw refuse('Dead-letter queue must be same type of queue as the source.');
  if (!allows(target, source.arn)) throw refuse(`The redrive allow policy of ${arn} does not permit ${source.arn}.`);
}

/** @throws ServiceError `InvalidParameterValue` */
export function checkRedriveAllowPolicy(policy: string): void {
  const { redrivePermission: permission, sourceQueueArns: sources, ...others } = objectIn(policy) ?? {};
  const known = ['allowAll', 'denyAll', 'byQueue'].includes(permission as string) && Object.keys(others).length === 0;
  if (
    !known ||
    !(sources === undefined || (Array.isArray(sources) && sources.every((arn) => typeof arn === 'string')))
  ) {
    throw invalidParameter(
      "Invalid value for the parameter RedriveAllowPolicy. Reason: Amazon SQS can't create the redrive allow policy, as it’s in an unsupported format.",
    );
  }
  const refuse = (reason: string) =>
    invalidValue(policy, 'RedriveAllowPolicy', `Amazon SQS can't create the redrive allow policy. ${reason}`);
  if (permission !== 'byQueue') {
    if (sources === undefined) return;
    throw refuse('To specify one or more source queue ARNs, you must set redrivePermission to byQueue.');
  }
  if (!Array.isArray(sources) || sources.length === 0) {
    throw refuse(
      'When you specify the byQueue permission type, you must also specify one or more sourceQueueArns values.',
    );
  }
  if (sources.length > 10) throw refuse('The maximum number of source queue ARNs you can specify is 10.');
}

function objectIn(json: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
