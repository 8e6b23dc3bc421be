/** Letters in words, and as JSON. */
import { LETTER_DAYS, QUEUE_DAYS } from '../../lib/model/retention.ts';
import type { EventLetter } from '../../lib/operate/by-event.ts';
import type { Discarded } from '../../lib/operate/discard.ts';
import type { Letter } from '../../lib/operate/letters.ts';
import type { Redriven } from '../../lib/operate/redrive.ts';
import type { Selection } from '../../lib/operate/selection.ts';
import { shortened, table } from '../command.ts';

export const rows = (letters: readonly EventLetter[]): string =>
  table([
    ['since', 'stage', 'event', 'entity', 'reason', 'back', 'detail'],
    ...letters.map(({ letter: one, others }) => [
      timeOf(one).slice(0, 19),
      `${one.stage ?? '?'}${one.box.kind === 'inbox-dead-letters' ? ' (inbox)' : ''}`,
      `${one.type ?? '?'} ${one.eventId ?? one.messageId}`,
      one.entity ?? '',
      one.reason,
      one.redrives,
      `${shortened(one.detail, 80)}${others.length === 0 ? '' : ` (${others.length + 1} letters, of which this holds)`}`,
    ]),
  ]);

/**
 * What must be said of letters that SQS deletes before long. Whoever looks has to be told here: SQS leaves out of the age of a
 * standard queue what was received three times, and each look is a receive.
 * @param now milliseconds since 1970
 */
export function expiring(letters: readonly EventLetter[], now: number): readonly string[] {
  const old = letters.filter(({ letter: { sent } }) => now - sent >= LETTER_DAYS * DAY_MS);
  if (old.length === 0) return [];
  const first = Math.min(...old.map(({ letter: { sent } }) => sent)) + QUEUE_DAYS * DAY_MS;
  return [
    `${old.length} of them ${old.length === 1 ? 'has' : 'have'} lain for ${LETTER_DAYS} days or longer; SQS deletes a letter after ${QUEUE_DAYS}, the oldest of these at ${new Date(first).toISOString()}`,
  ];
}

const DAY_MS = 86_400_000;

const timeOf = ({ sent }: Letter): string => new Date(sent).toISOString();

/** For `--json`: all but what only SQS understands. */
export const plain = ({ box, receiptHandle: _handle, attributes, sent, body, ...letter }: Letter) => ({
  ...letter,
  queue: box.queue,
  since: new Date(sent).toISOString(),
  attributes: Object.fromEntries(Object.entries(attributes).map(([name, { StringValue }]) => [name, StringValue])),
  body: parsed(body),
});

/** As `dlq list` has it. */
export const listed = ({ letter, others }: EventLetter) => ({ ...plain(letter), ...alsoOf(others) });

const alsoOf = (others: readonly Letter[]) =>
  others.length === 0 ? {} : { others: others.map(({ messageId }) => messageId) };

const parsed = (body: string): unknown => {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
};

export function whole(letter: Letter): string {
  const { attributes, ...rest } = plain(letter);
  const facts = [
    ['event', `${rest.type ?? '?'} ${rest.eventId ?? '?'}`],
    ['stage', rest.stage ?? '?'],
    ['entity', rest.entity ?? ''],
    ['reason', `${rest.reason}: ${rest.detail}`],
    ['lies in', `${rest.queue} since ${rest.since}, message ${rest.messageId}`],
    ['correlation', rest.correlationId ?? ''],
    ...Object.entries(attributes).map(([name, value]) => [`  ${name}`, value ?? '']),
  ];
  return [...facts.map(([name, value]) => `${name!.padEnd(14)} ${value}`), JSON.stringify(rest.body, null, 2)].join(
    '\n',
  );
}

export const toJson = ({ region, sent, failed, interrupted, brokenOff, untold }: Redriven, dryRun: boolean) => ({
  dryRun,
  region,
  interrupted,
  ...brokenOffBy(brokenOff),
  ...(untold === undefined ? {} : { untold }),
  sent: sent.map(({ to, stays, anew, ...one }) => ({ ...listed(one), to, stays, anew })),
  failed: failed.map(({ letter, problem }) => ({ ...plain(letter), problem })),
});

export const discardToJson = ({ discarded, failed, interrupted, brokenOff, untold }: Discarded, dryRun: boolean) => ({
  dryRun,
  interrupted,
  ...brokenOffBy(brokenOff),
  untold,
  discarded: discarded.map(plain),
  failed: failed.map(({ letter, problem }) => ({ ...plain(letter), problem })),
});

