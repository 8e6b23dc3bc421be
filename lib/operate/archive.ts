/** The archive of a region, and a replay of it. */
import {
  DescribeArchiveCommand,
  type DescribeArchiveResponse,
  DescribeReplayCommand,
  type DescribeReplayResponse,
  DescribeRuleCommand,
  StartReplayCommand,
} from '@aws-sdk/client-eventbridge';
import { names } from '../model/names.ts';
import { pause } from '../runtime/clock.ts';
import { RefusedError, type Target } from './target.ts';

/** @throws RefusedError when there is none */
export async function archiveOf({ events, deployment, region }: Target): Promise<DescribeArchiveResponse> {
  const ArchiveName = names.archive(deployment);
  try {
    return await events.send(new DescribeArchiveCommand({ ArchiveName }));
  } catch (error) {
    if ((error as Error).name !== 'ResourceNotFoundException') throw error;
    throw new RefusedError(
      `there is no archive ${ArchiveName} in ${region}; is ${names.base(deployment)} deployed there?`,
    );
  }
}

export interface ReplayRun {
  /** At most 64 characters, each once only. One that is there already is not begun anew but waited for. */
  readonly name: string;
  /** RFC 3339; from is included, to is not. */
  readonly from: string;
  readonly to: string;
  /** To whom. */
  readonly stages: readonly string[];
  readonly signal?: AbortSignal | undefined;
  /** Waits between two looks; default: by this machine's clock. */
  readonly wait?: ((milliseconds: number) => Promise<void>) | undefined;
  /** Called with how far it is, as a time of events. */
  readonly onProgress?: ((state: string, last: Date | undefined) => void) | undefined;
}

export interface Replayed {
  readonly name: string;
  readonly state: string;
  readonly reason: string | undefined;
}

/** Between two looks. */
const LOOK_MS = 500;

/** Replays, and waits for the end or for the signal, after which it goes on by itself. */
export async function runReplay(
  { events, deployment, pipeline }: Target,
  archive: DescribeArchiveResponse,
  { name: ReplayName, from, to, stages, signal, onProgress, wait = (length) => pause(length, signal) }: ReplayRun,
): Promise<Replayed> {
  const EventBusName = names.bus(deployment);
  const rules = stages.length === pipeline.stages.length ? [] : stages.map((stage) => names.rule(deployment, stage));
  const FilterArns = await Promise.all(
    rules.map(async (Name) => (await events.send(new DescribeRuleCommand({ Name, EventBusName }))).Arn!),
  );
  const starting = new StartReplayCommand({
    ReplayName,
    EventSourceArn: archive.ArchiveArn,
    EventStartTime: new Date(from),
    EventEndTime: new Date(to),
    Destination: { Arn: archive.EventSourceArn, ...(FilterArns.length === 0 ? {} : { FilterArns }) },
  });
  await events.send(starting).catch((error: Error) => {
    if (error.name !== 'ResourceAlreadyExistsException') throw error;
  });
  let current: DescribeReplayResponse;
  do {
    await wait(LOOK_MS).catch(() => {});
    current = await events.send(new DescribeReplayCommand({ ReplayName }));
    onProgress?.(current.State!, current.EventLastReplayedTime);
  } while (!signal?.aborted && ['STARTING', 'RUNNING', 'CANCELLING'].includes(current.State!));
  return { name: ReplayName, state: current.State!, reason: current.StateReason };
}
