/**
 * Composites: a stage, the sequencer, the promise, and the pipeline as a whole. They are what people are told of, so that one
 * trouble is one message however many of its signs fire (docs/decisions/0014-who-is-paged.md).
 */
import type { Deployment } from '../model/names.ts';
import { type AlarmKind, alarmKinds } from './alarm-kinds.ts';
import { alarmName, type Watched } from './watched.ts';

export interface Composite {
  readonly kind: AlarmKind;
  readonly of?: string;
  /** In the language of alarm rules, by literal names. */
  readonly rule: string;
  /** The alarms that the rule speaks of. */
  readonly children: readonly string[];
}

/** The most that AWS takes, of either. https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html */
const CHILDREN_MAX = 100;
const RULE_LENGTH_MAX = 10_240;

export interface Family {
  /** By stage. */
  readonly stages: ReadonlyMap<string, readonly Watched[]>;
  readonly sequencer: readonly Watched[];
  /** Of the pipeline's own queues. */
  readonly queues: readonly Watched[];
  readonly promise: readonly Watched[];
}

/**
 * All composites, each after those it speaks of.
 * @throws Error when a pipeline has more stages than a composite can speak of
 */
export function compositesOf(d: Deployment, { stages, sequencer, queues, promise }: Family): readonly Composite[] {
  const name = (one: Pick<Watched, 'kind' | 'of'>) => alarmName(d, one);
  const everything = [...stages.values()].flat();
  const ofStages = [...stages].map(([of, watched]) => {
    const own = through(watched).filter(({ kind }) => kind !== 'inbox-age');
    return composite({ kind: 'stage', of }, any(own.map((one) => unless(name(one), explanationsOf(d, one, of)))));
  });
  const ofSequencer = composite(
    { kind: 'sequencer' },
    // Where the sequencer stands still, all inboxes grow old, and it is one trouble.
    any([...sequencer, ...everything.filter(({ kind }) => kind === 'inbox-age')].map((one) => alarm(name(one)))),
  );
  const parts = [...ofStages, ofSequencer];
  const ofPromise = composite(
    { kind: 'promise' },
    `(${any(through(promise).map((one) => alarm(name(one))))}) AND NOT (${any([...parts, { kind: 'not-active' as const }].map((one) => alarm(name(one))))})`,
  );
  const letters = [...everything, ...queues, ...promise].filter(({ kind }) => alarmKinds[kind].tells === 'itself');
  const whole = composite({ kind: 'pipeline' }, any([...parts, ofPromise, ...letters].map((one) => alarm(name(one)))));
  return [...parts, ofPromise, whole];
}

const through = (watched: readonly Watched[]): readonly Watched[] =>
  watched.filter(({ kind }) => alarmKinds[kind].tells === 'composite');

/** What tells of the same by itself. */
const explanationsOf = (d: Deployment, { kind }: Watched, stage: string): readonly string[] =>
  kind === 'parked'
    ? [alarmName(d, { kind: 'dead-letters', of: stage })]
    : // Where nothing may be committed, the queues of all stages grow old at once.
      kind === 'age'
      ? [alarmName(d, { kind: 'not-active' })]
      : [];

const alarm = (name: string): string => `ALARM("${name}")`;
const any = (terms: readonly string[]): string => terms.join(' OR ');
const unless = (name: string, explanations: readonly string[]): string =>
  explanations.length === 0 ? alarm(name) : `(${alarm(name)} AND NOT ${explanations.map(alarm).join(' AND NOT ')})`;

function composite(which: Pick<Composite, 'kind' | 'of'>, rule: string): Composite {
  const children = [...new Set([...rule.matchAll(/ALARM\("([^"]+)"\)/g)].map(([, child]) => child!))];
  if (children.length > CHILDREN_MAX || rule.length > RULE_LENGTH_MAX) {
    throw new Error(
      `the composite alarm ${which.kind} would speak of ${children.length} alarms in ${rule.length} characters; CloudWatch takes ${CHILDREN_MAX} in ${RULE_LENGTH_MAX}: split the pipeline, or shorten the names of its stages`,
    );
  }
  return { ...which, rule, children };
}
