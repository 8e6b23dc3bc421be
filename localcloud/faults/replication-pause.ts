import { pauseReplication, resumeReplication } from '../dynamodb/pause-replication.ts';
import type { Tables } from '../dynamodb/state.ts';
import type { Fault } from './fault.ts';
import { ofRegions } from './operate.ts';

/**
 * Replication of a global table from and to one of its regions stands still for minutes, as by the action
 * `aws:dynamodb:global-table-pause-replication` of AWS FIS (https://docs.aws.amazon.com/fis/latest/userguide/fis-actions-reference.html).
 * Strongly consistent tables are not replicated in this way.
 */
export const replicationPause: Fault = {
  name: 'replication-pause',
  most: 0.4,
  targets: (cloud, regions) =>
    ofRegions<Tables>(cloud, regions, 'dynamodb', ({ byName }) =>
      [...byName.values()].filter(({ replicas }) => replicas.size > 0).map(({ name }) => name),
    ),
  happen(target, { struck, cloud, between, undo }) {
    const [region, name] = target.split('/') as [string, string];
    struck();
    pauseReplication(cloud, region, name);
    undo(between(60_000, 1_200_000, 'how long'), () => resumeReplication(cloud, region, name));
  },
};
