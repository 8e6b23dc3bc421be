import { type Action, type Context, refuseUnknown, ServiceError } from '../service.ts';
import { isLater, onlyReplicator } from './replication.ts';
import { sizeOfItem } from './sizes.ts';
import type { ReplicatedWrite, Table, Tables, Version } from './state.ts';
import { find } from './storage.ts';
import { scheduleSweep } from './time-to-live.ts';
import { bury, replace, tombstoneOf } from './write.ts';

interface Input {
  readonly TableName: string;
  readonly Writes: readonly ReplicatedWrite[];
}

/**
 * Takes up what was written in another region: of two versions of an item the later stays. It is no action of AWS's, and
 * only replication may call it. Where two regions wrote the same item without knowing of each other, one of the writes
 * is lost; the journal then has `ReplicationConflict`.
 */
export const applyReplicatedWrites: Action<Tables, Input, object> = (input, state, context) => {
  onlyReplicator(context, 'ApplyReplicatedWrites');
  refuseUnknown('ApplyReplicatedWrites', input, ['TableName', 'Writes']);
  const table = state.byName.get(input.TableName);
  if (!table?.replicas.has(sourceOf(context))) {
    throw new ServiceError(
      'ResourceNotFoundException',
      `Requested resource not found: Table: ${input.TableName} not found`,
    );
  }
  for (const write of input.Writes) {
    const present = versionOf(table, write);
    const wins = present === undefined || isLater(write.version, present);
    if (present && isConflict(write, present)) {
      const [kept, lost] = wins ? [write.version, present] : [present, write.version];
      context.note('ReplicationConflict', { table: table.name, key: write.key, kept, lost });
    }
    if (!wins) continue;
    const { item, version } = write;
    replace(table, { ...write, tie: '' }, item && { item, size: sizeOfItem(item), version });
    if (item) scheduleSweep(table, item, context);
    else bury(table, { ...write, tie: '' }, version);
  }
  return {};
};

/** The region that sends; what it sends may have been written elsewhere, when it fills a new replica. */
const sourceOf = ({ principal }: Context): string =>
  (principal.kind === 'service' && principal.sourceArn?.split(':')[3]) || '';

const versionOf = (table: Table, { partition, sort }: ReplicatedWrite): Version | undefined =>
  find(table.items, { partition, sort, tie: '' })?.version ?? table.tombstones.get(tombstoneOf(partition, sort));

/** The other region wrote on top of something else than what is here, and not because its writes came out of order. */
function isConflict({ version, replaces }: ReplicatedWrite, present: Version): boolean {
  if (present.region === version.region) return false;
  return present.at !== replaces?.at || present.region !== replaces.region || present.sequence !== replaces.sequence;
}
