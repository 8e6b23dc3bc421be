/**
 * How long letters had lain there when somebody did something about them: the one part of the time to repair that can be
 * measured without asking anybody. When the trouble began, and when it was found, no metric knows.
 */
import { PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { inPipeline, type MetricName } from '../model/metrics.ts';
import type { Letter } from './letters.ts';
import type { Target } from './target.ts';

/** Values of one datum. https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDatum.html */
const VALUES_MAX = 150;

/**
 * Tells CloudWatch for how long these letters had lain.
 * @returns why it could not, or nothing: the letters are where they should be either way
 */
export async function tellRepair(target: Target, letters: readonly Letter[]): Promise<string | undefined> {
  const MetricName: MetricName = 'TimeToRepair';
  const { cloudwatch, deployment, trail } = target;
  const Dimensions = Object.entries(inPipeline(deployment)).map(([Name, Value]) => ({ Name, Value }));
  const seconds = letters.map(({ sent }) => Math.max(0, Math.round((trail.now() - sent) / 1000)));
  try {
    for (let at = 0; at < seconds.length; at += VALUES_MAX) {
      const MetricData = [
        { MetricName, Dimensions, Unit: 'Seconds' as const, Values: seconds.slice(at, at + VALUES_MAX) },
      ];
      await cloudwatch.send(new PutMetricDataCommand({ Namespace: deployment.pipeline, MetricData }));
    }
    return undefined;
  } catch (error) {
    return `CloudWatch was not told how long they had lain: ${(error as Error).name}: ${(error as Error).message}`;
  }
}
