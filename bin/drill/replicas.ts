/** Whether two regions hold the same, once nothing is on its way. */
import { type Deployment, names } from '../../lib/model/names.ts';
import { domainTablesOf } from '../../lib/model/pipeline.ts';
import type { Cloud } from '../../localcloud/cloud.ts';
import type { Tables } from '../../localcloud/dynamodb/state.ts';
import { scan } from '../../localcloud/dynamodb/storage.ts';
import { pipeline } from '../domain.ts';

/** Items of the domain's tables, and those that the regions hold differently, as `table/key`. */
export function compareReplicas(
  cloud: Cloud,
  { deployment, regions }: { deployment: Deployment; regions: readonly string[] },
): { readonly cases: number; readonly violations: readonly string[] } {
  const compared = domainTablesOf(pipeline).map((table) => {
    const [one, other] = regions.map((region) => itemsOf(cloud, region, names.table(deployment, table)));
    const keys = [...new Set([...one!.keys(), ...other!.keys()])];
    const differing = keys.filter((key) => one!.get(key) !== other!.get(key));
    return {
      cases: keys.length,
      violations: differing.map((key) => `${table}/${key} is not the same in both regions`),
    };
  });
  return {
    cases: compared.reduce((sum, { cases }) => sum + cases, 0),
    violations: compared.flatMap(({ violations }) => violations),
  };
}

function itemsOf(cloud: Cloud, region: string, name: string): ReadonlyMap<string, string> {
  const table = cloud.state<Tables>('dynamodb', region).byName.get(name);
  if (!table) throw new Error(`there is no table ${name} in ${region}`);
  return new Map([...scan(table.items)].map(({ item }) => [item.id!.S!, JSON.stringify(item)]));
}
