/** Metric data queries: what GetMetricData answers and what alarms of metric math look at. */
import type { MetricDataQuery, MetricStat } from '@aws-sdk/client-cloudwatch';
import { refuseUnknown } from '../service.ts';
import { type AskedBand, askedBand, type Band, flatBand, TRAINED_ON } from './band.ts';
import { type Expression, idsIn, parseExpression } from './expression.ts';
import { asPoints, evaluate, type Points, type Value } from './math.ts';
import { type AllSeries, readSeries, seriesKey } from './series.ts';
import { type StatisticOf, statistic } from './statistics.ts';
import { floorTo, invalid, unsupported } from './time.ts';
import { checkUnit } from './units.ts';

/** A query that was read and checked once, and can be answered many times. */
export interface PreparedQuery {
  readonly id: string;
  readonly label: string;
  /** Whether the answer is asked for, or only serves other expressions. */
  readonly returned: boolean;
  /** Milliseconds. */
  readonly period: number;
  readonly source:
    | {
        readonly kind: 'metric';
        readonly key: string;
        readonly unit: string | undefined;
        readonly statistic: StatisticOf;
      }
    | { readonly kind: 'math'; readonly expression: Expression }
    | ({ readonly kind: 'band' } & AskedBand);
}

/**
 * Reads and checks queries.
 * @throws ServiceError `ValidationError`, `NotImplemented`
 */
export function prepare(queries: readonly MetricDataQuery[]): PreparedQuery[] {
  const stats = queries.map((query) => query.MetricStat?.Period).filter((period) => period !== undefined);
  const usual = Math.max(60, ...stats);
  const labels = labelsOf(queries);
  const prepared = queries.map((query, index) => prepareOne(query, { usual, label: labels[index]! }));
  if (
    prepared.some(({ source }) => source.kind !== 'metric') &&
    new Set(prepared.map(({ period }) => period)).size > 1
  ) {
    throw unsupported('metrics of different periods together with an expression');
  }
  const ids = prepared.map(({ id }) => id);
  if (new Set(ids).size < ids.length) throw invalid('The values for parameter id in MetricDataQueries must be unique.');
  for (const { source } of prepared) {
    const unknown = idsOf(source).find((id) => !ids.includes(id));
    if (unknown !== undefined) throw invalid(`Error in expression: unknown id ${unknown}`);
  }
  return prepared;
}

const idsOf = (source: PreparedQuery['source']): readonly string[] =>
  source.kind === 'math' ? idsIn(source.expression) : source.kind === 'band' ? [source.of] : [];

/**
 * What answers are called by. Metrics of one name are told apart by what they differ in, statistic or period (recorded of
 * GetMetricData by LocalStack's suite); expressions go by their id.
 */
function labelsOf(queries: readonly MetricDataQuery[]): string[] {
  const distinct = (name: string, of: (stat: MetricStat) => unknown): boolean =>
    new Set(queries.flatMap(({ MetricStat: stat }) => (stat?.Metric?.MetricName === name ? [of(stat)] : []))).size > 1;
  return queries.map(({ Id: id = '', Label: label, MetricStat: stat }) => {
    const name = stat?.Metric?.MetricName;
    if (label !== undefined || stat === undefined || name === undefined) return label ?? id;
    const words = [
      name,
      ...(distinct(name, (each) => each.Stat) ? [stat.Stat] : []),
      ...(distinct(name, (each) => each.Period) ? [stat.Period] : []),
    ];
    return words.join(' ');
  });
}

function prepareOne(query: MetricDataQuery, { usual, label }: { usual: number; label: string }): PreparedQuery {
  refuseUnknown('monitoring: MetricDataQuery', query, [
    'Id',
    'MetricStat',
    'Expression',
    'Label',
    'ReturnData',
    'Period',
  ]);
  const { Id: id = '', MetricStat: stat, Expression: text, ReturnData: returned = true } = query;
  if (!/^[a-z][A-Za-z0-9_]*$/.test(id)) throw invalid(`Invalid id '${id}': it must begin with a lower-case letter`);
  if ((stat === undefined) === (text === undefined))
    throw invalid(`${id}: exactly one of MetricStat and Expression must be given`);
  if (stat !== undefined) {
    if (query.Period !== undefined) throw invalid(`${id}: Period and MetricStat.Period are mutually exclusive`);
    return {
      id,
      label,
      returned,
      period: checkPeriod(stat.Period),
      source: metricOf(stat),
    };
  }
  if (/\b(SEARCH|SELECT|INSIGHT_RULE_METRIC|SERVICE_QUOTA|DB_PERF_INSIGHTS|LAMBDA)\b/.test(text!)) {
    throw unsupported(`the expression ${text}`);
  }
  const period = checkPeriod(query.Period ?? usual);
  const expression = parseExpression(text!);
  const band = askedBand(expression);
  return { id, label, returned, period, source: band ? { kind: 'band', ...band } : { kind: 'math', expression } };
}

