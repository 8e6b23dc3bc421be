/** What metric and composite alarms have in common when they are put. */
import type { Tag } from '@aws-sdk/client-cloudwatch';
import type { Context } from '../service.ts';
import { alarmArn, type Monitoring, type StoredAlarm } from './state.ts';
import { addTags } from './tags.ts';
import { invalid, unsupported } from './time.ts';

/** The options both kinds share. */
export interface AlarmOptions {
  readonly AlarmName: string | undefined;
  readonly ActionsEnabled?: boolean | undefined;
  readonly OKActions?: string[] | undefined;
  readonly AlarmActions?: string[] | undefined;
  readonly InsufficientDataActions?: string[] | undefined;
  readonly Tags?: Tag[] | undefined;
}

export const SHARED_MEMBERS = [
  'AlarmName',
  'AlarmDescription',
  'ActionsEnabled',
  'OKActions',
  'AlarmActions',
  'InsufficientDataActions',
  'Tags',
] as const;

/** The name, and at most five actions a state, all of them topics. */
export function checkOptions(state: Monitoring, options: AlarmOptions, kind: StoredAlarm['kind']): string {
  const { AlarmName: name = '' } = options;
  if (name.length < 1 || name.length > 255)
    throw invalid(`AlarmName must have 1 to 255 characters, not ${name.length}`);
  const existing = state.alarms.get(name);
  if (existing && existing.kind !== kind)
    throw invalid(`An alarm of another type with the name ${name} exists already`);
  for (const actions of [options.OKActions, options.AlarmActions, options.InsufficientDataActions]) {
    if ((actions?.length ?? 0) > 5) throw invalid('An alarm has at most 5 actions for each state');
    for (const action of actions ?? []) {
      if (!action.startsWith('arn:')) throw invalid(`Invalid arn syntax: ${action}`);
      if (!action.startsWith('arn:aws:sns:')) throw unsupported(`the alarm action ${action}; it knows topics of SNS`);
      if (action.split(':')[3] !== state.region)
        throw invalid(`Invalid region ${action.split(':')[3]} specified. Only ${state.region} is supported.`);
    }
  }
  return name;
}

/** What a new alarm starts with. An alarm that is put again keeps its state and its tags. */
export const startOf = (state: Monitoring, name: string, { now }: Context) => ({
  name,
  arn: alarmArn(state, name),
  state: 'INSUFFICIENT_DATA' as const,
  reason: 'Unchecked: Initial alarm creation',
  reasonData: undefined,
  updated: now,
  transitioned: now,
  tags: new Map<string, string>(),
});

/** Tags count only when the alarm is created (API reference, PutMetricAlarm). */
export function tagNew(alarm: StoredAlarm, tags: Tag[] | undefined): void {
  addTags(alarm.tags, tags);
}
