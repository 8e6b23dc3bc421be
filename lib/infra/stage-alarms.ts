/** What is watched of each stage, and of the sequencer before it. */
import { Duration } from 'aws-cdk-lib/core';
import { type Deployment, names } from '../model/names.ts';
import { LETTER_DAYS } from '../model/retention.ts';
import { outsidesOf, reads, type Stage } from '../model/stage.ts';
import type { OutsideUse } from '../model/uses.ts';
import {
  age,
  breakerOpen,
  depth,
  errorShare,
  givenUp,
  ofFunction,
  ofService,
  oldestIn,
  stillParked,
} from './metrics.ts';
import { sequencer } from './sequencer-resources.ts';
import type { Watched } from './watched.ts';

/** Once is enough: nobody but a person takes it away. */
export const lying = { threshold: 1, periods: 1 };

/** What still lies there after days was told of, and left: SQS deletes it soon. */
export const leftLying = (queueNames: readonly string[]) =>
  ({ kind: 'expiring', metric: oldestIn(queueNames), threshold: LETTER_DAYS * 86_400, periods: 1 }) as const;

/** Ten minutes of retries are a stage's own business; then somebody should look. */
const late = { threshold: 600, periods: 3 };

/** Three of five minutes: a crash, a deployment or a cold start is over by then. */
const lasting = { periods: 3, outOf: 5 };

/** Per cent of invocations. With a few a minute one failure is more, so it takes three minutes of them. */
const ERRORS = 5;
/** Of the time that a function has. */
const NEARLY_ALL = 0.8;

const quarter = Duration.minutes(15);

export const ofStage = (d: Deployment, stage: Stage): readonly Watched[] => {
  const of = stage.name;
  return [
    { kind: 'dead-letters', of, metric: depth(names.deadLetters(d, of)), ...lying },
    { kind: 'inbox-dead-letters', of, metric: depth(names.inboxDeadLetters(d, of)), ...lying },
    { of, ...leftLying([names.deadLetters(d, of), names.inboxDeadLetters(d, of)]) },
    { kind: 'age', of, metric: age(names.queue(d, of)), ...late },
    { kind: 'inbox-age', of, metric: age(names.inbox(d, of)), ...late },
    { kind: 'failed-deliveries', of, metric: givenUp(d, names.rule(d, of), 'sent'), threshold: 1, periods: 1 },
    { kind: 'lost-deliveries', of, metric: givenUp(d, names.rule(d, of), 'lost'), threshold: 1, periods: 1 },
    ...ofItsFunction(of, names.function(d, of), stage.timeoutSeconds),
    { kind: 'conflicts', of, metric: ofService(d, of, 'Conflicts'), threshold: 1, periods: 2, outOf: 10 },
    // A day is as far back as an alarm can look.
    { kind: 'parked', of, metric: stillParked(d, of, quarter), threshold: 1, periods: 2, outOf: 96 },
    // Such an event comes back after five minutes. By then what was only late is there, and the second time it is not that.
    ...(reads(stage)
      ? [{ kind: 'torn' as const, of, metric: ofService(d, of, 'Torn'), threshold: 1, periods: 2, outOf: 15 }]
      : []),
    ...outsidesOf(stage).map((use) => brokenOff(d, of, use)),
  ];
};

export const ofSequencer = (d: Deployment): readonly Watched[] =>
  ofItsFunction('sequencer', names.sequencer(d), sequencer.timeoutSeconds);

const ofItsFunction = (of: string, name: string, timeoutSeconds: number): readonly Watched[] => [
  { kind: 'errors', of, metric: errorShare(name), threshold: ERRORS, ...lasting },
  { kind: 'throttles', of, metric: ofFunction(name, 'Throttles'), threshold: 1, ...lasting },
  {
    kind: 'duration',
    of,
    metric: ofFunction(name, 'Duration', 'p99'),
    threshold: timeoutSeconds * 1000 * NEARLY_ALL,
    ...lasting,
  },
];

/**
 * A breaker says something when a probe is due: at the latest two fifths of its longest period after that. So twice is
 * more than one probe has failed, and within so many minutes it says it twice as long as it is open.
 */
const brokenOff = (d: Deployment, stage: string, { system, breaker }: OutsideUse): Watched => ({
  kind: 'breaker-open',
  of: `${stage}-${system}`,
  metric: breakerOpen(d, { stage, system }),
  threshold: 1,
  periods: 2,
  outOf: Math.ceil((2 * 1.4 * breaker.openSecondsAtMost) / 60) + 1,
});
