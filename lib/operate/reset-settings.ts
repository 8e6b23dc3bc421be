/** Takes away what is set at a stage, so that what its code declares holds again. */
import { settingsOf } from '../model/settings.ts';
import { noted } from './audit.ts';
import { type Changed, change, type SetOptions } from './set-settings.ts';
import { PAUSED, storedOf } from './stored-settings.ts';
import { type Target, UsageError } from './target.ts';

export interface ResetResult extends Changed {
  /** Whether the stage was paused and stays so: that is for `resume`. */
  readonly staysPaused: boolean;
}

/**
 * Resets these settings, or all but the pause.
 * @throws UsageError when there is no such stage or setting, or no note
 */
export async function resetSettings(
  target: Target,
  { stage, settings }: { readonly stage: string; readonly settings: readonly string[] },
  options: SetOptions,
): Promise<ResetResult> {
  if (!options.dryRun) noted({ what: 'config reset', note: options.note });
  const stored = await storedOf(target, stage);
  const known = settingsOf(stored.stage).map(({ name }) => name);
  const unknown = settings.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new UsageError(`${stage} has no setting ${unknown.join(', ')}; settings are ${known.join(', ')}`);
  }
  if (settings.includes(PAUSED)) {
    throw new UsageError('paused goes by itself, for its event source goes along; use resume');
  }
  const isKept = (name: string) => (settings.length === 0 ? name === PAUSED : !settings.includes(name));
  const alter = ({ values }: Pick<typeof stored, 'values'>) =>
    Object.fromEntries(Object.entries(values).filter(([name]) => isKept(name)));
  const changed = await change(target, stored, { ...options, what: 'config reset', alter });
  return { ...changed, staysPaused: stored.values[PAUSED] === true };
}
