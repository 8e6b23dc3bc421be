/** Replication of a table that stands still from and to one region, as AWS FIS can make it. */
import type { Cloud } from '../cloud.ts';
import type { Replica, Tables } from './state.ts';

/** The ways from the table in this region to the others, and from the others to it. */
function waysOf(cloud: Cloud, region: string, name: string): readonly Replica[] {
  const replicasIn = (place: string) => cloud.state<Tables>('dynamodb', place).byName.get(name)?.replicas;
  return [...(replicasIn(region)?.values() ?? [])].flatMap((to) => {
    const back = replicasIn(to.region)?.get(region);
    return back ? [to, back] : [to];
  });
}

/** Each pause is to be ended by a {@link resumeReplication} of its own. */
export function pauseReplication(cloud: Cloud, region: string, name: string): void {
  for (const way of waysOf(cloud, region, name)) way.pauses++;
}

/** What has gathered goes out with the next attempt, within 16 seconds. */
export function resumeReplication(cloud: Cloud, region: string, name: string): void {
  for (const way of waysOf(cloud, region, name)) way.pauses = Math.max(0, way.pauses - 1);
}
