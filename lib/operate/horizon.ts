/** How far back what was said may be said again: whoever completed it must still know it when it has gone its way. */
import { ARCHIVE_DAYS_MAX, RECORD_DAYS } from '../model/retention.ts';
import { type Target, UsageError } from './target.ts';

/**
 * @param what whose time it is, for the message
 * @param time RFC 3339
 * @param remedy what to do instead
 * @throws UsageError when the time is further back than an archive may reach
 */
export function mustBeKnown(
  { trail }: Target,
  { what, time, remedy }: { readonly what: string; readonly time: string; readonly remedy: string },
): void {
  const earliest = trail.now() - ARCHIVE_DAYS_MAX * 86_400_000;
  if (Date.parse(time) >= earliest) return;
  throw new UsageError(
    `${what} is ${time}; what was said before ${new Date(earliest).toISOString()}, ${ARCHIVE_DAYS_MAX} days ago, is not said again: ` +
      `stages know for ${RECORD_DAYS} days what they have completed, and would apply it once more if it came after that; ${remedy}`,
  );
}
