/** The metrics of AWS/Lambda, by function. */
import type { MetricDatum } from '@aws-sdk/client-cloudwatch';
import { type Context, isServiceError } from '../service.ts';

export type Measured = Readonly<
  Partial<
    Record<'Invocations' | 'Errors' | 'Throttles' | 'Duration' | 'ConcurrentExecutions' | 'AsyncEventsDropped', number>
  >
>;

/** Hands measurements to CloudWatch. A cloud that refuses them goes on without: metrics never stop a function. */
export function measure(context: Context, functionName: string, measured: Measured): void {
  const Dimensions = [{ Name: 'FunctionName', Value: functionName }];
  const MetricData = Object.entries(measured).map(
    ([MetricName, Value]): MetricDatum => ({
      MetricName,
      Dimensions,
      Value,
      Timestamp: new Date(context.now),
      Unit: MetricName === 'Duration' ? 'Milliseconds' : 'Count',
    }),
  );
  try {
    context.call({ service: 'monitoring', action: 'PutMetricData', input: { Namespace: 'AWS/Lambda', MetricData } });
  } catch (error) {
    if (!isServiceError(error)) throw error;
  }
}
