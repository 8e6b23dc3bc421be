/** Judges data by its schema. */
import { EVENT_BYTES_MAX } from './envelope.ts';
import type { EventType } from './event.ts';

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
