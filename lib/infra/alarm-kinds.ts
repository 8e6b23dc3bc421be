/** The kinds of alarm, what each means to whom it wakes, and how it wakes them. Each has its runbook: `docs/runbooks/<kind>.md`. */

interface Kind {
  /** In one sentence, without a full stop. */
  readonly means: string;
  /**
   * Who tells people: the alarm itself, or the composite that it is part of; or nobody, where it is for the dashboard
   * (docs/decisions/0014-who-is-paged.md).
   */
  readonly tells: 'itself' | 'composite' | 'nobody';
}

const itself = (means: string): Kind => ({ means, tells: 'itself' });
const composite = (means: string): Kind => ({ means, tells: 'composite' });
const nobody = (means: string): Kind => ({ means, tells: 'nobody' });

export const alarmKinds = {
  // What was given up lies until somebody decides, for days if need be: it tells by itself, once, and keeps nothing else quiet.
  'dead-letters': itself('Events that a stage gave up: each is a decision to make, and holds back its entity'),
  'inbox-dead-letters': itself('Events that the sequencer could not hand on: they are in no stage yet'),
  quarantine: itself('Events that are not what they say they are, or that nobody may say'),
  undelivered: itself('Events that a rule could not deliver in a day'),
  'bus-undelivered': itself('Events that the bus could not encrypt or decrypt'),
  expiring: itself('What was given up lies there for days: SQS deletes it soon, and then it is lost'),
  // What somebody has to put right, and what nothing else tells of.
  'not-active': itself('Functions are fed and may not commit, for another region has the authority, or none has'),
  'writes-unknown': itself('What a lost region decided stands, and what it wrote is not known: effects are missing'),
  'settings-refused': itself('What is set at a stage cannot be: it goes by what was set before'),
  // Of a stage, or of the sequencer.
  age: composite('A stage does not keep up, or an entity is blocked'),
  'inbox-age': composite('The sequencer does not keep up with what a stage is sent'),
  'lost-deliveries': composite('The rule of a stage gave deliveries up, and not even its dead-letter queue took them'),
  errors: composite(
    'A function fails as a whole, more often than now and then: events stay in their queue and come again',
  ),
  throttles: composite('Lambda refuses to run a function: the account or the function is at its limit of concurrency'),
  duration: composite('A function needs nearly all the time it has: the next thing that is slow makes it fail'),
  conflicts: composite('Two attempts at one event meet again and again, which a FIFO queue should prevent'),
  torn: composite('Events wait for the return of a lost region, which may have applied them; they become dead letters'),
  parked: composite('Events wait for a predecessor that does not come'),
  'breaker-open': composite('A system that is not ours fails: a stage has stopped calling it, and its events wait'),
  // Of the pipeline: the promise.
  unfinished: composite('More is accepted than finished, and it stays so'),
  latency: composite('From entry to exit takes longer than promised'),
  availability: composite('Of what ended, more was given up than promised'),
  replication: composite('What is written here reaches the other region late'),
  volume: composite('Far more comes in than usual, or far less'),
  'failed-deliveries': nobody('The rule of a stage gave deliveries up: they lie among the undelivered'),
  'time-to-repair': nobody('Letters had lain longer than promised when somebody took care of them'),
  // Composites.
  stage: itself('A stage does not work as it should; its own alarms say how'),
  sequencer: itself('The way into the stages does not work as it should'),
  promise: itself('The pipeline does not keep what it promises, and no stage explains it'),
  pipeline: nobody('Something is wrong somewhere: what to look at first'),
} as const satisfies Readonly<Record<string, Kind>>;

export type AlarmKind = keyof typeof alarmKinds;

/** Of the failover stack, which need not be. */
export const failoverAlarmKinds = {
  'round-trip': itself('What is said on the bus of this region is not heard; producers are routed to the other'),
  'peer-round-trip': nobody('What is said in the other region does not arrive in this one'),
  'peer-silent': nobody('Services of the other region do not answer'),
  'region-lost': itself(
    'The other region is lost, as far as can be seen from here: nothing arrives, and it does not answer',
  ),
  'take-over-failed': itself('The other region is lost, and this one has not taken over by itself: a person has to'),
} as const satisfies Readonly<Record<string, Kind>>;

export type FailoverAlarmKind = keyof typeof failoverAlarmKinds;

export const compositeKinds = ['stage', 'sequencer', 'promise', 'pipeline'] as const satisfies readonly AlarmKind[];

/** As the alarm's description: what it means, and where it is written what to do. */
export const describeAlarm = (kind: AlarmKind | FailoverAlarmKind, runbooks: string): string =>
  `${{ ...alarmKinds, ...failoverAlarmKinds }[kind].means}. Runbook: ${runbooks}/${kind}.md`;
