import type { ListMetricsInput, ListMetricsOutput } from '@aws-sdk/client-cloudwatch';
import { type Action, refuseUnknown } from '../service.ts';
import { page } from './pages.ts';
import type { Monitoring } from './state.ts';
import { DAY, HOUR, invalidValue } from './time.ts';

/** ListMetrics: those that had data in the last two weeks, 500 at a time. */
export const listMetrics: Action<Monitoring, ListMetricsInput, ListMetricsOutput> = (input, state, context) => {
  refuseUnknown('monitoring:ListMetrics', input, [
    'Namespace',
    'MetricName',
    'Dimensions',
    'NextToken',
    'RecentlyActive',
  ]);
  const { Namespace: namespace, MetricName: name, Dimensions: filters = [] } = input;
  const since = context.now - (input.RecentlyActive === 'PT3H' ? 3 * HOUR : 14 * DAY);
  const wanted = [...state.series.values()].filter(
    (series) =>
      series.lastWritten >= since &&
      (namespace === undefined || series.namespace === namespace) &&
      (name === undefined || series.name === name) &&
      filters.every((filter) =>
        series.dimensions.some(
          ({ Name, Value }) => Name === filter.Name && (filter.Value === undefined || Value === filter.Value),
        ),
      ),
  );
  const { items, rest } = page(wanted, input.NextToken, {
    size: 500,
    refuse: (token) => invalidValue('NextToken', token),
  });
  return {
    Metrics: items.map((series) => ({
      Namespace: series.namespace,
      MetricName: series.name,
      Dimensions: [...series.dimensions],
    })),
    ...rest,
  };
};
