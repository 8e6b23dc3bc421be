/** Whether only the region that had the authority committed. It is read from the journal, not from what the regions believed. */
import { ACTIVE } from '../../lib/model/authority.ts';
import { type Deployment, names } from '../../lib/model/names.ts';
import type { Line } from '../../lib/proof/index.ts';

export interface Turn {
  readonly epoch: number;
  readonly region: string;
  /** From when it may commit, in milliseconds since 1970. */
  readonly from: number;
}

export function fencing(lines: readonly Line[], deployment: Deployment) {
  const records = names.records(deployment);
  const turns = turnsIn(lines, names.authority(deployment));
  const violations: string[] = [];
  const tokens = new Set<string>();
  let cases = 0;
  for (const { action, error, region, at, input } of lines) {
    if (action !== 'TransactWriteItems' || error) continue;
    // Under a token that was used before, DynamoDB answers as it did then and writes nothing: it may come however late.
    if (tokens.has(input.ClientRequestToken)) continue;
    if (input.ClientRequestToken !== undefined) tokens.add(input.ClientRequestToken);
    const completed = (input.TransactItems ?? []).flatMap(({ Update }: any) =>
      Update?.TableName === records && Update.ExpressionAttributeValues?.[':digest'] ? [Update.Key.id.S] : [],
    );
    if (completed.length === 0) continue;
    cases++;
    const holder = turns.findLast(({ from }) => from <= at);
    if (holder && holder.region !== region) {
      violations.push(
        `${region} committed ${completed.join(', ')} at ${stamp(at)}; ${holder.region} had the authority from ${stamp(holder.from)} on, epoch ${holder.epoch}`,
      );
    }
  }
  return { cases, violations };
}

/** Who may commit from when, by epoch. */
export function turnsIn(lines: readonly Line[], authority: string): readonly Turn[] {
  const turns = new Map<number, Turn>();
  for (const { action, error, input, output } of lines) {
    if (action !== 'UpdateItem' || error || input.TableName !== authority || input.Key?.id?.S !== ACTIVE) continue;
    const { epoch, region, from } = output?.Attributes ?? {};
    if (epoch) turns.set(Number(epoch.N), { epoch: Number(epoch.N), region: region.S, from: Number(from.N) });
  }
  return [...turns.values()].sort((a, b) => a.epoch - b.epoch);
}

const stamp = (time: number): string => new Date(time).toISOString();
