/**
 * The settings of a stage, as a function instance knows them: what its code declares, and what was read last of what is
 * set. They are read anew while a batch is worked on, once a minute at most. Nothing that goes wrong with them reaches the
 * batch: what held goes on to hold.
 */
import { SET } from '../../model/names.ts';
import { judge, parse, type Settings, settingsFrom, type Values } from '../../model/settings.ts';
import type { Stage } from '../../model/stage.ts';
import { chance, now } from '../clock.ts';
import { functionLog } from '../log.ts';
import type { Fetch } from './parameter-store.ts';
import type { Reporter } from './report.ts';

/** How long what was read holds, and how long it is until a read that failed is tried again. */
export const READ_EVERY_MS = 60_000;

/** A read that takes longer has failed: the batch beside it waits for it at its end. */
const LIMIT_MS = 250;

/** A cold start's: its first calls have connections to make and code to warm, those of the batch as well. */
export const FIRST_LIMIT_MS = 1000;

/** As long as nothing is known, what an operator set may be the opposite of what holds. */
const UNKNOWN_FOR_MS = 10_000;

export interface Reading {
  /** What holds. */
  now(): Settings;
  /** Works on a batch. Rejects with what the batch does, and with nothing else. */
  during<T>(batch: () => Promise<T>): Promise<T>;
}

export interface ReadingOptions {
  readonly stage: Stage;
  /** Must end in the time that it is given, one way or the other. */
  readonly fetch: Fetch;
  readonly report: Reporter;
}

export function createReading({ stage, fetch, report }: ReadingOptions): Reading {
  // What the environment says: the deployment's word, or that of whoever runs it by hand.
  const levelAtStart = functionLog.getLevelName();
  let values: Values = {};
  let settings = settingsFrom(stage, values);
  let text: string | undefined;
  let dueAt = Number.NEGATIVE_INFINITY;

  const adopt = (set = '{}'): void => {
    const news = set !== text;
    text = set;
    const { accepted, problems } = parse(stage, set);
    const next = problems.length === 0 ? accepted : keeping(accepted, problems);
    const wasPaused = settings.paused;
    if (JSON.stringify(next) !== JSON.stringify(values)) report.changed(values, next);
    values = next;
    settings = settingsFrom(stage, values);
    if (problems.length > 0) report.refused(problems, { news, holds: values });
    // Read twice, a minute apart: by then whoever pauses a stage has switched its event source off.
    if (wasPaused && settings.paused) report.fed();
  };

  /** In place of what was refused, what held; as far as it goes with the rest. */
  const keeping = (accepted: Values, problems: ReturnType<typeof parse>['problems']): Values => {
    if (problems.some(({ setting }) => setting === undefined)) return values;
    const held = problems.flatMap(({ setting }) => {
      const value = values[setting!];
      return value === undefined ? [] : [[setting!, value] as const];
    });
    return judge(stage, { ...accepted, ...Object.fromEntries(held) }).accepted;
  };

  const levelOfBatch = () => {
    const { logLevel, logSampling } = settings;
    if (logSampling > 0 && chance() < logSampling) return 'DEBUG';
    return 'log.level' in values ? logLevel : levelAtStart;
  };

  const read = async (): Promise<void> => {
    const isKnown = text !== undefined;
    dueAt = now() + (isKnown ? READ_EVERY_MS : UNKNOWN_FOR_MS);
    try {
      const stored = await fetch(isKnown ? LIMIT_MS : FIRST_LIMIT_MS);
      // A path that has nothing at all is another stage's, or nobody's.
      if (Object.keys(stored).length === 0) throw new Error('there is nothing where they should be');
      adopt(stored[SET]);
      dueAt = now() + READ_EVERY_MS;
    } catch (error) {
      report.unread(error, values);
    }
  };

  return {
    now: () => settings,
    async during(batch) {
      functionLog.setLogLevel(levelOfBatch());
      // Its own calls first.
      const working = batch();
      const reading = now() >= dueAt ? read() : undefined;
      try {
        return await working;
      } finally {
        // Not left to itself: the environment may freeze, and thaw in somebody else's name.
        await reading;
      }
    },
  };
}
