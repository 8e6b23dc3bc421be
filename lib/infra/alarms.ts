/** What calls a person, and where it tells them. Each kind has its runbook: `docs/runbooks/<kind>.md`. */
import { Alarm, ComparisonOperator, type Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { type Deployment, names } from '../model/names.ts';
import { outsidesOf, type Stage } from '../model/stage.ts';
import type { OutsideUse } from '../model/uses.ts';
import { pascalCase } from './construct-id.ts';
import { age, breakerOpen, depth, ofFunction } from './metrics.ts';
import type { Yard } from './queues.ts';

/** The kinds of alarm, and what each means to whom it wakes. */
export const alarmKinds = {
  'dead-letters': 'Events that a stage gave up: each is a decision to make, and holds back its entity',
  'inbox-dead-letters': 'Events that the sequencer could not hand on: they are in no stage yet',
  age: 'A stage does not keep up, or an entity is blocked',
  'inbox-age': 'The sequencer does not keep up with what a stage is sent',
  'breaker-open': 'A system that is not ours fails: a stage has stopped calling it, and its events wait',
  errors: 'A function fails as a whole: events stay in their queue and come again',
  quarantine: 'Events that are not what they say they are, or that nobody may say',
  undelivered: 'Events that a rule could not deliver in a day',
  'bus-undelivered': 'Events that the bus could not encrypt or decrypt',
} as const;

export type AlarmKind = keyof typeof alarmKinds;

interface Watched {
  readonly kind: AlarmKind;
  /** A stage, or the sequencer; absent where there is one of a pipeline. */
  readonly of?: string;
  readonly metric: Metric;
  readonly threshold: number;
  /** Minutes that it must be so: in a row, or of `outOf`. */
  readonly minutes: number;
  readonly outOf?: number;
}

/** Ten minutes of retries are a stage's own business; then somebody should look. */
const secondsOfAge = 600;

export class Alarms extends Construct {
  constructor({ scope, place }: Yard, id: string, topic: Topic) {
    super(scope, id);
    const d = place.deployment;
    for (const { kind, of, metric, threshold, minutes, outOf } of watched(d, place.pipeline.stages)) {
      const what = of === undefined ? kind : `${of}-${kind}`;
      const alarm = new Alarm(this, pascalCase(what), {
        alarmName: names.alarm(d, what),
        alarmDescription: `${alarmKinds[kind]}. Runbook: docs/runbooks/${kind}.md`,
        metric,
        threshold,
        comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        evaluationPeriods: outOf ?? minutes,
        ...(outOf === undefined ? {} : { datapointsToAlarm: minutes }),
        treatMissingData: TreatMissingData.NOT_BREACHING,
      });
      const action = { bind: () => ({ alarmActionArn: topic.topicArn }) };
      alarm.addAlarmAction(action);
      alarm.addOkAction(action);
    }
  }
}

function watched(d: Deployment, stages: readonly Stage[]): readonly Watched[] {
  const any = { threshold: 1, minutes: 1 };
  const late = { threshold: secondsOfAge, minutes: 3 };
  return [
    ...stages.flatMap(({ name: of }): Watched[] => [
      { kind: 'dead-letters', of, metric: depth(names.deadLetters(d, of)), ...any },
      { kind: 'inbox-dead-letters', of, metric: depth(names.inboxDeadLetters(d, of)), ...any },
      { kind: 'age', of, metric: age(names.queue(d, of)), ...late },
      { kind: 'inbox-age', of, metric: age(names.inbox(d, of)), ...late },
      { kind: 'errors', of, metric: ofFunction(names.function(d, of), 'Errors'), threshold: 1, minutes: 3 },
    ]),
    ...stages.flatMap((stage) => outsidesOf(stage).map((use) => brokenOff(d, stage.name, use))),
    { kind: 'errors', of: 'sequencer', metric: ofFunction(names.sequencer(d), 'Errors'), threshold: 1, minutes: 3 },
    { kind: 'quarantine', metric: depth(names.quarantine(d)), ...any },
    { kind: 'undelivered', metric: depth(names.undelivered(d)), ...any },
    { kind: 'bus-undelivered', metric: depth(names.busUndelivered(d)), ...any },
  ];
}

/**
 * A breaker says something when a probe is due: at the latest two fifths of its longest period after that. So twice is
 * more than one probe has failed, and within so many minutes it says it twice as long as it is open.
 */
const brokenOff = (d: Deployment, stage: string, { system, breaker }: OutsideUse): Watched => ({
  kind: 'breaker-open',
  of: `${stage}-${system}`,
  metric: breakerOpen(d, { stage, system }),
  threshold: 1,
  minutes: 2,
  outOf: Math.ceil((2 * 1.4 * breaker.openSecondsAtMost) / 60) + 1,
});
