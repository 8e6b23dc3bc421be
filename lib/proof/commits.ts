/** What a transaction says of a commit: the record that is completed, and the items of the domain that are written with it. */
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { Pipeline } from '../model/pipeline.ts';
import { tablesOf } from '../model/stage.ts';
import type { Commit, ItemWrite, Line } from './history.ts';

export function commitOf(line: Line, update: any, writes: readonly ItemWrite[]): Commit {
  const key: string = update.Key.id.S;
  const values = unmarshall(update.ExpressionAttributeValues);
  const at = key.indexOf('#');
  const failure = values[':failure'];
  return {
    n: line.n,
    at: line.at,
    region: line.region,
    stage: key.slice(0, at),
    eventId: key.slice(at + 1),
    type: values[':type'],
    digest: values[':digest'],
    redrives: values[':redrives'] ?? 0,
    epoch: values[':epoch'] ?? 1,
    ...(failure ? { failure } : {}),
    events: values[':data']?.events ?? [],
    writes: writes.filter(({ by }) => by === key),
    ...(values[':data']?.unknown === undefined ? {} : { unknown: values[':data'].unknown }),
    ...(line.invocation === undefined ? {} : { invocation: line.invocation }),
  };
}

/** Reads the writes of a pipeline's tables. */
export function writesOf({ stages }: Pipeline) {
  const uses = stages.flatMap((stage) => tablesOf(stage));
  const replacing = new Set(uses.flatMap(({ table, operations }) => (operations.includes('put') ? [table] : [])));
  return ({ n, region }: Line, table: string, item: any): ItemWrite => ({
    n,
    region,
    table,
    key: item.id.S,
    version: Number(item.version?.N ?? 0),
    by: item.by?.S,
    item: item.item && unmarshall({ item: item.item }).item,
    replaced: replacing.has(table),
  });
}
