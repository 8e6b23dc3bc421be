/**
 * For how long things are kept, in days. Each of them bounds another, so all of them are written here and nowhere a second
 * time.
 */

/** In queues, and as letters: the longest that SQS keeps anything. */
export const QUEUE_DAYS = 14;

/**
 * In inboxes. What SQS moves from a standard queue to its dead-letter queue it deletes there by the time at which it was
 * first sent, so the inbox must keep it for less, or there were no letter to look at.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/setting-up-dead-letter-queue-retention.html
 */
export const INBOX_DAYS = 7;

/**
 * After so many days a letter is told of once more, before SQS deletes it. The age counts from the move and the deletion, for
 * what lay in an inbox, from before that: two days are left at the least, and nine as a rule.
 */
export const LETTER_DAYS = 5;

/**
 * Records, by which an event is known that was completed. An event must not come after that, or it would be applied again.
 */
export const RECORD_DAYS = 90;

/** A rule tries for a day; then the event may rest in the inbox, in the queue, as a letter, and once more in the queue that it is sent back to. */
const ON_ITS_WAY_DAYS = 1 + INBOX_DAYS + QUEUE_DAYS + QUEUE_DAYS + QUEUE_DAYS;

/** The archive, at most: what is replayed from it goes the whole way again, and must still be known at its end. */
export const ARCHIVE_DAYS_MAX = RECORD_DAYS - ON_ITS_WAY_DAYS;
