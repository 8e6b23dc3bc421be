/**
 * A word to a stage, sent to its queue in the name of an entity: apply what waits in the entity's line and may go now. An
 * operator says it, or the stage to itself when more waits than one invocation has the time for. It is no event of the
 * domain; no handler sees it, and no bus carries it.
 */
import { type CloudEvent, followingId } from './envelope.ts';

export const RELEASE = 'line.release';

export interface Word {
  readonly id: string;
  /** RFC 3339. */
  readonly time: string;
  /** Who says it; default an operator. */
  readonly source?: string;
  /** What was applied behind this event, whoever did it, is to be said again first. */
  readonly behind?: string;
}

export interface GoingOn {
  readonly stage: string;
  readonly time: string;
  /** The last event that is through. */
  readonly behind: string;
}

/** A stage's word to itself, to go on where an invocation stopped: the same word, by its id, however often it is said. */
export function goingOn({ id, partitionkey }: CloudEvent, { stage, time, behind }: GoingOn): CloudEvent {
  const cause = `${id} ${behind}`;
  return releaseOf(partitionkey, { id: `release-${followingId(cause, stage, 0)}`, time, source: stage, behind });
}

/** Behind which event a word goes on; undefined for an operator's, and for events. */
export const behindOf = ({ type, data }: CloudEvent): string | undefined =>
  type === RELEASE ? (data as { behind?: string }).behind : undefined;

export const releaseOf = (entity: string, { id, time, source = 'operator', behind }: Word): CloudEvent => ({
  specversion: '1.0',
  id,
  source,
  type: RELEASE,
  time,
  subject: entity,
  datacontenttype: 'application/json',
  dataschema: `urn:event:${RELEASE}:1`,
  data: behind === undefined ? {} : { behind },
  partitionkey: entity,
  correlationid: id,
});
