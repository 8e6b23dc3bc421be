/** Whether alarms told of what was given up, and of nothing else. */
import { names } from '../../lib/model/names.ts';
import type { History } from '../../lib/proof/index.ts';
import { localEnvironment } from '../start/prepare.ts';
import type { SimulateResult } from './run.ts';

/** The metric of a queue comes each minute, an alarm looks at it each minute; and a little more. */
const IN_TIME_MS = 4 * 60_000;

/** What was given up and lay there long enough, and nobody was told. */
export function unheard({ history, lines }: SimulateResult): readonly string[] {
  const at = new Map(lines.map((line) => [line.n, line.at]));
  const end = lines.at(-1)?.at ?? 0;
  const back = new Map(history.sentBack.map(({ messageId, n }) => [messageId, at.get(n)!]));
  const deployment = { pipeline: history.pipeline.name, environment: localEnvironment };
  const changes = lines.filter(({ action }) => action === 'AlarmChangedState');
  return letters(history).flatMap(({ alarm, eventId, messageId, at: since }) => {
    if ((back.get(messageId) ?? end) - since < IN_TIME_MS) return [];
    const name = names.alarm(deployment, alarm);
    const own = changes.filter(({ input }) => input.alarm === name && input.to !== undefined);
    const before = own.findLast((line) => line.at <= since)?.input.to;
    const fired = own.some((line) => line.input.to === 'ALARM' && line.at > since && line.at <= since + IN_TIME_MS);
    return before === 'ALARM' || fired ? [] : [`${name} was silent, though ${eventId} lay there`];
  });
}

/** Alarms that fired. */
export const heard = ({ lines }: SimulateResult): readonly string[] =>
  lines
    .filter(({ action, input }) => action === 'AlarmChangedState' && input.to === 'ALARM')
    .map(({ input }) => `${input.alarm}: ${input.reason}`);

/** Everything that was given up, with the alarm that must tell of it. */
const letters = ({ deadLettered, quarantined }: History) => [
  ...deadLettered.map((one) => ({
    ...one,
    alarm: `${one.stage}-${one.by === 'stage' || one.receives !== undefined ? 'dead-letters' : 'inbox-dead-letters'}`,
  })),
  ...quarantined.map((one) => ({ ...one, alarm: 'quarantine' })),
];
