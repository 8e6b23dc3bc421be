/** What can be set at a stage, what holds, and whether its event source agrees. */
import type { Value } from '../model/settings.ts';
import { settingsOf } from '../model/settings.ts';
import { authorityThere } from './authority.ts';
import { mappingsOf } from './pause.ts';
import { PAUSED, type Stored, storedOf, storedSettings } from './stored-settings.ts';
import type { Target } from './target.ts';

export interface ShownSetting {
  readonly name: string;
  readonly about: string;
  readonly allowed: string;
  readonly declared: Value;
  readonly set: Value | undefined;
}

export interface StageSettings {
  readonly stage: string;
  readonly settings: readonly ShownSetting[];
  /** Whether the stage is there, in this region; where not, all but what is declared is unknown. */
  readonly deployed: boolean;
  /** RFC 3339; undefined where nothing is set. */
  readonly setAt: string | undefined;
  /** How often it was set, counted from when nothing was. */
  readonly version: number;
  /** What does not fit together, each a sentence. */
  readonly problems: readonly string[];
}

/** Shows the settings of a stage, or of all. @throws UsageError when there is no such stage */
export async function showSettings(target: Target, stage?: string): Promise<readonly StageSettings[]> {
  const all = stage === undefined ? await storedSettings(target) : [await storedOf(target, stage)];
  const shown: StageSettings[] = [];
  // One after the other: Lambda, which is asked for the event source, takes fifteen such calls a second.
  const passive = all.some(({ declared }) => declared) && (await isPassive(target));
  for (const one of all) shown.push(await show(target, one, passive));
  return shown;
}

/** In the region that is not active all is off, whatever is set. */
async function isPassive(target: Target): Promise<boolean> {
  const held = await authorityThere(target);
  return held !== undefined && held.region !== target.region;
}

async function show(target: Target, stored: Stored, passive: boolean): Promise<StageSettings> {
  const { stage, declared, values, problems, version, setAt } = stored;
  const settings = settingsOf(stage);
  const otherwise = settings.filter((one) => declared && declared[one.name] !== one.declared);
  return {
    stage: stage.name,
    settings: settings.map((one) => ({
      name: one.name,
      about: one.about,
      allowed: one.allowed,
      declared: one.declared,
      set: values[one.name],
    })),
    deployed: declared !== undefined,
    setAt: setAt?.toISOString(),
    version,
    problems: [
      ...problems.map(({ problem }) => `refused by whoever reads it: ${problem}`),
      ...(declared ? [] : [`not deployed in ${target.region}`]),
      ...otherwise.map(
        (one) => `what is deployed declares ${one.name} as ${declared![one.name]}, your code ${one.declared}`,
      ),
      ...(declared && !passive ? await disagreement(target, stage.name, values[PAUSED] === true) : []),
    ],
  };
}

async function disagreement(target: Target, stage: string, paused: boolean): Promise<readonly string[]> {
  const { State = '' } = (await mappingsOf(target, stage)).stage;
  const isOff = /^Disabl/.test(State);
  if (paused === isOff) return [];
  return paused
    ? [`set to be paused, but its event source is ${State}: pause it again, or resume it`]
    : [`its event source is ${State}, though it is not set to be paused: resume it, or pause it again`];
}
