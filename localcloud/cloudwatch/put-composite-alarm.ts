import type { PutCompositeAlarmInput } from '@aws-sdk/client-cloudwatch';
import { type Action, refuseUnknown } from '../service.ts';
import { checkOptions, SHARED_MEMBERS, startOf, tagNew } from './alarm-options.ts';
import { rememberUpdate } from './history.ts';
import { alarmsIn, parseRule } from './rule.ts';
import { alarmArn, type Monitoring, type StoredCompositeAlarm } from './state.ts';
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
  checkPlaces(text, state);
  if (children.has(name)) {
    throw invalid(
      'A composite alarm cannot have a child relation with itself via its AlarmRule, as it would introduce a circular dependency',
    );
  }
  const unknown = [...children].filter((child) => !state.alarms.has(child)).map((child) => alarmArn(state, child));
  if (unknown.length > 0) {
    throw invalid(
      `Could not save the composite alarm as alarms [${unknown.join(', ')}] in the alarm rule do not exist`,
    );
  }
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
  rememberUpdate(state, alarm, { what: existing ? 'updated' : 'created', now: context.now });
  judgeComposite(alarm, { state, context });
  return {};
};

/** A rule speaks of alarms of its own region and account. */
function checkPlaces(text: string, { region, account }: Monitoring): void {
  for (const [, where, whose] of text.matchAll(/arn:[^:]*:cloudwatch:([^:]*):([^:]*):alarm:/g)) {
    if (whose !== account) {
      throw invalid('A composite alarm cannot have a child relation with alarms from another AWS account');
    }
    if (where !== region) {
      throw invalid(`Error in AlarmRule [Wrong ARN region, it was ${where} but ${region} was expected instead]`);
    }
  }
}
