import type { GetMetricDataInput, GetMetricDataOutput, MetricDataResult } from '@aws-sdk/client-cloudwatch';
import { type Action, refuseUnknown } from '../service.ts';
import { invalidToken } from './pages.ts';
import { answer, type PreparedQuery, prepare } from './queries.ts';
import { unitsIn } from './series.ts';
import type { Monitoring } from './state.ts';
import { invalid, milliseconds } from './time.ts';

const MEMBERS = ['MetricDataQueries', 'StartTime', 'EndTime', 'ScanBy', 'NextToken'];

/** GetMetricData: up to 500 queries, all their points at once, the newest first unless asked otherwise. */
export const getMetricData: Action<Monitoring, GetMetricDataInput, GetMetricDataOutput> = (input, state) => {
  refuseUnknown('monitoring:GetMetricData', input, MEMBERS);
  // All points come at once: no token was ever handed out.
  if (input.NextToken !== undefined) throw invalidToken(input.NextToken);
  const { MetricDataQueries: asked = [], ScanBy: order = 'TimestampDescending' } = input;
  const start = milliseconds(input.StartTime, 'StartTime');
  const end = milliseconds(input.EndTime, 'EndTime');
  if (start >= end) throw invalid('The parameter StartTime must be less than the parameter EndTime.');
  if (asked.length < 1 || asked.length > 500) throw invalid('MetricDataQueries must hold 1 to 500 queries');
  const queries = prepare(asked);
  const answers = answer(state.series, queries, { start, end });
  return {
    MetricDataResults: queries
      .filter((query) => query.returned)
      .map((query): MetricDataResult => {
        const { id, label } = query;
        const points = [...answers.get(id)!].sort(([a], [b]) => (order === 'TimestampAscending' ? a - b : b - a));
        return {
          Id: id,
          Label: label,
          Timestamps: points.map(([at]) => new Date(at)),
          Values: points.map(([, value]) => value),
          StatusCode: 'Complete',
          ...aboutUnits(query, state, { start, end }),
        };
      }),
    Messages: [],
  };
};

/** Who names no unit, and gets points although there are several, is told so. */
function aboutUnits({ source }: PreparedQuery, state: Monitoring, between: { start: number; end: number }) {
  if (source.kind !== 'metric' || source.unit !== undefined) return {};
  const units = unitsIn(state.series, source.key, between);
  if (units.length < 2) return {};
  return { Messages: [{ Code: 'MultipleUnits', Value: `Multiple units returned: '[${units.join(', ')}]'` }] };
}
