/** What the replays of a game day brought: events that were applied by it, and those that their stages knew already. */
import { type Deployment, names } from '../../lib/model/names.ts';
import type { History, Line } from '../../lib/proof/index.ts';
import { pipeline } from '../domain.ts';

export interface ReplayTold {
  readonly name: string;
  readonly region: string;
  /** Events that it brought to stages, one for each stage that hears it. */
  readonly events: number;
  /** Of these, such as nobody had decided before. The others were recognised, and skipped. */
  readonly applied: number;
}

export function replaysIn(
  lines: readonly Line[],
  { commits, committedAgain }: History,
  deployment: Deployment,
): readonly ReplayTold[] {
  const stages = new Map(pipeline.stages.map(({ name }) => [names.inbox(deployment, name), name]));
  const decided = new Map<string, number>();
  for (const { stage, eventId, n } of [...commits, ...committedAgain]) {
    const key = `${stage}#${eventId}`;
    decided.set(key, Math.min(n, decided.get(key) ?? n));
  }
  const replays = new Map<string, { readonly region: string; readonly brought: Map<string, number> }>();
  for (const { n, action, error, region, input } of lines) {
    const [, name] = action === 'SendMessage' ? (/"replay-name":"([^"]+)"/.exec(input.MessageBody ?? '') ?? []) : [];
    const stage = name && stages.get(String(input.QueueUrl).split('/').at(-1)!);
    if (error || name === undefined || stage === undefined) continue;
    const { brought } = replays.get(name) ?? { brought: new Map<string, number>() };
    const key = `${stage}#${JSON.parse(input.MessageBody).detail?.id}`;
    if (!brought.has(key)) brought.set(key, n);
    replays.set(name, { region, brought });
  }
  return [...replays].map(([name, { region, brought }]) => ({
    name,
    region,
    events: brought.size,
    applied: [...brought].filter(([key, n]) => (decided.get(key) ?? Number.POSITIVE_INFINITY) > n).length,
  }));
}
