/** Replays, from the request to the last event. */
import type { StartReplayRequest, StartReplayResponse } from '@aws-sdk/client-eventbridge';
import { type Action, type Context, refuseUnknown, ServiceError } from '../service.ts';
import { archived } from './archive-event.ts';
import { route } from './route.ts';
import {
  arnOf,
  type BusEvent,
  beyondLimit,
  checkName,
  type Events,
  findBus,
  type Here,
  invalid,
  lookUpBus,
  type Replay,
} from './state.ts';
import { milliseconds } from './time.ts';

const MINUTE = 60_000;
/** Replays that may run at once (EventBridge quotas). */
const MOST_ACTIVE = 10;
const MEMBERS = ['ReplayName', 'Description', 'EventSourceArn', 'EventStartTime', 'EventEndTime', 'Destination'];

/** StartReplay. It goes only to the bus that the archive was taken from. */
export const startReplay: Action<Events, StartReplayRequest, StartReplayResponse> = (input, state, context) => {
  refuseUnknown('events:StartReplay', input, MEMBERS);
  const replay = read(input, state, context);
  const active = [...state.replays.values()].filter(({ state: now }) => now === 'STARTING' || now === 'RUNNING');
  if (active.length >= MOST_ACTIVE) beyondLimit();
  state.replays.set(replay.name, replay);
  context.later(context.now + context.dice.between(200, 2000, 'events.replay', replay.name), 'beginReplay', {
    name: replay.name,
  });
  return { ReplayArn: replay.arn, State: replay.state, ReplayStartTime: new Date(replay.startedAt) };
};

function read(input: StartReplayRequest, state: Events, context: Context): Replay {
  const name = checkName(input.ReplayName, 'replayName');
  const archiveName = input.EventSourceArn?.split(':archive/')[1] ?? '';
  const archive = state.archives.get(archiveName);
  if (!archive) invalid(`Parameter EventSourceArn is not valid. Reason: Archive ${archiveName} does not exist.`);
  const bus = findBus(state, input.Destination?.Arn);
  if (bus.name !== archive.bus) {
    invalid('Parameter Destination.Arn is not valid. Reason: Cross event bus replay is not permitted.');
  }
  if (state.replays.has(name))
    throw new ServiceError('ResourceAlreadyExistsException', `Replay ${name} already exists.`);
  const from = milliseconds(input.EventStartTime!);
  const to = milliseconds(input.EventEndTime!);
  if (!(from < to)) invalid('Parameter EventEndTime is not valid. Reason: EventStartTime must be before EventEndTime.');
  return {
    name,
    arn: arnOf(state, `replay/${name}`),
    archive: archive.name,
    archiveArn: archive.arn,
    destination: input.Destination!,
    bus: bus.name,
    from,
    to,
    startedAt: context.now,
    state: 'STARTING',
    ...(input.Description === undefined ? {} : { description: input.Description }),
  };
}

/**
 * Internal step: reads the archive. What has not arrived there by now is not replayed. The events go out minute by
 * minute of their own time, within a minute in any order (user guide, "Replaying archived events").
 */
export const beginReplay: Action<Events, { name: string }, void> = ({ name }, state, context) => {
  const replay = state.replays.get(name)!;
  const archive = state.archives.get(replay.archive);
  if (replay.state !== 'STARTING') return;
  if (!archive) {
    replay.state = 'FAILED';
    replay.stateReason = 'Archive resource not found.';
    replay.endedAt = context.now;
    return;
  }
  replay.state = 'RUNNING';
  const minutes = new Map<number, BusEvent[]>();
  for (const { event, time } of archived(archive, context.now)) {
    // The end is not part of it (recorded by the suite of radkawar/stackd).
    if (time < replay.from || time >= replay.to) continue;
    const minute = Math.floor(time / MINUTE);
    minutes.set(minute, [...(minutes.get(minute) ?? []), event]);
  }
  const groups = [...minutes].sort(([a], [b]) => a - b).map(([, events]) => shuffled(events, replay, context));
  replayMinute({ name, groups }, state, context);
};

/** Internal step: one minute's events, then the next. */
export const replayMinute: Action<Events, { name: string; groups: readonly (readonly BusEvent[])[] }, void> = (
  { name, groups: [group, ...rest] },
  state,
  context,
) => {
  const replay = state.replays.get(name)!;
  if (replay.state !== 'RUNNING') return;
  if (group === undefined) {
    replay.state = 'COMPLETED';
    replay.endedAt = context.now;
    return;
  }
  for (const event of group) putAgain(replay, event, { state, context });
  const next = context.now + context.dice.between(50, 500, 'events.replay', name, 'minute');
  context.later(next, 'replayMinute', { name, groups: rest });
};

function putAgain(replay: Replay, event: BusEvent, here: Here): void {
  const filter = replay.destination.FilterArns;
  const { version, source, account, time, region, resources, detail } = event.envelope;
  const envelope = {
    version,
    // Replayed once more is once more another event; its targets share it.
    id: here.context.dice.uuid('events.id', replay.name, event.envelope.id),
    ...{ 'detail-type': event.envelope['detail-type'], source, account, time, region },
    'replay-name': replay.name,
    ...{ resources, detail },
  };
  const bus = lookUpBus(here.state, replay.bus);
  const again = {
    envelope,
    detail: event.detail,
    ingestedAt: here.context.now,
    crossed: event.crossed,
    handedOn: event.handedOn,
  };
  if (bus) route(bus, again, here, filter && filter.length > 0 ? new Set(filter) : undefined);
  replay.lastReplayed = Math.max(replay.lastReplayed ?? 0, new Date(time).getTime());
}

function shuffled(events: readonly BusEvent[], replay: Replay, context: Context): BusEvent[] {
  const places = events.map((event) => ({
    event,
    place: context.dice.number('events.replay', replay.name, event.envelope.id),
  }));
  return places.sort((a, b) => a.place - b.place).map(({ event }) => event);
}
