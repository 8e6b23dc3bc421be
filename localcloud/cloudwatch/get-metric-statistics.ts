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
  if (simple.length + extended.length === 0) throw missing('Statistics or ExtendedStatistics');
  const period = checkPeriod(input.Period);
  const range = {
    start: floorTo(milliseconds(input.StartTime, 'StartTime'), period),
    end: milliseconds(input.EndTime, 'EndTime'),
    period,
  };
  if ((range.end - range.start) / period > 1440) {
    throw new ServiceError('InvalidParameterCombinationException', 'You have requested more than 1,440 data points.');
  }
  const key = seriesKey({ namespace, name, dimensions });
  const units = input.Unit ? [input.Unit] : [...(state.series.get(key)?.units.keys() ?? [])];
  const points = units.flatMap((unit) =>
    [...readSeries(state.series, { key, unit }, range)].map(([at, bucket]): Datapoint => {
      const point: Datapoint = { Timestamp: new Date(at), Unit: unit as StandardUnit };
      for (const each of simple) point[each] = statistic(each)(bucket)!;
      const percentiles = extended.map((each) => [each, statistic(each)(bucket)] as const);
      const known = percentiles.filter((pair): pair is [string, number] => pair[1] !== undefined);
      if (known.length > 0) point.ExtendedStatistics = Object.fromEntries(known);
      return point;
    }),
  );
  return { Label: name, Datapoints: points };
};
