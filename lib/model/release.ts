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
}

/** A stage's word to itself, to go on where it stopped behind an event: the same word, by its id, however often it is said. */
export const goingOn = (
  { id, partitionkey }: CloudEvent,
  { stage, time }: { stage: string; time: string },
): CloudEvent => releaseOf(partitionkey, { id: `release-${followingId(id, stage, 0)}`, time, source: stage });

export const releaseOf = (entity: string, { id, time, source = 'operator' }: Word): CloudEvent => ({
  specversion: '1.0',
  id,
  source,
  type: RELEASE,
  time,
  subject: entity,
  datacontenttype: 'application/json',
  dataschema: `urn:event:${RELEASE}:1`,
  data: {},
  partitionkey: entity,
  correlationid: id,
});
