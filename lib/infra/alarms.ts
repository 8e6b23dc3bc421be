/** What calls a person, and how. What is watched is in `stage-alarms.ts` and `pipeline-alarms.ts`. */
import {
  Alarm,
  AnomalyDetectionAlarm,
  CfnCompositeAlarm,
  ComparisonOperator,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import { alarmKinds, describeAlarm } from './alarm-kinds.ts';
import { type Composite, compositesOf, type Family } from './composite-alarms.ts';
import { pascalCase } from './construct-id.ts';
import { ofPromise, ofQueues } from './pipeline-alarms.ts';
import type { Place } from './place.ts';
import type { Ground } from './queues.ts';
import { ofSequencer, ofStage } from './stage-alarms.ts';
import { alarmName, called, type Watched } from './watched.ts';

/** Everything that is watched in a place. */
export const familyIn = (place: Place): Family => ({
  stages: new Map(place.pipeline.stages.map((stage) => [stage.name, ofStage(place.deployment, stage)])),
  sequencer: ofSequencer(place.deployment),
  queues: ofQueues(place),
  promise: ofPromise(place),
});

export class Alarms extends Construct {
  constructor({ scope, place }: Ground, id: string, topic: Topic) {
    super(scope, id);
    acknowledge(this, 'CloudWatchAlarmAction', {
      of: ['hipaa', 'nist'],
      because: 'People are told by composites, once for each trouble: docs/decisions/0014-who-is-paged.md.',
    });
    const family = familyIn(place);
    const watched = [...[...family.stages.values()].flat(), ...family.sequencer, ...family.queues, ...family.promise];
    const made = new Map<string, Construct>();
    for (const one of watched) made.set(alarmName(place.deployment, one), this.single(place, one, topic));
    for (const one of compositesOf(place.deployment, family)) {
      const composite = this.composite(place, one, topic);
      for (const child of one.children) composite.node.addDependency(made.get(child)!);
      made.set(alarmName(place.deployment, one), composite);
    }
  }

  private single(place: Place, watched: Watched, topic: Topic): Alarm {
    const { kind, metric, threshold, periods, outOf, below = false } = watched;
    const common = {
      alarmName: alarmName(place.deployment, watched),
      alarmDescription: describeAlarm(kind, place.config.runbooks),
      metric,
      evaluationPeriods: outOf ?? periods,
      ...(outOf === undefined ? {} : { datapointsToAlarm: periods }),
      treatMissingData: TreatMissingData.NOT_BREACHING,
    };
    const alarm = watched.moving
      ? new AnomalyDetectionAlarm(this, pascalCase(called(watched)), { ...common, stdDevs: threshold })
      : new Alarm(this, pascalCase(called(watched)), {
          ...common,
          threshold,
          comparisonOperator: below
            ? ComparisonOperator.LESS_THAN_THRESHOLD
            : ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        });
    if (alarmKinds[kind].tells === 'itself') {
      const action = { bind: () => ({ alarmActionArn: topic.topicArn }) };
      alarm.addAlarmAction(action);
      alarm.addOkAction(action);
    }
    return alarm;
  }

  /** L1: the L2 puts ARNs by reference into its rule, and the rule is to be read. */
  private composite({ deployment, config }: Place, composite: Composite, topic: Topic): CfnCompositeAlarm {
    const actions = alarmKinds[composite.kind].tells === 'itself' ? [topic.topicArn] : [];
    return new CfnCompositeAlarm(this, pascalCase(called(composite)), {
      alarmName: alarmName(deployment, composite),
      alarmDescription: describeAlarm(composite.kind, config.runbooks),
      alarmRule: composite.rule,
      ...(actions.length > 0 ? { alarmActions: actions, okActions: actions } : {}),
    });
  }
}
