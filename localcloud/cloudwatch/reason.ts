/** Why an alarm is in the state it is in, in AWS's words and in AWS's JSON (as recorded of PutMetricAlarm by LocalStack's suite). */
import type { Band } from './band.ts';
import type { Breaching } from './breaching.ts';
import { bandComparison, comparison } from './comparison.ts';
import type { Judgement } from './judge.ts';
import type { Points } from './math.ts';
import { readSeries } from './series.ts';
import type { Monitoring, StoredMetricAlarm } from './state.ts';

/** What an evaluation has seen. */
export interface Evaluation {
  /** The end of the last period. */
  readonly at: number;
  readonly points: Points;
  readonly judgement: Judgement;
  /** Of an alarm whose threshold moves. */
  readonly bands: ReadonlyMap<number, Band> | undefined;
  readonly breaches: Breaching;
}

/** The real points that decided, the newest first, at most as many as the alarm looks at. */
const deciding = ({ input }: StoredMetricAlarm, points: Points): [number, number][] =>
  [...points].sort(([a], [b]) => b - a).slice(0, input.EvaluationPeriods);

export function reasonText(alarm: StoredMetricAlarm, { points, judgement, bands, breaches }: Evaluation): string {
  const { input } = alarm;
  const { state, filled } = judgement;
  if (state === 'INSUFFICIENT_DATA')
    return `Insufficient Data: ${counted(filled, 'datapoint')} ${were(filled)} unknown.`;
  const treated =
    filled === 0 ? '' : ` and ${counted(filled, 'missing datapoint')} ${were(filled)} treated as ${kind(alarm)}`;
  const seen = deciding(alarm, points);
  if (seen.length === 0) {
    return `Threshold Crossed: no datapoints were received for ${counted(filled, 'period')}${treated}.`;
  }
  const alarming = state === 'ALARM';
  const speaking = seen.filter(([time, value]) => breaches(time, value) === alarming);
  const list = speaking.map(([time, value]) => `${decimal(value)} (${moment(time)})`).join(', ');
  const verb = `${were(speaking.length)} ${alarming ? '' : 'not '}${limits(input, speaking, bands)}`;
  if (input.DatapointsToAlarm === undefined) {
    return `Threshold Crossed: ${counted(speaking.length, 'datapoint')} [${list}] ${verb}${treated}.`;
  }
  const n = input.EvaluationPeriods!;
  const enough = alarming ? input.DatapointsToAlarm : n - input.DatapointsToAlarm + 1;
  return `Threshold Crossed: ${speaking.length} out of the last ${n} datapoints [${list}] ${verb}${treated} (minimum ${counted(enough, 'datapoint')} for ${alarming ? 'OK -> ALARM' : 'ALARM -> OK'} transition).`;
}

/** What the points are compared with: one threshold, or those of the band at each point. */
function limits(
  input: StoredMetricAlarm['input'],
  speaking: readonly [number, number][],
  bands: Evaluation['bands'],
): string {
  if (!bands) return `${comparison(input.ComparisonOperator).words} the threshold (${decimal(input.Threshold!)})`;
  const at = (end: keyof Band) => speaking.map(([time]) => decimal(bands.get(time)![end])).join(', ');
  const { words } = bandComparison(input.ComparisonOperator);
  return words
    .replace('lower thresholds', `lower thresholds [${at('lower')}]`)
    .replace('upper thresholds', `upper thresholds [${at('upper')}]`);
}

const kind = ({ input }: StoredMetricAlarm): string =>
  ({ breaching: '[Breaching]', notBreaching: '[NonBreaching]', ignore: '[Ignored]' })[input.TreatMissingData ?? ''] ??
  '[Missing]';

/** The same for machines. */
export function reasonData(alarm: StoredMetricAlarm, { at, points }: Evaluation, state: Monitoring): string {
  const { input, period } = alarm;
  const seen = deciding(alarm, points);
  const missing = Array.from({ length: input.EvaluationPeriods! }, (_, index) => at - (index + 1) * period)
    .filter((time) => !points.has(time))
    .slice(0, input.EvaluationPeriods! - seen.length);
  const times = [...seen.map(([time]) => time), ...missing].sort((a, b) => b - a);
  return JSON.stringify({
    version: '1.0',
    queryDate: iso(at),
    ...(seen.length > 0 ? { startDate: iso(seen.at(-1)![0]) } : {}),
    ...(input.Unit === undefined ? {} : { unit: input.Unit }),
    ...(input.Metrics ? {} : { statistic: input.Statistic ?? input.ExtendedStatistic }),
    period: period / 1000,
    recentDatapoints: seen.map(([, value]) => value).reverse(),
    threshold: input.Threshold,
    evaluatedDatapoints: times.map((time) => evaluated(alarm, { time, value: points.get(time) }, state)),
  });
}

function evaluated(
  alarm: StoredMetricAlarm,
  { time, value }: { time: number; value?: number | undefined },
  state: Monitoring,
) {
  if (value === undefined) return { timestamp: iso(time) };
  const [{ source } = { source: undefined }] = alarm.queries;
  if (source?.kind !== 'metric') return { timestamp: iso(time), value };
  const range = { start: time, end: time + alarm.period, period: alarm.period };
  return { timestamp: iso(time), sampleCount: readSeries(state.series, source, range).get(time)?.count, value };
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;
const were = (count: number): string => (count === 1 ? 'was' : 'were');

/** `2.0`, as Java writes a whole number that is a double. */
const decimal = (value: number): string => (Number.isInteger(value) ? value.toFixed(1) : String(value));

const iso = (time: number): string => new Date(time).toISOString().replace('Z', '+0000');

/** `26/10/23 16:42:00`. */
function moment(time: number): string {
  const text = new Date(time).toISOString();
  return `${text.slice(8, 10)}/${text.slice(5, 7)}/${text.slice(2, 4)} ${text.slice(11, 19)}`;
}
