/** What regions hold, and whether two hold the same, once nothing is on its way. */
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { type Deployment, names } from '../../lib/model/names.ts';
import { domainTablesOf } from '../../lib/model/pipeline.ts';
import type { ItemWrite } from '../../lib/proof/history.ts';
import type { Cloud } from '../../localcloud/cloud.ts';
import type { Tables } from '../../localcloud/dynamodb/state.ts';
import { scan } from '../../localcloud/dynamodb/storage.ts';
import { pipeline } from '../domain.ts';

/** Items of the domain's tables, and those that the regions hold differently, as `table/key`. */
export function compareReplicas(
  cloud: Cloud,
  { deployment, regions }: { deployment: Deployment; regions: readonly string[] },
): { readonly cases: number; readonly violations: readonly string[] } {
  const [one, other] = regions.map((region) => itemsIn(cloud, { deployment, region }));
  const text = (items: typeof one, key: string) => JSON.stringify(items!.get(key));
  const keys = [...new Set([...one!.keys(), ...other!.keys()])];
  const differing = keys.filter((key) => text(one, key) !== text(other, key));
  return { cases: keys.length, violations: differing.map((key) => `${key} is not the same in both regions`) };
}

/** A region of a deployment. */
export interface Place {
  readonly deployment: Deployment;
  readonly region: string;
}

/** The items of the domain's tables in a region, by `table/key`, as if they had just been written. */
export function itemsIn(cloud: Cloud, { deployment, region }: Place): ReadonlyMap<string, ItemWrite> {
  const found = domainTablesOf(pipeline).flatMap((table) => {
    const kept = cloud.state<Tables>('dynamodb', region).byName.get(names.table(deployment, table));
    if (!kept) throw new Error(`there is no table ${names.table(deployment, table)} in ${region}`);
    return [...scan(kept.items)].map(({ item }): readonly [string, ItemWrite] => {
      const { id, version, by, item: content, ...trail } = unmarshall(item as never);
      return [`${table}/${id}`, { n: 0, table, key: id, version, by, item: content, ...trail }];
    });
  });
  return new Map(found);
}
