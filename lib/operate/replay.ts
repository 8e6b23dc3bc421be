/** Puts on the bus again what was on it before: from the archive, by time. Ids make it harmless. */
import { eventTypesOf } from '../model/pipeline.ts';
import { newId, timestamp } from '../runtime/clock.ts';
import { archiveOf, type Replayed, runReplay } from './archive.ts';
import { audited } from './audit.ts';
import { deployedOf, otherVersion } from './deployed.ts';
import { mustBeKnown } from './horizon.ts';
import { type Target, UsageError } from './target.ts';

export interface ReplayOptions {
  /** RFC 3339; from is included, at most 40 days ago, to is not. */
  readonly from: string;
  readonly to: string;
  /** Only to the stages that hear this type. */
  readonly type?: string | undefined;
  /** Why; needed unless it is a dry run. */
  readonly note: string | undefined;
  /** Say what would be replayed, and change nothing. */
  readonly dryRun?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called with how far it is, as a time of events. */
  readonly onProgress?: ((state: string, last: Date | undefined) => void) | undefined;
}

export interface Replay {
  readonly archive: string;
  /** All that the archive holds: EventBridge does not tell how many are of a time. */
  readonly archived: { readonly events: number; readonly since: string | undefined };
  readonly from: string;
  readonly to: string;
  /** The stages to which it goes. */
  readonly stages: readonly string[];
  /** What these stages hear beside the type that was asked for, and so hear again as well. */
  readonly also: readonly string[];
  /** Undefined for a dry run. */
  readonly replay?: Replayed;
}

/**
 * Replays from the archive, and waits for the end.
 * @throws UsageError when the times are no span or too far back, nobody hears the type, there is no archive, or no note;
 * RefusedError when one of the stages is not deployed
 */
export async function replay(target: Target, options: ReplayOptions): Promise<Replay> {
  const { from, to, type, note, dryRun } = options;
  if (!(from < to)) throw new UsageError(`--from is ${from} and --to is ${to}; --from must be before --to`);
  mustBeKnown(target, { what: '--from', time: from, remedy: 'give a later --from' });
  const { stages, also } = hearing(target, type);
  const missing = (await deployedOf(target)).missing.filter((stage) => stages.includes(stage));
  if (missing.length > 0) throw otherVersion(target, missing);
  const archive = await archiveOf(target);
  const plan: Replay = {
    archive: archive.ArchiveName!,
    archived: { events: archive.EventCount ?? 0, since: archive.CreationTime?.toISOString() },
    ...{ from, to, stages, also },
  };
  if (dryRun) return plan;
  return audited(
    target,
    { what: 'replay', note, on: { from, to, type, stages } },
    {
      run: async () => {
        // At most 64 characters, and each once only.
        const name = `operator-${timestamp().replaceAll(/[:.]/g, '-')}-${newId().slice(0, 8)}`;
        return { ...plan, replay: await runReplay(target, archive, { ...options, name, stages }) };
      },
      tell: ({ replay: started }) => `${started!.name} ${started!.state}`,
    },
  );
}

/** An archive replays to rules, and a rule is a stage: a type of its own cannot be had. */
function hearing({ pipeline }: Target, type: string | undefined): Pick<Replay, 'stages' | 'also'> {
  if (type === undefined) return { stages: pipeline.stages.map(({ name }) => name), also: [] };
  const known = eventTypesOf(pipeline).map((one) => one.type);
  if (!known.includes(type)) throw new UsageError(`--type is ${type}; allowed are ${known.join(', ')}`);
  const types = (one: (typeof pipeline.stages)[number]): string[] =>
    one.accepts.map((accepted: { type: string }) => accepted.type);
  const stages = pipeline.stages.filter((stage) => types(stage).includes(type));
  if (stages.length === 0) throw new UsageError(`no stage hears ${type}, so there is nobody to replay it to`);
  return {
    stages: stages.map(({ name }) => name),
    also: [...new Set(stages.flatMap(types))].filter((one) => one !== type),
  };
}
