/** What should not be there any more when a run has settled. */
import { names } from '../../lib/model/names.ts';
import type { History, Outstanding } from '../../lib/proof/index.ts';
import type { Tables } from '../../localcloud/dynamodb/state.ts';
import { scan } from '../../localcloud/dynamodb/storage.ts';
import type { Events } from '../../localcloud/events/state.ts';
import { pipeline } from '../domain.ts';
import { deploymentOf } from '../start/live.ts';
import { messagesIn } from './operator.ts';
import type { Where } from './producer.ts';

/** Events that have not ended, messages in queues, dead letters and leases, each in a word. Looked for one by one: mostly the first will do. */
export function* leftOver(where: Where, { outstanding, history }: Seen): Generator<string> {
  for (const open of outstanding.open) yield `${open} has not ended`;
  for (const { stage, said } of outstanding.twins()) yield `${stage}#${said.id}, one of several, has not ended`;
  yield* messages(where);
  yield* letters(history);
  yield* leases(where);
}

const LETTER = 'a dead letter of ';

/** Whether it is a dead letter that is left over. */
export const isLetter = (left: string): boolean => left.startsWith(LETTER);

/** What is known of a run. */
export interface Seen {
  readonly outstanding: Outstanding;
  readonly history: History;
}

/**
 * Dead letters that a queue made, which nobody has sent back. Even that of a completed event is not done with: its function
 * may have died before it said what it had decided.
 */
function letters({ deadLettered, sentBack }: History): readonly string[] {
  const back = new Map(sentBack.map(({ messageId, n }) => [messageId, n]));
  return deadLettered.flatMap(({ by, messageId, n, stage, eventId }) =>
    by === 'queue' && n > (back.get(messageId) ?? -1) ? [`${LETTER}${stage}#${eventId}`] : [],
  );
}

/** Dead letters that the domain refused may stay; everything else is on its way. */
function messages(where: Where): readonly string[] {
  const deployment = deploymentOf(where.config);
  const queues = [
    ...pipeline.stages.flatMap(({ name }) => [
      names.inbox(deployment, name),
      names.queue(deployment, name),
      names.inboxDeadLetters(deployment, name),
    ]),
  ];
  return [...inQueues(where, queues), ...undeliveredIn(where)];
}

/** What the bus of a region could not deliver. */
export const undeliveredIn = (where: Where): readonly string[] => {
  const deployment = deploymentOf(where.config);
  return inQueues(where, [names.undelivered(deployment), names.busUndelivered(deployment)]);
};

/** What was given up in a region that is not active, where no stage reads what is sent back. */
export function lettersIn(where: Where): readonly string[] {
  const deployment = deploymentOf(where.config);
  const queues = pipeline.stages.flatMap(({ name }) => [
    names.deadLetters(deployment, name),
    names.inboxDeadLetters(deployment, name),
  ]);
  return inQueues(where, [...queues, names.quarantine(deployment)]).map((left) => `${left} of ${where.region}`);
}

/** What the bus of a region tries again to deliver: to the other region, it may be the last that this one lacks. */
export function retryingIn({ virtual, region }: Where): readonly string[] {
  const { retrying } = virtual.cloud.state<Events>('events', region);
  return retrying === 0 ? [] : [`${retrying} deliveries of ${region} are tried again`];
}

const inQueues = (where: Where, queues: readonly string[]): readonly string[] =>
  queues.flatMap((queue) => {
    const count = messagesIn(where, queue);
    return count === 0 ? [] : [`${count} messages in ${queue}`];
  });

/** A lease belongs to an invocation; when all has ended, none runs. */
function leases({ virtual, region, config }: Where): readonly string[] {
  const table = virtual.cloud.state<Tables>('dynamodb', region).byName.get(names.records(deploymentOf(config)));
  if (!table) return [];
  return [...scan(table.items)].flatMap(({ item }) =>
    item.status?.S === 'INPROGRESS' ? [`${item.id!.S} is leased still`] : [],
  );
}
