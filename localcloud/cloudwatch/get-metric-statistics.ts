import type {
  Datapoint,
  GetMetricStatisticsInput,
  GetMetricStatisticsOutput,
  StandardUnit,
} from '@aws-sdk/client-cloudwatch';
import { type Action, refuseUnknown, ServiceError } from '../service.ts';
import { checkPeriod } from './queries.ts';
import { readSeries, seriesKey } from './series.ts';
import type { Monitoring } from './state.ts';
import { statistic } from './statistics.ts';
import { floorTo, milliseconds, missing } from './time.ts';

const MEMBERS = [
  'Namespace',
  'MetricName',
  'Dimensions',
  'StartTime',
  'EndTime',
  'Period',
  'Statistics',
  'ExtendedStatistics',
  'Unit',
];

/** Datapoints of one answer (API reference, GetMetricStatistics). */
const MOST = 1440;

/** GetMetricStatistics: the points of one metric, one for each unit in which it was measured. */
export const getMetricStatistics: Action<Monitoring, GetMetricStatisticsInput, GetMetricStatisticsOutput> = (
  input,
  state,
) => {
  refuseUnknown('monitoring:GetMetricStatistics', input, MEMBERS);
  const { Namespace: namespace, MetricName: name, Dimensions: dimensions = [] } = input;
  if (!namespace) throw missing('Namespace');
  if (!name) throw missing('MetricName');
  const { Statistics: simple = [], ExtendedStatistics: extended = [] } = input;
  if (simple.length + extended.length === 0)
    throw badCombination('Must specify either Statistics or ExtendedStatistics');
  const statistics = [...simple, ...extended].map((each) => [each, statistic(each)] as const);
  if (input.Period === undefined) throw missing('Period');
  const period = checkPeriod(input.Period, (message) => new ServiceError('InvalidParameterValueException', message));
  const range = {
    start: floorTo(milliseconds(input.StartTime, 'StartTime'), period),
    end: milliseconds(input.EndTime, 'EndTime'),
    period,
  };
  if (range.start >= range.end) {
    throw badCombination('The parameter StartTime must be less than the parameter EndTime.');
  }
  const asked = Math.ceil((range.end - range.start) / period);
  if (asked > MOST) {
    throw badCombination(
      `You have requested up to ${thousands(asked)} datapoints, which exceeds the limit of ${thousands(MOST)}. You may reduce the datapoints requested by increasing Period, or decreasing the time range.`,
    );
  }
  const key = seriesKey({ namespace, name, dimensions });
  const units = input.Unit ? [input.Unit] : [...(state.series.get(key)?.units.keys() ?? [])];
  const points = units.flatMap((unit) =>
    [...readSeries(state.series, { key, unit }, range)].map(([at, bucket]): Datapoint => {
      const point: Datapoint = { Timestamp: new Date(at), Unit: unit as StandardUnit };
      const values = statistics.map(([each, of]) => [each, of(bucket)] as const);
      Object.assign(point, Object.fromEntries(values.slice(0, simple.length)));
      const percentiles = values.slice(simple.length);
      const known = percentiles.filter((pair): pair is [string, number] => pair[1] !== undefined);
      if (known.length > 0) point.ExtendedStatistics = Object.fromEntries(known);
      return point;
    }),
  );
  return { Label: name, Datapoints: points };
};

const badCombination = (message: string) => new ServiceError('InvalidParameterCombinationException', message);

const thousands = (count: number): string => String(count).replace(/\B(?=(\d{3})+$)/g, ',');
