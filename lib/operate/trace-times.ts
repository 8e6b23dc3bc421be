/** When what was said was said: by the event's own time, unless that is none, or is far from when the cloud had the event. */
import type { CloudEvent } from '../model/envelope.ts';
import type { Step } from './trace.ts';

/** A producer may tell hours later of what happened; what is off by more than a day is taken for a mistake. */
const FAR_MS = 86_400_000;

/** Times that are believed, and beside the others, as they are, what the event says. */
export function believable(
  steps: readonly Step[],
  events: ReadonlyMap<string, CloudEvent | undefined>,
): readonly Step[] {
  const earliest = (some: readonly Step[]): number =>
    Math.min(...some.map(({ at }) => at).filter((at) => !Number.isNaN(at)));
  return steps.map((step) => {
    if (step.kind !== 'said') return step;
    const had = earliest(steps.filter(({ kind, eventId }) => kind !== 'said' && eventId === step.eventId));
    // Without a trace of it in the cloud, its own word stands, if it is a time.
    if (had === Number.POSITIVE_INFINITY ? !Number.isNaN(step.at) : Math.abs(step.at - had) <= FAR_MS) return step;
    const at = Number.isFinite(had) ? had : earliest(steps);
    const says = JSON.stringify(events.get(step.eventId!)?.time) ?? 'nothing';
    return { ...step, at: Number.isFinite(at) ? at : 0, what: `${step.what}; its time says ${says.slice(0, 60)}` };
  });
}

/** No step is before its event was said, by a time that is believed. Milliseconds since 1970. */
export function notBefore(at: number, event: CloudEvent | undefined): number {
  const said = Date.parse(event?.time ?? '');
  return said > at && said - at <= FAR_MS ? said : at;
}
