/** Sets something at a stage. What cannot be is refused before anything is written. */
import { judge, settingsOf, type Value, type Values } from '../model/settings.ts';
import { audited, noted } from './audit.ts';
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
}

export interface Changed {
  readonly stage: string;
  readonly changes: readonly Change[];
  /** Whether somebody else wrote at the same time: what they set may be gone. */
  readonly overtook: boolean;
}

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
  return change(target, stored, { ...options, what: 'config set', after: judged(stored, said) });
}

/** Writes a change down in the trail, and then where it is read. */
export async function change(
  target: Target,
  stored: Stored,
  { what, note, dryRun, after }: SetOptions & { readonly what: string; readonly after: Values },
): Promise<Changed> {
  const stage = stored.stage.name;
  const changes = changesBetween(stored.values, after);
  // What cannot be is taken away with the next change, whatever it is.
  if (dryRun || (changes.length === 0 && stored.problems.length === 0)) return { stage, changes, overtook: false };
  return audited(
    target,
    { what, note, on: { stage, changes } },
    {
      run: async () => ({ stage, changes, ...(await writeSet(target, stored, after)) }),
      tell: ({ overtook }) => `${tellChanges(changes)}${overtook ? '; somebody else wrote at the same time' : ''}`,
    },
  );
}

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
