/** Deleting alarms, setting their state by hand, and switching their actions on and off. */
import type {
  DeleteAlarmsInput,
  DisableAlarmActionsInput,
  EnableAlarmActionsInput,
  SetAlarmStateInput,
} from '@aws-sdk/client-cloudwatch';
import { type Action, refuseUnknown, ServiceError } from '../service.ts';
import { planEvaluation } from './evaluate.ts';
import { rememberUpdate } from './history.ts';
import { alarmsIn } from './rule.ts';
import { type AlarmState, alarmNamed, type Monitoring } from './state.ts';
import { invalid, violated } from './time.ts';
import { transition } from './transition.ts';

/** DeleteAlarms: names that no alarm has are passed over; not while a composite alarm that stays depends on one. */
export const deleteAlarms: Action<Monitoring, DeleteAlarmsInput, object> = (input, state, context) => {
  refuseUnknown('monitoring:DeleteAlarms', input, ['AlarmNames']);
  const { AlarmNames: names = [] } = input;
  if (names.length > 100) throw invalid(`At most 100 alarms can be deleted at once, not ${names.length}`);
  if (names.filter((name) => state.alarms.get(name)?.kind === 'composite').length > 1)
    throw invalid('Only one composite alarm can be deleted at a time');
  for (const other of state.alarms.values()) {
    if (other.kind !== 'composite' || names.includes(other.name)) continue;
    const needed = alarmsIn(other.rule).find((child) => names.includes(child));
    if (needed !== undefined)
      throw invalid(`Cannot delete ${needed} as there are composite alarms depending on it: ${other.name}`);
  }
  for (const name of names) {
    const alarm = state.alarms.get(name);
    if (!alarm) continue;
    state.alarms.delete(name);
    rememberUpdate(state, alarm, { what: 'deleted', now: context.now });
  }
  planEvaluation(state, context);
  return {};
};

/** SetAlarmState: for tests and drills; a metric alarm goes back at its next evaluation. */
export const setAlarmState: Action<Monitoring, SetAlarmStateInput, object> = (input, state, context) => {
  refuseUnknown('monitoring:SetAlarmState', input, ['AlarmName', 'StateValue', 'StateReason', 'StateReasonData']);
  const { StateValue: to, StateReason: reason = '', StateReasonData: data } = input;
  if (!to || !['OK', 'ALARM', 'INSUFFICIENT_DATA'].includes(to)) {
    throw violated(
      `Value '${to}' at 'stateValue'`,
      'Member must satisfy enum value set: [INSUFFICIENT_DATA, ALARM, OK]',
    );
  }
  if (data !== undefined && !isJson(data))
    throw new ServiceError('InvalidFormatFault', 'StateReasonData was not valid JSON');
  const alarm = alarmNamed(state, input.AlarmName);
  transition(alarm, { to: to as AlarmState, reason, ...(data === undefined ? {} : { data }) }, { state, context });
  return {};
};

/** Names that do not exist are passed over, as on AWS. */
const switchActions =
  (enabled: boolean): Action<Monitoring, EnableAlarmActionsInput | DisableAlarmActionsInput, object> =>
  (input, state, context) => {
    refuseUnknown(`monitoring:${enabled ? 'Enable' : 'Disable'}AlarmActions`, input, ['AlarmNames']);
    for (const name of input.AlarmNames ?? []) {
      const alarm = state.alarms.get(name);
      if (!alarm) continue;
      alarm.actionsEnabled = enabled;
      alarm.configured = context.now;
      rememberUpdate(state, alarm, { what: 'updated', now: context.now });
    }
    return {};
  };

export const enableAlarmActions = switchActions(true);
export const disableAlarmActions = switchActions(false);

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
