/** Replication that falls behind before the loss: of each table by itself, so that what was committed together comes apart. */
import { type Deployment, names } from '../../lib/model/names.ts';
import { domainTablesOf } from '../../lib/model/pipeline.ts';
import type { Virtual } from '../../localcloud/drive/virtual.ts';
import { pauseReplication, resumeReplication } from '../../localcloud/dynamodb/pause-replication.ts';
import type { Dice } from '../../localcloud/world.ts';
import { pipeline } from '../domain.ts';

interface Behind {
  readonly deployment: Deployment;
  readonly region: string;
  readonly dice: Dice;
  /** How long to run until the loss, in milliseconds. */
  readonly until: number;
  /** By how much a table is behind then, at most, in milliseconds. */
  readonly lag: number;
}

/** Runs until the loss; one after the other the tables of the pipeline stop being replicated. */
export async function fallBehind(
  virtual: Virtual,
  { deployment, region, dice, until, lag }: Behind,
): Promise<{ catchUp(): void }> {
  const { cloud } = virtual;
  // What a sandbox keeps stands for a system outside, which no region takes with it.
  const tables = [
    names.records(deployment),
    ...domainTablesOf(pipeline).map((table) => names.table(deployment, table)),
  ];
  const stops = tables.map((table) => ({ table, at: until - (lag > 0 ? dice.between(0, lag, 'behind', table) : 0) }));
  let ran = 0;
  for (const { table, at } of stops.toSorted((a, b) => a.at - b.at)) {
    if (at > ran) await virtual.run({ for: at - ran });
    ran = Math.max(ran, at);
    if (lag > 0) pauseReplication(cloud, region, table);
  }
  if (until > ran) await virtual.run({ for: until - ran });
  return {
    catchUp() {
      if (lag > 0) for (const { table } of stops) resumeReplication(cloud, region, table);
    },
  };
}
