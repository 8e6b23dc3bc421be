/** Every mutant there is. A new one is a file and its line here. */
import { alarmNervous } from './alarm-nervous.ts';
import { alarmOff } from './alarm-off.ts';
import { alarmStuck } from './alarm-stuck.ts';
import { deduplicatedById } from './deduplicated-by-id.ts';
import { lastWriteWins } from './last-write-wins.ts';
import type { Mutant } from './mutant.ts';
import { naivePutEvents } from './naive-put-events.ts';
import { noFenceByTime } from './no-fence-by-time.ts';
import { noIdempotency } from './no-idempotency.ts';
import { noLeaseCondition } from './no-lease-condition.ts';
import { noRecordCondition } from './no-record-condition.ts';
import { noSequenceCheck } from './no-sequence-check.ts';
import { noTransaction } from './no-transaction.ts';
import { noWord } from './no-word.ts';
import { oneReceive } from './one-receive.ts';
import { overtaking } from './overtaking.ts';
import { parkedForGood } from './parked-for-good.ts';
import { partialResponsesIgnored } from './partial-responses-ignored.ts';
import { roleTooNarrow } from './role-too-narrow.ts';
import { roleTooWide } from './role-too-wide.ts';
import { sameDeduplicationId } from './same-deduplication-id.ts';
import { shortVisibility } from './short-visibility.ts';

export type { Mutant } from './mutant.ts';

export const mutants: readonly Mutant[] = [
  noIdempotency,
  noTransaction,
  noRecordCondition,
  noLeaseCondition,
  lastWriteWins,
  noSequenceCheck,
  parkedForGood,
  noWord,
  overtaking,
  partialResponsesIgnored,
  naivePutEvents,
  sameDeduplicationId,
  deduplicatedById,
  oneReceive,
  shortVisibility,
  roleTooNarrow,
  roleTooWide,
  alarmOff,
  alarmNervous,
  alarmStuck,
  noFenceByTime,
];