function metricOf(stat: MetricStat): PreparedQuery['source'] {
  refuseUnknown('monitoring: MetricStat', stat, ['Metric', 'Period', 'Stat', 'Unit']);
  const { Namespace: namespace, MetricName: name, Dimensions: dimensions = [] } = stat.Metric ?? {};
  if (!namespace || !name) throw invalid('MetricStat.Metric needs Namespace and MetricName');
  return {
    kind: 'metric',
    key: seriesKey({ namespace, name, dimensions }),
    unit: stat.Unit === undefined ? undefined : checkUnit(stat.Unit, 'Unit'),
    statistic: statistic(stat.Stat ?? ''),
  };
}

/**
 * Seconds to milliseconds. Only whole minutes: metrics are kept by the minute.
 * @throws ServiceError `NotImplemented` for 1, 5, 10, 20 and 30 seconds, what `refuse` makes for what is no period
 */
export function checkPeriod(seconds = 0, refuse: (message: string) => Error = invalid): number {
  if ([1, 5, 10, 20, 30].includes(seconds)) throw unsupported(`periods of ${seconds} seconds`);
  if (seconds >= 60 && seconds % 60 === 0) return seconds * 1000;
  throw refuse(`Period must be 10, 20, 30 or a multiple of 60, not ${seconds}`);
}

/** The starts of the periods that make up `start` to `end`; periods lie on multiples of their own length. */
export function periodsOf(start: number, end: number, period: number): number[] {
  const periods: number[] = [];
  for (let at = floorTo(start, period); at < end; at += period) periods.push(at);
  return periods;
}

/** The answers to all queries between two times, by id. */
export function answer(
  all: AllSeries,
  queries: readonly PreparedQuery[],
  between: { start: number; end: number },
): Map<string, Points> {
  const [only] = queries;
  // Most alarms look at one metric.
  if (queries.length === 1 && only!.returned && only!.source.kind === 'metric') {
    return new Map([[only!.id, measured(all, only!.source, { ...between, period: only!.period })]]);
  }
  const byId = new Map(queries.map((query) => [query.id, query]));
  const values = new Map<string, Value>();
  const underWay = new Set<string>();
  const worthOf = (id: string): Value => {
    const known = values.get(id);
    if (known !== undefined) return known;
    if (underWay.has(id)) throw invalid(`Error in expression: ${id} depends on itself`);
    underWay.add(id);
    const value = work(byId.get(id)!);
    underWay.delete(id);
    values.set(id, value);
    return value;
  };
  const work = ({ source, period }: PreparedQuery): Value => {
    if (source.kind === 'metric') return measured(all, source, { ...between, period });
    if (source.kind === 'band') throw unsupported('ANOMALY_DETECTION_BAND as anything but the threshold of an alarm');
    const metrics = () =>
      queries.filter((query) => query.source.kind === 'metric').map(({ id }) => worthOf(id) as Points);
    return evaluate(source.expression, { worthOf, metrics, periods: periodsOf(between.start, between.end, period) });
  };
  return new Map(
    queries.filter((query) => query.returned).map((query) => [query.id, pointsOf(query, worthOf(query.id), between)]),
  );
}

/** Whether nothing was measured from `start` on in any of the metrics that queries speak of. */
export const areSilent = (all: AllSeries, queries: readonly PreparedQuery[], start: number): boolean =>
  queries.every(
    ({ source, period }) => source.kind !== 'metric' || (all.get(source.key)?.latest ?? 0) < floorTo(start, period),
  );

/** The points of one metric. */
function measured(
  all: AllSeries,
  source: Extract<PreparedQuery['source'], { kind: 'metric' }>,
  { start, end, period }: { start: number; end: number; period: number },
): Map<number, number> {
  const points = new Map<number, number>();
  for (const [at, bucket] of readSeries(all, source, { start: floorTo(start, period), end, period })) {
    const value = source.statistic(bucket);
    if (value !== undefined) points.set(at, value);
  }
  return points;
}

/** The bands of a query that asks for one, in each period between two times. */
export function bandsOf(
  all: AllSeries,
  { queries, id }: { readonly queries: readonly PreparedQuery[]; readonly id: string },
  { start, end }: { start: number; end: number },
): ReadonlyMap<number, Band> {
  const { source, period } = queries.find((query) => query.id === id)!;
  if (source.kind !== 'band') throw invalid(`${id} is no ANOMALY_DETECTION_BAND`);
  const asked = queries.map((query) => ({ ...query, returned: query.id === source.of }));
  const points = answer(all, asked, { start: start - TRAINED_ON, end }).get(source.of)!;
  return flatBand(points, source.width, periodsOf(start, end, period));
}

function pointsOf(query: PreparedQuery, value: Value, { start, end }: { start: number; end: number }): Points {
  if (Array.isArray(value)) throw unsupported(`several time series as the answer of ${query.id}`);
  return asPoints(value as number | Points, periodsOf(start, end, query.period));
}
