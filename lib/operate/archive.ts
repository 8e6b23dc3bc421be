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
  /**
   * At most 64 characters. One that is there already is waited for, and not begun anew, where it brings all of this; where it does
   * not, or failed or was cancelled, another is begun, with `.2`, `.3` behind the name: AWS takes each name once only.
   */
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
  { name, from, to, stages, signal, onProgress, wait = (length) => pause(length, signal) }: ReplayRun,
): Promise<Replayed> {
  const EventBusName = names.bus(deployment);
  const rules = stages.length === pipeline.stages.length ? [] : stages.map((stage) => names.rule(deployment, stage));
  const FilterArns = await Promise.all(
    rules.map(async (Name) => (await events.send(new DescribeRuleCommand({ Name, EventBusName }))).Arn!),
  );
  const span = { EventStartTime: new Date(from), EventEndTime: new Date(to) };
  const start = (ReplayName: string) =>
    events.send(
      new StartReplayCommand({
        ...{ ReplayName, ...span, EventSourceArn: archive.ArchiveArn },
        Destination: { Arn: archive.EventSourceArn, ...(FilterArns.length === 0 ? {} : { FilterArns }) },
      }),
    );
  let ReplayName = name;
  for (let nth = 2; !(await isUnderWay(() => start(ReplayName))); nth++) {
    if (brings(await events.send(new DescribeReplayCommand({ ReplayName })), span)) break;
    ReplayName = `${name}.${nth}`;
  }
  let current: DescribeReplayResponse;
  do {
    await wait(LOOK_MS).catch(() => {});
    current = await events.send(new DescribeReplayCommand({ ReplayName }));
    onProgress?.(current.State!, current.EventLastReplayedTime);
  } while (!signal?.aborted && ['STARTING', 'RUNNING', 'CANCELLING'].includes(current.State!));
  return { name: ReplayName, state: current.State!, reason: current.StateReason };
}

/** False where there is one of that name. */
const isUnderWay = (start: () => Promise<unknown>): Promise<boolean> =>
  start().then(
    () => true,
    (error: Error) => {
      if (error.name !== 'ResourceAlreadyExistsException') throw error;
      return false;
    },
  );

/** Whether a replay brings, or has brought, all of a span. Times are compared by the second. */
function brings(
  { State, EventStartTime, EventEndTime }: DescribeReplayResponse,
  span: { readonly EventStartTime: Date; readonly EventEndTime: Date },
): boolean {
  const seconds = (time: Date | undefined) => Math.floor((time?.getTime() ?? Number.NaN) / 1000);
  return (
    ['STARTING', 'RUNNING', 'COMPLETED'].includes(State!) &&
    seconds(EventStartTime) <= seconds(span.EventStartTime) &&
    seconds(EventEndTime) >= seconds(span.EventEndTime)
  );
}