const brokenOffBy = (error: Error | undefined) =>
  error === undefined ? {} : { brokenOff: `${error.name}: ${error.message}` };

/** @param hidden how many messages were in somebody’s hands before the look */
export const nothing = ({ stage, reason, entity, event, olderThan, newerThan }: Selection, hidden = 0): string => {
  const words = Object.entries({ stage, reason, entity, event, olderThan, newerThan }).flatMap(([name, value]) =>
    value === undefined
      ? []
      : typeof value === 'number'
        ? `${name === 'olderThan' ? 'older' : 'newer'} than ${value / 1000} s`
        : `${name} ${value}`,
  );
  const none = words.length === 0 ? 'nothing lies there' : `nothing lies there that is selected: ${words.join(', ')}`;
  return hidden === 0
    ? none
    : `${none}; ${hidden} ${hidden === 1 ? 'is' : 'are'} in somebody’s hands; look again in two minutes`;
};

/** What came of a verb, in words: of which letters it was, and whether it was a dry run. */
interface Told {
  readonly dryRun: boolean;
  readonly selection: Selection;
  /** How many messages were in somebody’s hands before. */
  readonly hidden: number;
}

/** @param from the region in which the letters lay */
export function tellRedrive(
  { region, sent, failed, interrupted, brokenOff, untold }: Redriven,
  { dryRun, selection, hidden, from }: Told & { readonly from: string },
): void {
  const shown = sent.slice(0, 50);
  const there = region === from ? '' : ` in ${region}, which is active`;
  for (const { letter, others, to, stays, anew } of shown) {
    const { stage, type, eventId, messageId, entity } = letter;
    const words = `${type ?? '?'} ${eventId ?? messageId}${entity === undefined ? '' : ` of ${entity}`}`;
    console.log(`${dryRun ? 'would go' : 'went'} back to ${stage}: ${words} (${to}${there})`);
    if (others.length > 0) console.log(`  with ${others.length} more of its letters, which say no more than this one`);
    if (anew) console.log(`  producers count ${entity} anew: two regions had numbered its events at once`);
    if (stays) console.log('  but could not be deleted here: it is in both places, which is harmless');
  }
  if (sent.length > shown.length) console.log(`and ${sent.length - shown.length} more`);
  tellFailed(failed);
  if (untold !== undefined) console.error(untold);
  tellEnd({ interrupted, brokenOff });
  if (sent.length + failed.length === 0 && !brokenOff) console.log(nothing(selection, hidden));
  else console.log(`${sent.length} ${dryRun ? 'would be ' : ''}sent back, ${failed.length} not`);
}

function tellFailed(failed: readonly { letter: Letter; problem: string }[]): void {
  for (const { letter, problem } of failed) {
    console.error(`not ${letter.type ?? '?'} ${letter.eventId ?? letter.messageId}: ${problem}`);
  }
}

function tellEnd({ interrupted, brokenOff }: Pick<Redriven, 'interrupted' | 'brokenOff'>): void {
  if (interrupted) console.error('interrupted: the rest lies where it lay');
  if (brokenOff) console.error('it broke off, for what is told last: the rest lies where it lay');
}

export function tellDiscard(
  { discarded, failed, interrupted, brokenOff, untold }: Discarded,
  { dryRun, selection, hidden }: Told,
): void {
  for (const { type, eventId, messageId, stage } of discarded)
    console.log(
      `${dryRun ? 'would be discarded' : 'discarded'}: ${type ?? '?'} ${eventId ?? messageId} at ${stage ?? '?'}`,
    );
  tellFailed(failed);
  if (untold !== undefined) console.error(untold);
  tellEnd({ interrupted, brokenOff });
  if (discarded.length + failed.length === 0 && !brokenOff) console.log(nothing(selection, hidden));
  else console.log(`${discarded.length} ${dryRun ? 'would be ' : ''}discarded, ${failed.length} not`);
  if (dryRun) return;
  if (discarded.length > 0) console.log('They are kept, whole, in the audit trail: audit list');
  const lines = new Set(discarded.filter(({ place }) => place).map(({ stage, entity }) => `${stage} ${entity}`));
  for (const line of lines)
    console.log(`Should something come after it in its line, park list shows it; then: park skip ${line}`);
}
