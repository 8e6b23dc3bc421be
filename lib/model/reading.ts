/**
 * Reads the data of an event that may have been said under another version of its schema: by a producer that is not up to
 * date, by the version of a stage that is about to be replaced, or long ago. See docs/guides/schemas.md.
 */
import { type Checked, check } from './check.ts';
import { type CloudEvent, schemaUri } from './envelope.ts';
import type { EventType } from './event.ts';

/**
 * The data as this program has it. The event itself stays as it was said: what is recorded, compared and sent on is the
 * same for a program that reads another version.
 */
export async function readData(type: EventType, { dataschema, data }: CloudEvent): Promise<Checked> {
  if (dataschema === schemaUri(type)) return check(type, data);
  const version = Object.keys(type.reads)
    .map(Number)
    .find((other) => dataschema === schemaUri({ type: type.type, version: other }));
  if (version === undefined) {
    const known = [type.version, ...Object.keys(type.reads)].map((other) =>
      schemaUri({ type: type.type, version: Number(other) }),
    );
    return { problem: `dataschema is ${dataschema}; this pipeline reads ${known.join(', ')}` };
  }
  const { schema, into } = type.reads[version]!;
  const read = await check({ ...type, type: type.type, version, schema } as EventType, data);
  // What it has become is held to today's schema: an `into` that forgets a field is found out here, and not by a handler.
  return 'problem' in read ? read : check(type, into(read.data));
}
