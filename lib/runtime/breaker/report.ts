/** What is said of a breaker: a line of log for each transition, and the metric that its alarm looks at. */
import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { now } from '../clock.ts';
import { log, metrics } from '../log.ts';
import type { State } from './state.ts';

export interface Reporter {
  opened(state: State, error: object): void;
  probing(state: State): void;
  reopened(state: State, error: object): void;
  closed(state: State): void;
  refused(state: State): void;
  tableSilent(error: unknown): void;
}

/** Refusals are as many as messages: one in so many milliseconds keeps the metric going. */
const REFUSALS_MS = 30_000;

export interface ReporterOptions {
  readonly stage: string;
  readonly system: string;
  readonly environment: string;
}

export function createReporter({ stage, system, environment }: ReporterOptions): Reporter {
  let saidAt = Number.NEGATIVE_INFINITY;
  const count = (value: 0 | 1): void => {
    saidAt = now();
    const metric = metrics.singleMetric();
    // Exactly these: an alarm looks at one set of dimensions, and the service is the stage.
    metric.clearDefaultDimensions();
    metric.addDimension('environment', environment);
    metric.addDimension('stage', stage);
    metric.addDimension('system', system);
    metric.addMetric('BreakerOpen', MetricUnit.Count, value);
  };
  const facts = ({ version, period }: State) => ({ breaker: { system, version, seconds: period / 1000 } });
  return {
    opened(state, error) {
      count(1);
      log().error(`the breaker of ${system} opened: it is not called until a probe`, {
        ...facts(state),
        error: error as Error,
      });
    },
    probing: (state) => log().info(`the breaker of ${system} lets one call through as a probe`, facts(state)),
    reopened(state, error) {
      count(1);
      log().warn(`the breaker of ${system} stays open: the probe failed`, { ...facts(state), error: error as Error });
    },
    closed(state) {
      count(0);
      log().info(`the breaker of ${system} closed: the probe was answered`, facts(state));
    },
    refused() {
      if (now() - saidAt >= REFUSALS_MS) count(1);
    },
    tableSilent: (error) =>
      log().warn(`the state of the breaker of ${system} is unknown; this instance goes by what it has seen`, {
        error: error as Error,
      }),
  };
}
