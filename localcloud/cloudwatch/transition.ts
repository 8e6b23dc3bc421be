/** What follows when an alarm changes its state. */
import { type Context, isServiceError } from '../service.ts';
import { remember } from './history.ts';
import { notification } from './notification.ts';
import { alarmsIn, holds } from './rule.ts';
import type { AlarmState, Monitoring, StoredAlarm, StoredCompositeAlarm } from './state.ts';

/** A state and why. */
export interface Verdict {
  readonly to: AlarmState;
  readonly reason: string;
  /** JSON for machines. */
  readonly data?: string;
}

/**
 * Puts an alarm into a state. If that is another than before, the change is noted and kept in the history, actions are
 * taken, and the composite alarms that depend on it are judged anew.
 */
export function transition(alarm: StoredAlarm, verdict: Verdict, place: Place): void {
  const { state, context } = place;
  const { to, reason, data } = verdict;
  const from = alarm.state;
  if (from === to) return;
  const before = stateOf(alarm);
  alarm.state = to;
  alarm.reason = reason;
  alarm.reasonData = data;
  alarm.updated = context.now;
  alarm.transitioned = context.now;
  context.note('AlarmChangedState', { alarm: alarm.name, from, to, reason });
  remember(state, alarm, {
    type: 'StateUpdate',
    summary: `Alarm updated from ${from} to ${to}`,
    data: { oldState: before, newState: stateOf(alarm) },
    now: context.now,
  });
  act(alarm, from, place);
  for (const other of state.alarms.values()) {
    if (other.kind === 'composite' && alarmsIn(other.rule).includes(alarm.name)) judgeComposite(other, place);
  }
}

/** A state as the history tells it. */
const stateOf = ({ state, reason, reasonData }: StoredAlarm) => ({
  stateValue: state,
  stateReason: reason,
  ...(reasonData === undefined ? {} : { stateReasonData: JSON.parse(reasonData) }),
});

/** Where a change happens. */
export interface Place {
  readonly state: Monitoring;
  readonly context: Context;
  /** The composites whose change led here. */
  readonly path?: readonly string[];
}

/**
 * ALARM while the rule holds, OK while it does not. AWS allows composites that depend on each other in a circle, and
 * warns that they may never settle; here a change goes round once.
 */
export function judgeComposite(alarm: StoredCompositeAlarm, { state, context, path = [] }: Place): void {
  if (path.includes(alarm.name)) return;
  const to = holds(alarm.rule, (name) => state.alarms.get(name)?.state) ? 'ALARM' : 'OK';
  const children = alarmsIn(alarm.rule).map((name) => `${name} is ${state.alarms.get(name)?.state ?? 'gone'}`);
  const reason = `${alarm.input.AlarmRule}: ${children.join(', ')}`;
  transition(alarm, { to, reason }, { state, context, path: [...path, alarm.name] });
}

/** Takes the actions for the new state. An action that fails is noted and changes nothing: CloudWatch does not try again. */
function act(alarm: StoredAlarm, from: AlarmState, { state, context }: Place): void {
  if (!alarm.actionsEnabled) return;
  const { OKActions, AlarmActions, InsufficientDataActions } = alarm.input;
  const actions = { OK: OKActions, ALARM: AlarmActions, INSUFFICIENT_DATA: InsufficientDataActions }[alarm.state] ?? [];
  for (const topic of actions) {
    let failure: string | undefined;
    try {
      context.call({
        service: 'sns',
        action: 'Publish',
        input: { TopicArn: topic, ...notification(alarm, from, { state, context }) },
        as: { kind: 'service', account: state.account, service: 'cloudwatch.amazonaws.com', sourceArn: alarm.arn },
      });
    } catch (error) {
      if (!isServiceError(error)) throw error;
      failure = `${error.code}: ${error.message}`;
      context.note('AlarmActionFailed', { alarm: alarm.name, action: topic, error: failure });
    }
    remember(state, alarm, {
      type: 'Action',
      summary: failure === undefined ? `Successfully executed action ${topic}` : `Failed to execute action ${topic}`,
      data: {
        actionState: failure === undefined ? 'Succeeded' : 'Failed',
        notificationResource: topic,
        error: failure ?? null,
      },
      now: context.now,
    });
  }
}
