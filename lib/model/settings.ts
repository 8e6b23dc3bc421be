/**
 * What an operator can set for a stage while it runs, without a deployment. A stage's code declares what holds unless
 * something is set; what is set is kept apart from it, so that neither a deployment nor a stack's tags undo it. A new
 * setting is an entry in `settingsOf`, and its place in `Settings`.
 */
import { type Breaker, breakerRanges, isWithin, type NumberRange, rangeInWords } from './breaker.ts';
import { outsidesOf, type Stage } from './stage.ts';

/** As Powertools calls them; what is worse than these is always said. */
export const LOG_LEVELS = ['DEBUG', 'INFO', 'WARN', 'ERROR'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** What holds at a stage. */
export interface Settings {
  /** Whether an operator has paused the stage. Its event source is what stops it; the function only knows. */
  readonly paused: boolean;
  /** Lines below this level are not written. */
  readonly logLevel: LogLevel;
  /** The share of batches that are logged at DEBUG whatever the level, 0 to 1. */
  readonly logSampling: number;
  /** By system. */
  readonly breakers: Readonly<Record<string, Breaker>>;
}

export type Value = boolean | number | string;

/** What is set, by the names of settings: `{ "log.level": "WARN" }`. Also the form in which it is stored, as JSON. */
export type Values = Readonly<Record<string, Value>>;

/** One thing that can be set. */
export interface Setting {
  /** `paused`, `log.level`, `breaker.<system>.failures`. */
  readonly name: string;
  readonly about: string;
  /** In words: `whole numbers from 1 to 900`. */
  readonly allowed: string;
  /** What holds where nothing is set. */
  readonly declared: Value;
  readonly accepts: (value: unknown) => value is Value;
}

/** A value that cannot be. */
export interface Problem {
  /** Undefined for what is wrong with all of it. */
  readonly setting: string | undefined;
  readonly problem: string;
}

const breakerAbout: Readonly<Record<keyof Breaker, string>> = {
  failures: 'failed calls within the window that open the breaker',
  withinSeconds: 'length of the window in seconds',
  share: 'the share of calls within the window that must have failed',
  openSeconds: 'seconds until the first probe; each that fails doubles it',
  openSecondsAtMost: 'seconds that the doubling ends at',
};

/** All that can be set at a stage. */
export const settingsOf = (stage: Stage): readonly Setting[] => [
  {
    name: 'paused',
    about: 'whether the stage is paused',
    allowed: 'true and false',
    declared: false,
    accepts: (value): value is boolean => typeof value === 'boolean',
  },
  {
    name: 'log.level',
    about: 'the least that is logged',
    allowed: LOG_LEVELS.join(', '),
    declared: 'INFO',
    accepts: (value): value is LogLevel => LOG_LEVELS.some((level) => level === value),
  },
  numeric({ name: 'log.sampling', about: 'the share of batches that are logged at DEBUG', declared: 0 }, shareRange),
  ...outsidesOf(stage).flatMap(({ system, breaker }) =>
    (Object.keys(breakerRanges) as (keyof Breaker)[]).map((part) =>
      numeric(
        { name: `breaker.${system}.${part}`, about: breakerAbout[part], declared: breaker[part] },
        // Its alarm is deployed for the longest period that is declared, and would end between two probes of a longer one.
        part === 'openSecondsAtMost'
          ? { ...breakerRanges[part], high: breaker.openSecondsAtMost }
          : breakerRanges[part],
      ),
    ),
  ),
];

const shareRange: NumberRange = { low: 0, high: 1, whole: false };

const numeric = (setting: Pick<Setting, 'name' | 'about' | 'declared'>, range: NumberRange): Setting => ({
  ...setting,
  allowed: rangeInWords(range),
  accepts: (value): value is number => isWithin(value, range),
});

/** What holds where nothing is set. */
export const declaredValues = (stage: Stage): Values =>
  Object.fromEntries(settingsOf(stage).map(({ name, declared }) => [name, declared]));

/**
 * Judges values, each for itself; and those of a breaker together, of which a longest period below the first is none.
 * What is accepted is returned even where something else is not.
 */
export function judge(
  stage: Stage,
  said: Readonly<Record<string, unknown>>,
): { readonly accepted: Values; readonly problems: readonly Problem[] } {
  const settings = settingsOf(stage);
  const accepted: Record<string, Value> = {};
  const problems: Problem[] = [];
  for (const [name, value] of Object.entries(said)) {
    const setting = settings.find((one) => one.name === name);
    if (!setting) problems.push({ setting: name, problem: `${name} is no setting of ${stage.name}` });
    else if (setting.accepts(value)) accepted[name] = value;
    else {
      const problem = `${name} is ${JSON.stringify(value)}; allowed are ${setting.allowed}`;
      problems.push({ setting: name, problem });
    }
  }
  for (const [system, { openSeconds, openSecondsAtMost }] of Object.entries(settingsFrom(stage, accepted).breakers)) {
    if (openSeconds <= openSecondsAtMost) continue;
    const setting = `breaker.${system}.openSeconds`;
    const problem = `${setting} is ${openSeconds}; allowed are whole numbers up to breaker.${system}.openSecondsAtMost, which is ${openSecondsAtMost}`;
    problems.push({ setting, problem });
    delete accepted[setting];
    delete accepted[`breaker.${system}.openSecondsAtMost`];
  }
  return { accepted, problems };
}

/** What is written in a store, judged. */
export function parse(stage: Stage, text: string): ReturnType<typeof judge> {
  let said: unknown;
  try {
    said = JSON.parse(text);
  } catch {
    said = undefined;
  }
  if (typeof said === 'object' && said !== null && !Array.isArray(said)) return judge(stage, { ...said });
  const problem = `what is set is no JSON object: ${text.slice(0, 80)}`;
  return { accepted: {}, problems: [{ setting: undefined, problem }] };
}

/** What holds, given what is set. @param values accepted ones */
export function settingsFrom(stage: Stage, values: Values): Settings {
  const all: Readonly<Record<string, any>> = { ...declaredValues(stage), ...values };
  const breakerOf = (system: string): Breaker => ({
    failures: all[`breaker.${system}.failures`],
    withinSeconds: all[`breaker.${system}.withinSeconds`],
    share: all[`breaker.${system}.share`],
    openSeconds: all[`breaker.${system}.openSeconds`],
    openSecondsAtMost: all[`breaker.${system}.openSecondsAtMost`],
  });
  return {
    paused: all.paused,
    logLevel: all['log.level'],
    logSampling: all['log.sampling'],
    breakers: Object.fromEntries(outsidesOf(stage).map(({ system }) => [system, breakerOf(system)])),
  };
}
