/** Puts on the bus again what was on it before: from the archive, by time. Ids make it harmless. */
import {
  DescribeArchiveCommand,
  DescribeReplayCommand,
  type DescribeReplayResponse,
  DescribeRuleCommand,
  StartReplayCommand,
} from '@aws-sdk/client-eventbridge';
import { names } from '../model/names.ts';
import { eventTypesOf } from '../model/pipeline.ts';
import { newId, pause, timestamp } from '../runtime/clock.ts';
import { audited } from './audit.ts';
import { type Target, UsageError } from './target.ts';

export interface ReplayOptions {
  /** RFC 3339; from is included, to is not. */
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
  readonly replay?: { readonly name: string; readonly state: string; readonly reason: string | undefined };
}

/**
 * Replays from the archive, and waits for the end.
 * @throws UsageError when the times are no span, nobody hears the type, there is no archive, or no note
 */
export async function replay(target: Target, options: ReplayOptions): Promise<Replay> {
  const { from, to, type, note, dryRun } = options;
  if (!(from < to)) throw new UsageError(`--from is ${from} and --to is ${to}; --from must be before --to`);
  const { stages, also } = hearing(target, type);
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
      run: async () => ({ ...plan, replay: await start(target, archive, { ...options, stages }) }),
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

async function archiveOf({ events, deployment, region }: Target) {
  const ArchiveName = names.archive(deployment);
  try {
    return await events.send(new DescribeArchiveCommand({ ArchiveName }));
  } catch (error) {
    if ((error as Error).name !== 'ResourceNotFoundException') throw error;
    throw new UsageError(
      `there is no archive ${ArchiveName} in ${region}; is ${names.base(deployment)} deployed there?`,
    );
  }
}

/** Between two looks. */
const LOOK_MS = 500;

async function start(
  { events, deployment, pipeline }: Target,
  archive: Awaited<ReturnType<typeof archiveOf>>,
  { from, to, stages, signal, onProgress }: ReplayOptions & { stages: readonly string[] },
): Promise<NonNullable<Replay['replay']>> {
  const EventBusName = names.bus(deployment);
  const rules = stages.length === pipeline.stages.length ? [] : stages.map((stage) => names.rule(deployment, stage));
  const FilterArns = await Promise.all(
    rules.map(async (Name) => (await events.send(new DescribeRuleCommand({ Name, EventBusName }))).Arn!),
  );
  // At most 64 characters, and each once only.
  const ReplayName = `operator-${timestamp().replaceAll(/[:.]/g, '-')}-${newId().slice(0, 8)}`;
  await events.send(
    new StartReplayCommand({
      ReplayName,
      EventSourceArn: archive.ArchiveArn,
      EventStartTime: new Date(from),
      EventEndTime: new Date(to),
      Destination: { Arn: archive.EventSourceArn, ...(FilterArns.length === 0 ? {} : { FilterArns }) },
    }),
  );
  let current: DescribeReplayResponse;
  do {
    await pause(LOOK_MS, signal).catch(() => {});
    current = await events.send(new DescribeReplayCommand({ ReplayName }));
    onProgress?.(current.State!, current.EventLastReplayedTime);
  } while (!signal?.aborted && ['STARTING', 'RUNNING', 'CANCELLING'].includes(current.State!));
  return { name: ReplayName, state: current.State!, reason: current.StateReason };
}
