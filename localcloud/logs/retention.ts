/** How long events are kept. */
import type { DeleteRetentionPolicyRequest, PutRetentionPolicyRequest } from '@aws-sdk/client-cloudwatch-logs';
import { type Action, refuseUnknown } from '../service.ts';
import { type Group, groupNamed, invalid, type Logs, type Stream } from './state.ts';

export const DAY = 86_400_000;

/** The only numbers of days there are (API reference, PutRetentionPolicy). */
const DAYS = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];

export const putRetentionPolicy: Action<Logs, PutRetentionPolicyRequest, object> = (input, state) => {
  refuseUnknown('logs:PutRetentionPolicy', input, ['logGroupName', 'retentionInDays']);
  const { retentionInDays: days = 0 } = input;
  if (!DAYS.includes(days)) throw invalid(`retentionInDays must be one of ${DAYS.join(', ')}, not ${days}`);
  groupNamed(state, input.logGroupName).retentionInDays = days;
  return {};
};

export const deleteRetentionPolicy: Action<Logs, DeleteRetentionPolicyRequest, object> = (input, state) => {
  refuseUnknown('logs:DeleteRetentionPolicy', input, ['logGroupName']);
  groupNamed(state, input.logGroupName).retentionInDays = undefined;
  return {};
};

/** The time before which events are gone. */
export const expiry = (group: Group, now: number): number =>
  group.retentionInDays === undefined ? Number.NEGATIVE_INFINITY : now - group.retentionInDays * DAY;

/** Events expire when somebody looks or writes: no place on the agenda is needed. */
export function forgetExpired(group: Group, stream: Stream, now: number): void {
  const before = expiry(group, now);
  if ((stream.events[0]?.timestamp ?? now) >= before) return;
  const kept = stream.events.filter((event) => event.timestamp >= before);
  stream.forgotten += stream.events.length - kept.length;
  stream.events = kept;
}
