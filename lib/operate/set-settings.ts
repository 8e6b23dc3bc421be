/** Sets something at a stage. What cannot be is refused before anything is written. */
import { judge, settingsOf, type Value, type Values } from '../model/settings.ts';
import { audited, noted } from './audit.ts';
import { type Elsewhere, elsewhere, tellElsewhere } from './elsewhere.ts';
import {
  type Change,
  changesBetween,
  PAUSED,
  type Stored,
  storedOf,
  tellChanges,
  writeSet,
} from './stored-settings.ts';
import { type Target, UsageError } from './target.ts';

export interface SetOptions {
  /** Why; needed unless it is a dry run. */
  readonly note: string | undefined;
  /** Say what would be set, and change nothing. */
  readonly dryRun?: boolean | undefined;
  /** The pipeline's other regions: the same is set there, so that it holds after a failover. Default none. */
  readonly alsoIn?: readonly Target[] | undefined;
}

export interface Changed {
  readonly stage: string;
  readonly changes: readonly Change[];
  /** Whether somebody else wrote at the same time: what they set may be gone. */
  readonly overtook: boolean;
  /** What became of it in the other regions. */
  readonly elsewhere: readonly Elsewhere[];
}

/** From what is set to what is to be set. */
export type Alter = (stored: Stored) => Values;

/**
 * Sets these settings and leaves the others as they are. `paused` is not among them: it takes the event source along, and so is `pause`.
 * @throws UsageError when there is no such stage or setting, a value cannot be, or there is no note
 */
export async function setSettings(
  target: Target,
  { stage, said }: { readonly stage: string; readonly said: Readonly<Record<string, unknown>> },
  options: SetOptions,
): Promise<Changed> {
  if (!options.dryRun) noted({ what: 'config set', note: options.note });
  const stored = await storedOf(target, stage);
  return change(target, stored, { ...options, what: 'config set', alter: (one) => judged(one, said) });
}

/** Writes a change down in the trail, and then where it is read: here, and in the other regions as far as they can be reached. */
export async function change(
  target: Target,
  stored: Stored,
  { what, note, dryRun, alter, alsoIn = [] }: SetOptions & { readonly what: string; readonly alter: Alter },
): Promise<Changed> {
  const stage = stored.stage.name;
  const after = alter(stored);
  const changes = changesBetween(stored.values, after);
  const others = new Map<Target, Stored>();
  const looked = await elsewhere(alsoIn, async (other) => {
    const there = await storedOf(other, stage);
    if (isNews(there, alter(there))) others.set(other, there);
  });
  // What cannot be is taken away with the next change, whatever it is.
  const isNeeded = isNews(stored, after) || others.size > 0;
  if (dryRun || !isNeeded) return { stage, changes, overtook: false, elsewhere: looked };
  return audited(
    target,
    { what, note, on: { stage, changes } },
    {
      run: async () => {
        const { overtook } = isNews(stored, after) ? await writeSet(target, stored, after) : { overtook: false };
        const written = await elsewhere([...others.keys()], async (other) => {
          const there = others.get(other)!;
          await writeSet(other, there, alter(there));
        });
        const done = looked.map((one) => written.find(({ region }) => region === one.region) ?? one);
        return { stage, changes, overtook, elsewhere: done };
      },
      tell: ({ overtook, elsewhere: told }) =>
        `${tellChanges(changes)}${overtook ? '; somebody else wrote at the same time' : ''}${tellElsewhere(told)}`,
    },
  );
}

const isNews = ({ values, problems }: Stored, after: Values): boolean =>
  problems.length > 0 || changesBetween(values, after).length > 0;

function judged({ stage, values }: Stored, said: Readonly<Record<string, unknown>>): Values {
  const own = judge(stage, said);
  const unknown = own.problems.filter(({ setting }) => !settingsOf(stage).some(({ name }) => name === setting));
  if (unknown.length > 0) {
    const all = settingsOf(stage).map(({ name }) => name);
    throw new UsageError(`${unknown.map(({ problem }) => problem).join('; ')}; settings are ${all.join(', ')}`);
  }
  // Together with what is set already: a first period may be right by itself, and not before this longest one.
  const after: Readonly<Record<string, Value>> = { ...values, ...(said as Values) };
  const { problems } = judge(stage, after);
  if (problems.length > 0) throw new UsageError(problems.map(({ problem }) => problem).join('; '));
  if (PAUSED in said)
    throw new UsageError('paused goes by itself, for its event source goes along; use pause and resume');
  return after;
}
