/** What a loss has cost: for how long nothing was done, and what had not arrived in the other region. */
import { type Deployment, names } from '../../lib/model/names.ts';
import type { History, Line } from '../../lib/proof/index.ts';

export interface Objectives {
  /** From the loss to the first commit in the other region, in milliseconds: the recovery time. Undefined if there was none. */
  readonly recoveryMs: number | undefined;
  /** Events that the lost region had accepted and not forwarded: they wait there for its return. */
  readonly waiting: readonly string[];
  /** How old the oldest of them was at the loss, in milliseconds: the recovery point. 0 if there is none. */
  readonly pointMs: number;
}

interface Loss {
  readonly deployment: Deployment;
  readonly active: string;
  readonly standby: string;
  /** The length of the journal at the loss. */
  readonly lost: number;
  readonly lostAt: number;
}

export function objectivesOf(lines: readonly Line[], { deployment, active, standby, lost, lostAt }: Loss): Objectives {
  const recovered = lines.find(
    ({ n, region, action, error, input }) =>
      n >= lost &&
      region === standby &&
      action === 'TransactWriteItems' &&
      !error &&
      completes(input, names.records(deployment)),
  );
  const arrived = new Set<string>();
  const said = new Map<string, number>();
  for (const { region, action, error, input, at, output } of lines) {
    if (action !== 'PutEvents' || error) continue;
    (input.Entries ?? []).forEach((entry: any, index: number) => {
      if (output?.Entries?.[index]?.EventId === undefined) return;
      const id = idOf(entry.Detail);
      if (id === undefined) return;
      if (region === standby) arrived.add(id);
      else if (region === active && at <= lostAt && !said.has(id)) said.set(id, at);
    });
  }
  const waiting = [...said].filter(([id]) => !arrived.has(id));
  return {
    recoveryMs: recovered && recovered.at - lostAt,
    waiting: waiting.map(([id]) => id),
    pointMs: Math.max(0, ...waiting.map(([, at]) => lostAt - at)),
  };
}

const completes = (input: any, records: string): boolean =>
  (input.TransactItems ?? []).some(
    ({ Update }: any) => Update?.TableName === records && Update.ExpressionAttributeValues?.[':digest'],
  );

function idOf(detail: string): string | undefined {
  try {
    return JSON.parse(detail).id;
  } catch {
    return undefined;
  }
}

/** Outside calls that were made more than once for one event. */
export const lossOf = ({ actedAgain }: History): readonly string[] =>
  actedAgain.map(({ system, operation, idempotencyKey }) => `${system}.${operation} for ${idempotencyKey}`);
