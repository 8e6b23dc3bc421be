/** The history in figures, for the report. */
import type { Ended, History, Said } from './history.ts';

export interface Percentiles {
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
}

export interface StageFigures {
  readonly stage: string;
  readonly completed: number;
  readonly deadLettered: number;
  readonly quarantined: number;
  /** From the bus to the commit; undefined where nothing was completed. */
  readonly latency: Percentiles | undefined;
}

export interface Summary {
  /** Entry events that the bus accepted, without repetitions. */
  readonly entries: number;
  /** Entry events that came again under an id that was known. */
  readonly repetitions: number;
  readonly stages: readonly StageFigures[];
  /** How often each exit was reached. */
  readonly exits: ReadonlyMap<string, number>;
  /** From an entry event to the exit that follows from it. */
  readonly endToEnd: Percentiles | undefined;
  /** Events that no stage completed, with the reasons. */
  readonly givenUp: readonly Ended[];
  /** Messages that were received too often although their event was completed: a redrive says (again) what they decided, no more. */
  readonly leftOver: readonly Ended[];
  /** Letters that were sent back. */
  readonly sentBack: number;
}

export function summarise(history: History): Summary {
  const { pipeline, commits, deadLettered, quarantined, sentBack } = history;
  const first = firstSayings(history.said);
  const entryTypes = new Set<string>(pipeline.entries.map(({ type }) => type));
  const entries = history.said.filter(({ detailType }) => entryTypes.has(detailType));
  const completed = new Set(
    commits.filter(({ failure }) => !failure).map(({ stage, eventId }) => `${stage}#${eventId}`),
  );
  const isDone = ({ stage, eventId }: Ended) => completed.has(`${stage}#${eventId}`);
  const back = new Set(sentBack.map(({ messageId }) => messageId));
  const lying = (ended: readonly Ended[]) => unique(ended).filter(({ messageId }) => !back.has(messageId));
  const deadLetters = lying(deadLettered);
  const inQuarantine = lying(quarantined);
  const ended = [...deadLetters, ...inQuarantine];
  const stages = pipeline.stages.map(({ name }): StageFigures => {
    // A word to a stage has a record, and was never said on the bus.
    const done = commits.filter(({ stage, eventId, failure }) => stage === name && !failure && first.has(eventId));
    return {
      stage: name,
      completed: done.length,
      deadLettered: deadLetters.filter((one) => one.stage === name && !isDone(one)).length,
      quarantined: inQuarantine.filter((one) => one.stage === name).length,
      latency: percentiles(done.flatMap(({ at, eventId }) => since(first.get(eventId), at))),
    };
  });
  const exitTypes = new Set<string>(pipeline.exits.map(({ type }) => type));
  const exited = [...first.values()].filter(({ detailType }) => exitTypes.has(detailType));
  const exits = new Map(
    pipeline.exits.map(({ type }) => [type, exited.filter(({ detailType }) => detailType === type).length]),
  );
  return {
    entries: new Set(entries.map(({ id }) => id)).size,
    repetitions: entries.length - new Set(entries.map(({ id }) => id)).size,
    stages,
    exits,
    endToEnd: percentiles(exited.flatMap(({ at, detail }) => since(first.get(detail.correlationid), at))),
    givenUp: ended.filter((one) => !isDone(one)),
    leftOver: ended.filter(isDone),
    sentBack: back.size,
  };
}

const firstSayings = (said: readonly Said[]): ReadonlyMap<string, Said> => {
  const first = new Map<string, Said>();
  for (const one of said) if (!first.has(one.id)) first.set(one.id, one);
  return first;
};

/** A dead letter that was sent again under the same deduplication id is one letter. */
const unique = (ended: readonly Ended[]): readonly Ended[] => [
  ...new Map(ended.map((one) => [one.messageId, one])).values(),
];

const since = (said: Said | undefined, at: number): number[] => (said ? [at - said.at] : []);

export function percentiles(values: readonly number[]): Percentiles | undefined {
  if (values.length === 0) return undefined;
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)]!;
  return { p50: at(0.5), p99: at(0.99) };
}
