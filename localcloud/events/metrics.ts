/** Metrics in the namespace AWS/Events: counted here, sent once a minute, and only if there is something to say. */
import { type Action, type Context, isServiceError } from '../service.ts';
import type { Events, Here, Rule } from './state.ts';

export type Metric =
  | 'MatchedEvents'
  | 'Invocations'
  | 'RetryInvocationAttempts'
  | 'FailedInvocations'
  | 'InvocationsSentToDlq'
  | 'InvocationsFailedToBeSentToDlq';

const MINUTE = 60_000;
/** Data of one PutMetricData (CloudWatch quotas). */
const MOST_DATA = 1000;

export function count({ state, context }: Here, rule: Pick<Rule, 'name' | 'bus'>, metric: Metric): void {
  if (state.counts.size === 0) context.later(MINUTE * (Math.floor(context.now / MINUTE) + 1), 'sendMetrics', {});
  const key = `${metric}/${rule.name}/${rule.bus}`;
  state.counts.set(key, (state.counts.get(key) ?? 0) + 1);
}

/** Internal step: sends what the past minute counted, by bus and rule; rules of the default bus go without their bus. */
export const sendMetrics: Action<Events, object, void> = (_input, state, context) => {
  const Timestamp = new Date(context.now - MINUTE);
  const data = [...state.counts].map(([key, Value]) => {
    const [MetricName, RuleName, ...path] = key.split('/');
    const bus = path.join('/');
    const byBus = bus === 'default' ? [] : [{ Name: 'EventBusName', Value: bus }];
    const Dimensions = [...byBus, { Name: 'RuleName', Value: RuleName }];
    return { MetricName, Dimensions, Timestamp, Value, Unit: 'Count' };
  });
  state.counts.clear();
  for (let from = 0; from < data.length; from += MOST_DATA) put(data.slice(from, from + MOST_DATA), context);
};

/** What cannot be sent is lost, as with AWS: metrics never hold up events. */
function put(MetricData: readonly object[], context: Context): void {
  try {
    context.call({
      service: 'monitoring',
      action: 'PutMetricData',
      input: { Namespace: 'AWS/Events', MetricData },
      as: { kind: 'service', account: context.account, service: 'events.amazonaws.com' },
    });
  } catch (error) {
    if (!isServiceError(error)) throw error;
  }
}
