/** Replication that falls behind before the loss: of each table by itself, so that what was committed together comes apart. */
import { type Deployment, names } from '../../lib/model/names.ts';
import { domainTablesOf } from '../../lib/model/pipeline.ts';
import type { Cloud } from '../../localcloud/cloud.ts';
import { pauseReplication, resumeReplication } from '../../localcloud/dynamodb/pause-replication.ts';
import type { Dice } from '../../localcloud/world.ts';
import { pipeline } from '../domain.ts';

export interface Behind {
  readonly deployment: Deployment;
  readonly region: string;
  readonly dice: Dice;
  /** The time of the loss, in milliseconds since 1970. */
  readonly until: number;
  /** By how much a table is behind then, at most, in milliseconds. */
  readonly lag: number;
}

/** One after the other the tables of the pipeline stop being replicated, until somebody lets them catch up. */
export function fallBehind(cloud: Cloud, { deployment, region, dice, until, lag }: Behind): { catchUp(): void } {
  if (lag === 0) return { catchUp: () => {} };
  // What a sandbox keeps stands for a system outside, which no region takes with it.
  const tables = [
    names.records(deployment),
    ...domainTablesOf(pipeline).map((table) => names.table(deployment, table)),
  ];
  for (const table of tables) {
    const when = until - dice.between(0, lag, 'behind', table);
    cloud.agenda.at(when, () => pauseReplication(cloud, region, table));
  }
  return {
    catchUp() {
      for (const table of tables) resumeReplication(cloud, region, table);
    },
  };
}
