/** What PutEvents demands of its entries. */
import type { PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { provenanceOf } from './provenance.ts';
import { invalid } from './state.ts';

const MOST_ENTRIES = 10;
/** Since 29 January 2026, before that 256 KB (AWS Compute blog). It bounds the request as a whole. */
const MOST_BYTES = 1_048_576;

/** @throws ServiceError `ValidationException` for the whole request */
export function checkRequest(entries: readonly PutEventsRequestEntry[]): void {
  const bound = entries.length === 0 ? 'greater than or equal to 1' : `less than or equal to ${MOST_ENTRIES}`;
  if (entries.length === 0 || entries.length > MOST_ENTRIES) {
    invalid(
      `1 validation error detected: Value '[${entries.map(rendered).join(', ')}]' at 'entries' failed to satisfy constraint: Member must have length ${bound}`,
    );
  }
  if (entries.reduce((sum, entry) => sum + size(entry), 0) > MOST_BYTES) {
    invalid('Total size of the entries in the request is over the limit.');
  }
}

/** An entry as AWS's messages show it. */
function rendered(entry: PutEventsRequestEntry): string {
  const members = [
    `time=${entry.Time ?? null}`,
    `source=${entry.Source ?? null}`,
    `resources=${entry.Resources ? `[${entry.Resources.join(', ')}]` : null}`,
    `detailType=${entry.DetailType ?? null}`,
    `detail=${entry.Detail ?? null}`,
    `eventBusName=${entry.EventBusName ?? null}`,
    `traceHeader=${entry.TraceHeader ?? null}`,
  ];
  return `PutEventsRequestEntry(${members.join(', ')}, kmsKeyIdentifier=null, internalMetadata=null)`;
}

/** Bytes of an entry: 14 for the time where it is given, and the UTF-8 of the texts (user guide, "Calculating entry size"). */
export function size(entry: PutEventsRequestEntry): number {
  const texts = [entry.Source, entry.DetailType, entry.Detail, ...(entry.Resources ?? [])];
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text ?? ''), entry.Time === undefined ? 0 : 14);
}

export interface Refusal {
  readonly ErrorCode: string;
  readonly ErrorMessage: string;
}

const argument = (name: string, reason: string): Refusal => ({
  ErrorCode: 'InvalidArgument',
  ErrorMessage: `Parameter ${name} is not valid. Reason: ${reason}`,
});

/** Why an entry fails while the rest of its request succeeds, or the detail that it carries. */
export function readEntry(entry: PutEventsRequestEntry): Refusal | { readonly detail: object } {
  for (const name of ['Source', 'DetailType', 'Detail'] as const) {
    if (!entry[name]) return argument(name, `${name} is a required argument.`);
  }
  if (entry.DetailType!.length > 128)
    return argument('DetailType', 'DetailType must have length less than or equal to 128.');
  if (entry.Source!.startsWith('aws.') && !provenanceOf(entry)) {
    return { ErrorCode: 'NotAuthorizedForSourceException', ErrorMessage: 'Not authorized for the source.' };
  }
  const detail = parsed(entry.Detail!);
  return detail ? { detail } : { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
}

/** A JSON object; a text, a list or a number is not one. */
function parsed(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
