/** Performs a rehearsal: makes the trouble, waits for the alarm, ends the trouble, waits for the alarm to end; and notes who was told. */
import { alarmKinds } from '../../lib/infra/alarm-kinds.ts';
import { alarmName } from '../../lib/infra/watched.ts';
import type { Monitoring } from '../../localcloud/cloudwatch/state.ts';
import type { DeployedCloud } from '../../localcloud/drive/deployed.ts';
import type { Prepared } from '../start/prepare.ts';
import { letters } from './letters.ts';
import { losses } from './losses.ts';
import { promises } from './promises.ts';
import type { Rehearsal } from './rehearsal.ts';
import { createScene, type Scene } from './scene.ts';
import { stages } from './stages.ts';

export const rehearsals: readonly Rehearsal[] = [...letters, ...stages, ...losses, ...promises];

export interface Change {
  /** Minutes from the beginning of the trouble. */
  readonly minute: number;
  readonly alarm: string;
  readonly to: string;
  readonly reason: string;
}

export interface Performed {
  readonly alarm: string;
  /** Minutes from the beginning of the trouble, and from its end; undefined where it did not in time. */
  readonly fired: number | undefined;
  readonly cleared: number | undefined;
  /** Every change of any alarm, until this one cleared. */
  readonly changes: readonly Change[];
  /** Of those, what people were told. */
  readonly told: readonly Change[];
  /** What failed within the cloud on the way to them. */
  readonly untold: readonly string[];
}

const MINUTE = 60_000;

export async function perform(prepared: Prepared, rehearsal: Rehearsal, cloud: DeployedCloud): Promise<Performed> {
  const scene = createScene(prepared, cloud);
  const alarm = alarmName(scene.deployment, rehearsal);
  // All alarms have seen that all is well.
  await scene.pass(3);
  const from = scene.virtual.cloud.journal.entries.length;
  const began = scene.virtual.cloud.now();
  await rehearsal.begin(scene);
  const fired = await until(scene, alarm, { state: 'ALARM', minutes: rehearsal.fires, each: rehearsal.meanwhile });
  await rehearsal.end(scene);
  const cleared = await until(scene, alarm, { state: 'OK', minutes: rehearsal.clears, each: rehearsal.afterwards });
  scene.virtual.stop();
  const notes = scene.virtual.cloud.journal.entries.slice(from);
  const changes = notes.flatMap(({ action, at, input }): Change[] => {
    if (action !== 'AlarmChangedState' || input.to === undefined || input.from === 'INSUFFICIENT_DATA') return [];
    return [{ minute: (at - began) / MINUTE, alarm: input.alarm, to: input.to, reason: input.reason }];
  });
  return {
    alarm,
    fired: fired === undefined ? undefined : (fired - began) / MINUTE,
    cleared,
    changes,
    told: changes.filter((change) => tells(scene, change)),
    untold: notes.flatMap(({ action, input }) =>
      action === 'AlarmActionFailed' ? [`${input.alarm}: ${input.error}`] : [],
    ),
  };
}

const monitoringOf = ({ virtual, region }: Scene) => virtual.cloud.state<Monitoring>('monitoring', region);

const tells = (scene: Scene, { alarm }: Change): boolean =>
  (monitoringOf(scene).alarms.get(alarm)?.input.AlarmActions ?? []).length > 0;

interface Awaited {
  readonly state: string;
  readonly minutes: number;
  readonly each: Rehearsal['meanwhile'];
}

/** When the alarm came into this state, or undefined; for an end, in minutes from now. */
async function until(scene: Scene, alarm: string, { state, minutes, each }: Awaited): Promise<number | undefined> {
  const is = () => monitoringOf(scene).alarms.get(alarm)?.state === state;
  const start = scene.virtual.cloud.now();
  for (let minute = 1; minute <= minutes; minute++) {
    if (is()) break;
    await each?.(scene, minute);
    await scene.virtual.run({ until: is, for: start + minute * MINUTE - scene.virtual.cloud.now() });
  }
  if (!is()) return undefined;
  return state === 'ALARM' ? scene.virtual.cloud.now() : (scene.virtual.cloud.now() - start) / MINUTE;
}

/** What a kind of alarm means, for whoever reads the rehearsal. */
export const meaning = ({ kind }: Rehearsal): string => alarmKinds[kind].means;
