import type { PutCompositeAlarmInput } from '@aws-sdk/client-cloudwatch';
import { type Action, refuseUnknown } from '../service.ts';
import { checkOptions, SHARED_MEMBERS, startOf, tagNew } from './alarm-options.ts';
import { remember } from './history.ts';
import { alarmsIn, parseRule } from './rule.ts';
import type { Monitoring, StoredCompositeAlarm } from './state.ts';
import { invalid } from './time.ts';
import { judgeComposite } from './transition.ts';

/** PutCompositeAlarm: an alarm on the states of up to 100 others, which must exist. Its state is judged at once. */
export const putCompositeAlarm: Action<Monitoring, PutCompositeAlarmInput, object> = (input, state, context) => {
  refuseUnknown('monitoring:PutCompositeAlarm', input, [...SHARED_MEMBERS, 'AlarmRule']);
  const name = checkOptions(state, input, 'composite');
  const { AlarmRule: text = '' } = input;
  if (text.length < 1 || text.length > 10_240) throw invalid('AlarmRule must have 1 to 10240 characters');
  const rule = parseRule(text);
  const children = new Set(alarmsIn(rule));
  if (children.size > 100) throw invalid(`AlarmRule speaks of ${children.size} alarms; at most 100 are allowed`);
  if (children.has(name)) throw invalid('A composite alarm cannot depend on itself');
  const unknown = [...children].find((child) => !state.alarms.has(child));
  if (unknown !== undefined)
    throw invalid(`Could not save the composite alarm as alarm ${unknown} in the alarm rule does not exist`);
  const existing = state.alarms.get(name);
  const alarm: StoredCompositeAlarm = {
    ...(existing ?? startOf(state, name, context)),
    kind: 'composite',
    input,
    rule,
    configured: context.now,
    actionsEnabled: input.ActionsEnabled ?? true,
  };
  if (!existing) tagNew(alarm, input.Tags);
  state.alarms.set(name, alarm);
  const summary = `Alarm "${name}" ${existing ? 'updated' : 'created'}`;
  remember(state, alarm, { type: 'ConfigurationUpdate', summary, data: {}, now: context.now });
  judgeComposite(alarm, { state, context });
  return {};
};
