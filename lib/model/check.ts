/** Judges events before they are said: the data by its schema, the envelope by what the way to the stages can carry. */
import { type CloudEvent, EVENT_BYTES_MAX, isMalformed, NUMBERS_BYTES_MAX, readEnvelope } from './envelope.ts';
import type { EventType } from './event.ts';
import { lostOnTheWay } from './text.ts';

export type Checked = { readonly data: unknown } | { readonly problem: string };

/** Whether `data` is what events of this type carry; where not, what is wrong, field by field. */
export async function check(type: EventType, data: unknown): Promise<Checked> {
  const result = await type.schema['~standard'].validate(data);
  if (result.issues === undefined) return { data: result.value };
  const problems = result.issues.map(({ message, path }) => {
    const at = (path ?? []).map((part) => (typeof part === 'object' ? part.key : part)).join('.');
    return at === '' ? message : `${at}: ${message}`;
  });
  return { problem: `${type.type} version ${type.version}: ${problems.join('; ')}` };
}

/** The size of an event on the wire, in bytes, and whether it is too large. */
export function sizeOf(envelope: unknown): { readonly bytes: number; readonly tooLarge: boolean } {
  const bytes = Buffer.byteLength(JSON.stringify(envelope));
  return { bytes, tooLarge: bytes > EVENT_BYTES_MAX };
}

/**
 * Why an event that is not numbered yet would not arrive as it is; undefined where it would. What is said and cannot arrive ends
 * in quarantine for good, and its number holds up those behind it.
 */
export function unsayable(event: CloudEvent): string | undefined {
  const read = readEnvelope(event);
  if (isMalformed(read)) return read.malformed;
  const { bytes } = sizeOf(event);
  const most = EVENT_BYTES_MAX - NUMBERS_BYTES_MAX;
  if (bytes > most)
    return `the event has ${bytes} bytes; allowed are ${most}, which with its numbers are ${EVENT_BYTES_MAX}; send a reference to the data instead`;
  return lostOnTheWay(event.data);
}
