/**
 * What a function counts, by Powertools in the embedded metric format: for each of its own name, and once more for the
 * pipeline as a whole, because an alarm adds up ten metrics at most and a pipeline may have more stages.
 */
import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { inPipeline, inService, type MetricName } from '../model/metrics.ts';
import { now } from './clock.ts';
import { metrics } from './log.ts';

/** Adds to what the invocation will tell when it ends. */
export function measure(name: MetricName, value: number, unit: 'Count' | 'Milliseconds' = 'Count'): void {
  // Dimensions go with what was published, and Powertools publishes in between when an invocation counts more than a hundred.
  if (!metrics.hasStoredMetrics()) {
    const { environment, ...service } = inService(whose());
    const { environment: _same, ...pipeline } = inPipeline(whose());
    metrics.clearDefaultDimensions();
    metrics.setDefaultDimensions({ environment });
    metrics.addDimensions(service);
    metrics.addDimensions(pipeline);
  }
  metrics.addMetric(name, MetricUnit[unit], value);
}

/** CloudWatch takes what is at most two weeks old; of what is older no alarm asks. */
const OLDEST_MS = 13 * 24 * 3_600_000;

/** Counts one that happened at another time, in milliseconds since 1970; a line of its own, because the time is the line's. */
export function measureAt(name: MetricName, at: number): void {
  if (now() - at > OLDEST_MS) return;
  const metric = metrics.singleMetric();
  metric.clearDefaultDimensions();
  metric.setTimestamp(at);
  metric.addDimensions(inService(whose()));
  metric.addMetric(name, MetricUnit.Count, 1);
}

/** Whose function this is; outside Lambda, as in a test that imports a handler, nobody's. */
const whose = () => {
  const { PIPELINE: pipeline = 'none', ENVIRONMENT: environment = 'none', STAGE } = process.env;
  return { pipeline, environment, service: STAGE ?? process.env.POWERTOOLS_SERVICE_NAME ?? 'none' };
};

const tell = (): void => {
  if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
};

/** Around a handler: tells what the invocation counted. Powertools' own middleware warns where there is nothing to tell, and there may be. */
export const toldAtTheEnd = { after: tell, onError: tell };
