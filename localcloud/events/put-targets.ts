import type { PutTargetsRequest, PutTargetsResponse, Target } from '@aws-sdk/client-eventbridge';
import { type Action, refuseUnknown, ServiceError } from '../service.ts';
import { checkInput } from './input.ts';
import { arnOf, beyondLimit, checkName, type Events, findRule, invalid, type Rule, violated } from './state.ts';

/** Targets of a rule (EventBridge quotas). */
const MOST_TARGETS = 5;
const MEMBERS = [
  ...['Id', 'Arn', 'RoleArn', 'Input', 'InputPath', 'InputTransformer'],
  ...['SqsParameters', 'DeadLetterConfig', 'RetryPolicy'],
];

/** PutTargets. AWS's other kinds of target are refused by name. */
export const putTargets: Action<Events, PutTargetsRequest, PutTargetsResponse> = (input, state) => {
  refuseUnknown('events:PutTargets', input, ['Rule', 'EventBusName', 'Targets']);
  const rule = findRule(state, input.Rule!, input.EventBusName);
  const targets = input.Targets ?? [];
  for (const [index, target] of targets.entries()) {
    checkName(target.Id, `targets.${index + 1}.member.id`);
    checkTarget(target, rule, state);
    checkRetryPolicy(target, `targets.${index + 1}.member.retryPolicy`);
  }
  if (new Set([...rule.targets.keys(), ...targets.map((target) => target.Id)]).size > MOST_TARGETS) beyondLimit();
  for (const target of targets) rule.targets.set(target.Id!, target);
  return { FailedEntryCount: 0, FailedEntries: [] };
};

function checkTarget(target: Target, rule: Rule, state: Events): void {
  refuseUnknown(`events:PutTargets of target ${target.Id}`, target, MEMBERS);
  const arn = target.Arn ?? '';
  const [prefix, , service = '', region, account, resource = ''] = arn.split(':');
  if (prefix !== 'arn' || resource === '')
    invalid(`Parameter ${arn} is not valid. Reason: Provided Arn is not in correct format.`);
  const bus = service === 'events' && resource.startsWith('event-bus/');
  if (service !== 'sqs' && service !== 'sns' && !bus) {
    throw new ServiceError(
      'NotImplemented',
      `events:PutTargets: the local cloud delivers to queues, topics and event buses; target ${target.Id} is ${arn}`,
      { status: 501 },
    );
  }
  if (bus) checkBusTarget(target, rule, state);
  // Only buses may be in another region (user guide, "Sending and receiving events between Regions").
  else if (region !== state.region)
    invalid(`Parameter ${arn} is not valid. Reason: the target is not in Region ${state.region}.`);
  else if (account !== state.account)
    invalid(`Access to the resource ${arn} is denied. Reason: Adding cross-account target is not permitted.`);
  if (service === 'sqs' && resource.endsWith('.fifo') && !target.SqsParameters?.MessageGroupId) {
    invalid(`Parameter(s) SqsParameters must be specified for target: ${target.Id}.`);
  }
  if (service !== 'sqs' && target.SqsParameters) invalid(`SqsParameters is not supported for target ${arn}.`);
  checkInput(target);
  checkDeadLetterQueue(target, state);
}

function checkBusTarget(target: Target, rule: Rule, state: Events): void {
  const arn = target.Arn!;
  if (!target.RoleArn) invalid(`RoleArn is required for target ${arn}.`);
  if (arn === arnOf(state, `event-bus/${rule.bus}`))
    invalid(`Event bus ${rule.bus} cannot be a target of its own rules.`);
  // A bus receives the event itself (user guide, "Input transformation": not for event buses). And it has no retry policy:
  // "Retry policy is not supported for Event bus targets" (CDK API reference, EventBusProps), which the service itself says.
  for (const member of ['Input', 'InputPath', 'InputTransformer', 'RetryPolicy'] as const) {
    if (target[member] !== undefined) invalid(`${member} is not supported for target ${arn}.`);
  }
}

/** It must be a queue of the same region and account. A FIFO queue is taken, as by AWS; only delivering to it fails. */
function checkDeadLetterQueue(target: Target, state: Events): void {
  const arn = target.DeadLetterConfig?.Arn;
  if (arn !== undefined && !arn.startsWith(`arn:aws:sqs:${state.region}:${state.account}:`)) {
    invalid(
      `Parameter DeadLetterConfig.Arn is not valid for target ${target.Id}: ${arn} is not a queue of Region ${state.region}.`,
    );
  }
}

function checkRetryPolicy(target: Target, where: string): void {
  const { MaximumRetryAttempts: attempts = 0, MaximumEventAgeInSeconds: age = 60 } = target.RetryPolicy ?? {};
  const within = (value: number, low: number, high: number, member: string) => {
    if (value >= low && value <= high) return;
    const bound = value < low ? `greater than or equal to ${low}` : `less than or equal to ${high}`;
    violated(`Value '${value}' at '${where}.${member}'`, `Member must have value ${bound}`);
  };
  within(attempts, 0, 185, 'maximumRetryAttempts');
  within(age, 60, 86_400, 'maximumEventAgeInSeconds');
}
