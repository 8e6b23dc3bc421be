/** What a message that was sent back says of it, as attributes: SQS gives it a new id, and else tells nothing. */
import type { MessageAttributeValue } from '@aws-sdk/client-sqs';
import { LETTER } from '../model/names.ts';
import type { Letter } from './letters.ts';

/** When it was sent back, RFC 3339. */
export const REDRIVEN_AT = 'redriven-at';
/** Who did it: an ARN. */
const REDRIVEN_BY = 'redriven-by';
/** The queue that it lay in. */
const FROM = 'from';

/**
 * The attributes of a letter that is sent back: all that it bore, unchanged (`redrive` above all, by which the stage knows
 * that it is to judge anew), and where it comes from.
 * @param others letters of the same event that are taken away with it
 */
export const sentBack = (
  { attributes, box, messageId }: Letter,
  { at, by, others }: { at: string; by: string; others: readonly Letter[] },
): Record<string, MessageAttributeValue> => ({
  ...Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, bare(value)])),
  [REDRIVEN_AT]: text(at),
  [REDRIVEN_BY]: text(by),
  [FROM]: text(box.queue),
  [LETTER]: text([messageId, ...others.map((one) => one.messageId)].join(' ')),
});

/** As SQS takes it; what it hands out has lists beside, which it does not take. */
const bare = ({ DataType, StringValue, BinaryValue }: MessageAttributeValue): MessageAttributeValue => ({
  DataType,
  ...(BinaryValue === undefined ? { StringValue } : { BinaryValue }),
});

const text = (StringValue: string): MessageAttributeValue => ({ DataType: 'String', StringValue });
