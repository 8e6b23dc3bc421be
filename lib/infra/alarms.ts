/** What calls a person, and where it tells them. Each kind has its runbook: `docs/runbooks/<kind>.md`. */
import { Alarm, ComparisonOperator, type Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { names } from '../model/names.ts';
import { pascalCase } from './construct-id.ts';
import { age, depth, ofFunction } from './metrics.ts';
import type { Yard } from './queues.ts';

/** The kinds of alarm, and what each means to whom it wakes. */
export const alarmKinds = {
  'dead-letters': 'Events that a stage gave up: each is a decision to make, and holds back its entity',
  'inbox-dead-letters': 'Events that the sequencer could not hand on: they are in no stage yet',
  age: 'A stage does not keep up, or an entity is blocked',
  'inbox-age': 'The sequencer does not keep up with what a stage is sent',
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
  /** Minutes in a row that it must be so. */
  readonly minutes: number;
}

/** Ten minutes of retries are a stage's own business; then somebody should look. */
const secondsOfAge = 600;

export class Alarms extends Construct {
  constructor({ scope, place }: Yard, id: string, topic: Topic) {
    super(scope, id);
    const d = place.deployment;
    for (const { kind, of, metric, threshold, minutes } of watched(
      d,
      place.pipeline.stages.map(({ name }) => name),
    )) {
      const what = of === undefined ? kind : `${of}-${kind}`;
      const alarm = new Alarm(this, pascalCase(what), {
        alarmName: names.alarm(d, what),
        alarmDescription: `${alarmKinds[kind]}. Runbook: docs/runbooks/${kind}.md`,
        metric,
        threshold,
        comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        evaluationPeriods: minutes,
        treatMissingData: TreatMissingData.NOT_BREACHING,
      });
      const action = { bind: () => ({ alarmActionArn: topic.topicArn }) };
      alarm.addAlarmAction(action);
      alarm.addOkAction(action);
    }
  }
}

function watched(d: Yard['place']['deployment'], stages: readonly string[]): readonly Watched[] {
  const any = { threshold: 1, minutes: 1 };
  const late = { threshold: secondsOfAge, minutes: 3 };
  return [
    ...stages.flatMap((of): Watched[] => [
      { kind: 'dead-letters', of, metric: depth(names.deadLetters(d, of)), ...any },
      { kind: 'inbox-dead-letters', of, metric: depth(names.inboxDeadLetters(d, of)), ...any },
      { kind: 'age', of, metric: age(names.queue(d, of)), ...late },
      { kind: 'inbox-age', of, metric: age(names.inbox(d, of)), ...late },
      { kind: 'errors', of, metric: ofFunction(names.function(d, of), 'Errors'), threshold: 1, minutes: 3 },
    ]),
    { kind: 'errors', of: 'sequencer', metric: ofFunction(names.sequencer(d), 'Errors'), threshold: 1, minutes: 3 },
    { kind: 'quarantine', metric: depth(names.quarantine(d)), ...any },
    { kind: 'undelivered', metric: depth(names.undelivered(d)), ...any },
    { kind: 'bus-undelivered', metric: depth(names.busUndelivered(d)), ...any },
  ];
}
