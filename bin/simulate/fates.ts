/** What became of each event at each stage that accepts it, in a word. */
import type { History } from '../../lib/proof/index.ts';

export interface Fate {
  readonly eventId: string;
  readonly type: string;
  /** By stage: `completed`, `completed twice`, `dead-lettered (attempts)`, `never ended` … */
  readonly ends: readonly (readonly [stage: string, end: string])[];
}

/** Of every event that was said, in that order. */
export function fatesOf(history: History): readonly Fate[] {
  const first = new Map(history.said.map(({ id, detailType }) => [id, detailType]));
  return [...first].map(([eventId, type]) => ({
    eventId,
    type,
    ends: history.pipeline.stages
      .filter(({ accepts }) => accepts.some((one) => one.type === type))
      .map(({ name }) => [name, endOf(history, name, eventId)] as const),
  }));
}

function endOf(history: History, stage: string, eventId: string): string {
  const own = <T extends { readonly stage: string; readonly eventId?: string | undefined }>(list: readonly T[]) =>
    list.filter((one) => one.stage === stage && one.eventId === eventId);
  const completed = own(history.commits).filter(({ failure }) => !failure).length;
  const back = new Set(history.sentBack.map(({ messageId }) => messageId));
  const given = [...own(history.deadLettered), ...own(history.quarantined)].filter(
    ({ messageId }) => !back.has(messageId),
  );
  const words = [
    ...(completed > 0 ? [`completed${completed > 1 ? ` ${completed} times` : ''}`] : []),
    ...given.map(({ by, reason }) => `${by === 'sequencer' ? 'quarantined' : 'dead-lettered'} (${reason})`),
  ];
  if (words.length > 0) return words.join(', ');
  return own(history.parked).length > 0 ? 'parked' : 'never ended';
}
