/**
 * Metrics in log lines: the embedded metric format (CloudWatch User Guide, "Specification: CloudWatch embedded metric
 * format"). A line names namespaces, sets of dimensions and metrics, whose values are members of the line itself.
 */
import type { Dimension, MetricDatum } from '@aws-sdk/client-cloudwatch';
import { type Context, isServiceError } from '../service.ts';
import type { Group, LogEvent } from './state.ts';

interface Directive {
  readonly Namespace?: unknown;
  readonly Dimensions?: unknown;
  readonly Metrics?: unknown;
}

/** The metrics of one namespace in one line. */
interface Extract {
  readonly namespace: string;
  readonly data: readonly MetricDatum[];
}

/** Publishes what the lines say. A line that says it wrongly is noted and stays a line, as on AWS. */
export function publishEmbeddedMetrics(events: readonly LogEvent[], group: Group, context: Context): void {
  for (const event of events) {
    // Most lines are no metrics: do not parse them.
    if (!event.message.includes('"_aws"')) continue;
    try {
      for (const { namespace, data } of extract(event)) publish(namespace, data, { group, context });
    } catch (error) {
      if (!isServiceError(error) && !(error instanceof FormatError)) throw error;
      context.note('EmbeddedMetricRejected', { logGroup: group.name, reason: error.message, message: event.message });
    }
  }
}

function publish(
  Namespace: string,
  data: readonly MetricDatum[],
  { group, context }: { group: Group; context: Context },
): void {
  for (let from = 0; from < data.length; from += 1000) {
    context.call({
      service: 'monitoring',
      action: 'PutMetricData',
      input: { Namespace, MetricData: data.slice(from, from + 1000) },
      as: { kind: 'service', account: context.account, service: 'logs.amazonaws.com', sourceArn: group.arn },
    });
  }
}

/** A line that is meant as metrics and is not well formed. */
class FormatError extends Error {}

function extract(event: LogEvent): Extract[] {
  const line = parse(event.message);
  const metadata = line?._aws as { Timestamp?: unknown; CloudWatchMetrics?: unknown } | undefined;
  if (line === undefined || metadata?.CloudWatchMetrics === undefined) return [];
  const { Timestamp: timestamp = event.timestamp, CloudWatchMetrics: directives } = metadata;
  if (typeof timestamp !== 'number') throw new FormatError('_aws.Timestamp must be a number of milliseconds');
  return list<Directive>(directives, 'CloudWatchMetrics').map((directive) => {
    const { Namespace: namespace } = directive;
    if (typeof namespace !== 'string' || namespace === '') throw new FormatError('Namespace must be a text');
    if (namespace.startsWith('AWS/')) throw new FormatError(`Namespace ${namespace} is reserved`);
    return { namespace, data: dataOf(directive, line, new Date(timestamp)) };
  });
}

/** Every metric once for each set of dimensions; without any set, once without dimensions. */
function dataOf(directive: Directive, line: Record<string, unknown>, Timestamp: Date): MetricDatum[] {
  const sets = list<unknown>(directive.Dimensions ?? [], 'Dimensions').map((set) => dimensionsOf(set, line));
  const metrics = list<{ Name?: string; Unit?: MetricDatum['Unit']; StorageResolution?: number }>(
    directive.Metrics,
    'Metrics',
  );
  if (metrics.length > 100) throw new FormatError('Metrics holds more than 100 metrics');
  return metrics.flatMap(({ Name, Unit = 'None', StorageResolution = 60 }) => {
    const value = line[Name ?? ''];
    const values = Array.isArray(value) ? value : [value];
    if (!values.every((each) => typeof each === 'number'))
      throw new FormatError(`The metric ${Name} has no number in the line`);
    return (sets.length > 0 ? sets : [[]]).map(
      (Dimensions): MetricDatum => ({
        MetricName: Name,
        Dimensions,
        Timestamp,
        Unit,
        StorageResolution,
        Values: values,
      }),
    );
  });
}

function dimensionsOf(set: unknown, line: Record<string, unknown>): Dimension[] {
  return list<string>(set, 'a set of dimensions').map((Name) => {
    const Value = line[Name];
    if (typeof Value !== 'string') throw new FormatError(`The dimension ${Name} has no text in the line`);
    return { Name, Value };
  });
}

function list<Item>(value: unknown, what: string): Item[] {
  if (Array.isArray(value)) return value;
  throw new FormatError(`${what} must be a list`);
}

/** The object in a line. Lambda's text format puts time, request and level before it, and metrics are found all the same. */
function parse(message: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(message.slice(message.indexOf('{')));
  } catch {
    return undefined;
  }
}
