/** Replays that exist: described, cancelled, listed. */
import type {
  CancelReplayRequest,
  CancelReplayResponse,
  DescribeReplayRequest,
  DescribeReplayResponse,
  ListReplaysRequest,
  ListReplaysResponse,
} from '@aws-sdk/client-eventbridge';
import { type Action, ServiceError } from '../service.ts';
import { page } from './pages.ts';
import { type Events, given, notFound, type Replay } from './state.ts';

export const describeReplay: Action<Events, DescribeReplayRequest, DescribeReplayResponse> = (input, state) => {
  const replay = findReplay(state, input.ReplayName);
  return {
    ...summary(replay),
    ReplayArn: replay.arn,
    Destination: replay.destination,
    ...given({ Description: replay.description }),
  };
};

/** CancelReplay: what has gone out has gone out. */
export const cancelReplay: Action<Events, CancelReplayRequest, CancelReplayResponse> = (input, state, context) => {
  const replay = findReplay(state, input.ReplayName);
  if (replay.state !== 'STARTING' && replay.state !== 'RUNNING') {
    throw new ServiceError(
      'IllegalStatusException',
      `Replay ${replay.name} is not in a valid state for this operation.`,
    );
  }
  replay.state = 'CANCELLING';
  context.later(context.now + context.dice.between(200, 2000, 'events.cancel', replay.name), 'endReplay', {
    name: replay.name,
  });
  return { ReplayArn: replay.arn, State: replay.state };
};

/** Internal step: a cancelled replay has stopped. */
export const endReplay: Action<Events, { name: string }, void> = ({ name }, state, context) => {
  const replay = state.replays.get(name)!;
  replay.state = 'CANCELLED';
  replay.endedAt = context.now;
};

export const listReplays: Action<Events, ListReplaysRequest, ListReplaysResponse> = (input, state) => {
  const found = [...state.replays.values()].filter(
    (replay) =>
      replay.name.startsWith(input.NamePrefix ?? '') &&
      (input.EventSourceArn === undefined || replay.archiveArn === input.EventSourceArn) &&
      (input.State === undefined || replay.state === input.State),
  );
  const { items, ...next } = page(found, input);
  return { Replays: items.map(summary), ...next };
};

/** @throws ServiceError `ResourceNotFoundException` */
const findReplay = (state: Events, name: string | undefined): Replay =>
  state.replays.get(name ?? '') ?? notFound(`Replay ${name} does not exist.`);

const timeOf = (time: number | undefined) => (time === undefined ? undefined : new Date(time));

const summary = (replay: Replay) => ({
  ReplayName: replay.name,
  EventSourceArn: replay.archiveArn,
  State: replay.state,
  EventStartTime: new Date(replay.from),
  EventEndTime: new Date(replay.to),
  ReplayStartTime: new Date(replay.startedAt),
  ...given({
    StateReason: replay.stateReason,
    EventLastReplayedTime: timeOf(replay.lastReplayed),
    ReplayEndTime: timeOf(replay.endedAt),
  }),
});
