/** The evaluation of metric alarms: once a period, on the minute. It goes on only while there are such alarms. */
import type { Action, Context } from '../service.ts';
import { breaching } from './breaching.ts';
import { type Judgement, judge, LOOK_BACK, type MissingData, type Sight } from './judge.ts';
import { answer, areSilent, bandsOf } from './queries.ts';
import { reasonData, reasonText } from './reason.ts';
import type { Monitoring, StoredMetricAlarm } from './state.ts';
import { floorTo } from './time.ts';
import { transition } from './transition.ts';

/** Evaluates what is due. An evaluation that a newer plan has overtaken does nothing. */
export const evaluateAlarms: Action<Monitoring, { readonly planned: number }> = ({ planned }, state, context) => {
  if (planned !== state.nextEvaluation) return {};
  state.nextEvaluation = undefined;
  for (const alarm of state.alarms.values()) {
    if (alarm.kind === 'metric' && planned % alarm.period === 0) evaluateAlarm(alarm, { at: planned, state, context });
  }
  planEvaluation(state, context);
  return {};
};

/** Plans the next evaluation: at the first multiple of any alarm's period. */
export function planEvaluation(state: Monitoring, context: Context): void {
  let next = Number.POSITIVE_INFINITY;
  for (const alarm of state.alarms.values()) {
    if (alarm.kind === 'metric') next = Math.min(next, floorTo(context.now, alarm.period) + alarm.period);
  }
  if (next === Number.POSITIVE_INFINITY) state.nextEvaluation = undefined;
  else if (state.nextEvaluation === undefined || next < state.nextEvaluation) {
    state.nextEvaluation = next;
    context.later(next, 'EvaluateAlarms', { planned: next });
  }
}

/** What an alarm, as it is configured, makes of silence. Most of an idle minute is about alarms on what does not happen. */
const silence = new WeakMap<StoredMetricAlarm['input'], StoredMetricAlarm['state']>();

interface Occasion {
  /** The end of the last period that is looked at. */
  readonly at: number;
  readonly state: Monitoring;
  readonly context: Context;
}

function evaluateAlarm(alarm: StoredMetricAlarm, { at, state, context }: Occasion): void {
  const { period, input } = alarm;
  const n = input.EvaluationPeriods ?? 1;
  const m = input.DatapointsToAlarm ?? n;
  const start = at - (n + LOOK_BACK) * period;
  const between = { start, end: at };
  const id = input.ThresholdMetricId;
  const silent = id === undefined && areSilent(state.series, alarm.queries, start);
  // Where nothing was measured an alarm judges as it did the last time.
  if (silent && silence.get(input) === alarm.state) return;
  const asked = id === undefined ? alarm.queries : alarm.queries.filter((query) => query.id !== id);
  const points = answer(state.series, asked, between).values().next().value ?? new Map<number, number>();
  const bands = id === undefined ? undefined : bandsOf(state.series, { queries: alarm.queries, id }, between);
  const breaches = breaching(input, bands);
  const sights: Sight[] = [];
  for (let time = start; time < at; time += period) {
    const breach = breaches(time, points.get(time));
    sights.push(breach === undefined ? 'missing' : breach ? 'breaching' : 'ok');
  }
  const judgement: Judgement =
    bands?.size === 0
      ? { state: 'INSUFFICIENT_DATA', breaching: 0, of: 0, filled: n }
      : judge(sights, { n, m, missing: missingData(alarm) });
  if (silent) silence.set(input, judgement.state ?? alarm.state);
  if (judgement.state === undefined || judgement.state === alarm.state) return;
  const evaluation = { at, points, judgement, bands, breaches };
  const verdict = {
    to: judgement.state,
    reason: reasonText(alarm, evaluation),
    data: reasonData(alarm, evaluation, state),
  };
  transition(alarm, verdict, { state, context });
}

/** Alarms on DynamoDB's own metrics ignore missing data, whatever they say (API reference, PutMetricAlarm, TreatMissingData). */
function missingData({ input }: StoredMetricAlarm): MissingData {
  const spaces = [input.Namespace, ...(input.Metrics ?? []).map((query) => query.MetricStat?.Metric?.Namespace)];
  return spaces.includes('AWS/DynamoDB') ? 'ignore' : ((input.TreatMissingData ?? 'missing') as MissingData);
}
