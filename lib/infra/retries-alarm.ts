/**
 * What tells of a version whose handler fails. The function itself does not: it reports the events that failed and ends in
 * order, and most of them succeed with the old version when they come again. So this looks at how many have to.
 */
import { Alarm, ComparisonOperator, MathExpression, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { inService, type MetricName } from '../model/metrics.ts';
import { names } from '../model/names.ts';
import { acknowledge } from './acknowledge.ts';
import { pascalCase } from './construct-id.ts';
import type { Place } from './place.ts';

/** Of a hundred attempts at a stage. A canary has ten of them, so half of what it does may fail before this is reached. */
const SHARE = 5;

const minute = Duration.minutes(1);

/** Calls nobody: it is there for deployments, and an outage of something outside would be another alarm's. */
export function retriesAlarm(scope: Construct, { deployment, pipeline }: Place, stage: string): Alarm {
  const count = (metricName: MetricName) =>
    new Metric({
      namespace: pipeline.name,
      metricName,
      dimensionsMap: inService({ environment: deployment.environment, service: stage }),
      statistic: 'Sum',
      period: minute,
    });
  const metric = new MathExpression({
    expression: '100 * retried / (retried + FILL(completed, 0))',
    usingMetrics: { retried: count('Retried'), completed: count('Completed') },
    period: minute,
    label: 'Attempts that failed, in percent',
  });
  const alarm = new Alarm(scope, pascalCase(`${stage}-retries`), {
    alarmName: names.alarm(deployment, `${stage}-retries`),
    alarmDescription: `Of ${stage}'s attempts, more fail than should: a deployment that is under way goes back. See docs/guides/deploy.md`,
    metric,
    threshold: SHARE,
    comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    evaluationPeriods: 5,
    datapointsToAlarm: 3,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });
  acknowledge(alarm, 'CloudWatchAlarmAction', {
    of: ['hipaa', 'nist'],
    because: 'It tells CodeDeploy, which asks, and nobody else.',
  });
  return alarm;
}
