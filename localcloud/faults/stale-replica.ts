import { catchUp, fallBehind } from '../dynamodb/lagging.ts';
import type { Tables } from '../dynamodb/state.ts';
import type { Fault } from './fault.ts';
import { ofRegions } from './operate.ts';

/**
 * One of a table's replicas has not heard of the last writes for a while, and answers whoever does not ask for consistency:
 * "the response might not reflect the results of a recently completed write operation" (DynamoDB Developer Guide, "DynamoDB
 * read consistency"). It has struck once somebody reads so. For how long nobody promises; usually it is less than a second.
 */
export const staleReplica: Fault = {
  name: 'stale-replica',
  most: 0.8,
  targets: (cloud, regions) => ofRegions<Tables>(cloud, regions, 'dynamodb', ({ byName }) => byName.keys()),
  times: 4,
  happen(target, { struck, cloud, number, between, undo }) {
    const [region, name] = target.split('/') as [string, string];
    const table = cloud.state<Tables>('dynamodb', region).byName.get(name);
    if (!table || table.lagging) return;
    fallBehind(table, struck);
    const long = number('long') >= 0.7;
    undo(long ? between(1000, 60_000, 'how long') : between(20, 1000, 'how long'), () => catchUp(table));
  },
};
