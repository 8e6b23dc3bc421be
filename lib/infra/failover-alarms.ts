/**
 * What tells that a region is lost: of this region for producers, who are routed away from it, and of the other for whoever
 * takes over. What is not told counts as failed, for a region that is lost tells nothing.
 */
import {
  Alarm,
  CfnCompositeAlarm,
  ComparisonOperator,
  type IMetric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { CANARY } from '../model/canary.ts';
import type { MetricName } from '../model/metrics.ts';
import { names } from '../model/names.ts';
import { acknowledge } from './acknowledge.ts';
import { describeAlarm, type FailoverAlarmKind, failoverAlarmKinds } from './alarm-kinds.ts';
import { arns } from './arns.ts';
import { pascalCase } from './construct-id.ts';
import { notTakenOver, ofService } from './metrics.ts';
import type { Ground } from './queues.ts';

/** As late as this an event is as good as lost to whoever waits for it; usual is half a second, two from the other region. */
const LATE_MS = 30_000;
/** Of the three services that are asked: one alone may have an outage of its own. */
const SILENT = 2;

/** Minutes for which a failed takeover is told of: it is said once. */
const FAILED_FOR = 60;

interface Seen {
  readonly metric: IMetric;
  readonly threshold: number;
  /** Once in so many minutes is enough; default for as long as a canary must fail, in a row. */
  readonly onceIn?: number;
  readonly missing: TreatMissingData;
}

export class FailoverAlarms extends Construct {
  /** What the health check looks at. */
  readonly roundTrip: Alarm;
  readonly regionLost: CfnCompositeAlarm;

  /** @param starts what a lost region starts, beside telling people */
  constructor(ground: Ground, id: string, starts: readonly string[]) {
    super(ground.scope, id);
    const { place } = ground;
    acknowledge(this, 'CloudWatchAlarmAction', {
      of: ['hipaa', 'nist'],
      because:
        'Each of the two is a sign; that both are there is what is told: docs/decisions/0017-failover-by-itself.md.',
    });
    const metric = (name: MetricName) =>
      ofService(place.deployment, CANARY, name, { statistic: 'Maximum', period: Duration.minutes(1) });
    const late = { threshold: LATE_MS, missing: TreatMissingData.BREACHING };
    this.roundTrip = this.single(ground, 'round-trip', { metric: metric('RoundTrip'), ...late });
    const signs = [
      this.single(ground, 'peer-round-trip', { metric: metric('PeerRoundTrip'), ...late }),
      // Where this region's own canary does not run, nothing is known of the other.
      this.single(ground, 'peer-silent', {
        metric: metric('PeerSilent'),
        threshold: SILENT,
        missing: TreatMissingData.NOT_BREACHING,
      }),
    ];
    this.regionLost = new CfnCompositeAlarm(this, 'RegionLost', {
      ...described(ground, 'region-lost'),
      alarmRule: signs.map((_, index) => `ALARM("${names.alarm(place.deployment, SIGNS[index]!)}")`).join(' AND '),
      alarmActions: [arns.topic(place), ...starts],
      okActions: [arns.topic(place)],
    });
    this.regionLost.node.addDependency(...signs);
    // Where nothing is called, nothing can fail.
    if (starts.length > 0) {
      const missing = TreatMissingData.NOT_BREACHING;
      this.single(ground, 'take-over-failed', {
        metric: notTakenOver(place.deployment),
        threshold: 1,
        missing,
        onceIn: FAILED_FOR,
      });
    }
  }

  /** In a row, because Route 53 knows no other way; by a plain statistic, for the same reason. */
  private single(ground: Ground, kind: FailoverAlarmKind, { metric, threshold, missing, onceIn }: Seen): Alarm {
    const { place } = ground;
    const alarm = new Alarm(this, pascalCase(kind), {
      ...described(ground, kind),
      metric,
      threshold,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: onceIn ?? place.config.regions.failover!.failedMinutes,
      ...(onceIn === undefined ? {} : { datapointsToAlarm: 1 }),
      treatMissingData: missing,
    });
    if (failoverAlarmKinds[kind].tells === 'itself') {
      const action = { bind: () => ({ alarmActionArn: arns.topic(place) }) };
      alarm.addAlarmAction(action);
      alarm.addOkAction(action);
    }
    return alarm;
  }
}

const SIGNS: readonly FailoverAlarmKind[] = ['peer-round-trip', 'peer-silent'];

const described = ({ place }: Ground, kind: FailoverAlarmKind) => ({
  alarmName: names.alarm(place.deployment, kind),
  alarmDescription: describeAlarm(kind, place.config.runbooks),
});
