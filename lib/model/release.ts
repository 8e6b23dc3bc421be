/**
 * A word from an operator to a stage, sent to its queue in the name of an entity: apply what waits in the entity's line
 * and may go now. It is no event of the domain; no handler sees it, and no bus carries it.
 */
import type { CloudEvent } from './envelope.ts';

export const RELEASE = 'line.release';

/** @param id names the word; time is RFC 3339 */
export const releaseOf = (entity: string, { id, time }: { id: string; time: string }): CloudEvent => ({
  specversion: '1.0',
  id,
  source: 'operator',
  type: RELEASE,
  time,
  subject: entity,
  datacontenttype: 'application/json',
  dataschema: `urn:event:${RELEASE}:1`,
  data: {},
  partitionkey: entity,
  correlationid: id,
});
