/**
 * Text on its way through a queue. SQS refuses messages, and attributes of them, that hold anything but #x9, #xA, #xD,
 * #x20 to #xD7FF, #xE000 to #xFFFD and #x10000 to #x10FFFF, and attributes that hold nothing
 * (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html).
 */

const REFUSED = /[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

/** A text as an attribute of a message: what SQS would refuse stands as U+FFFD, and where there is nothing, a dash. */
export const asAttribute = (text: string): string => text.replace(REFUSED, '\ufffd') || '-';

/** JSON that SQS takes as the body of a message: JSON escapes what SQS refuses, but for U+FFFE and U+FFFF. */
export const asBody = (value: unknown): string =>
  JSON.stringify(value).replace(/[\ufffe\uffff]/g, (character) => `\\u${character.charCodeAt(0).toString(16)}`);

/** A value in a message that says what is wrong with it: whoever reads it knows it by its beginning. */
export const inBrief = (value: unknown): string => cut(JSON.stringify(value) ?? 'undefined');

/** 80 characters at most, and … where something is left out. */
export const cut = (text: string): string => (text.length <= 80 ? text : `${text.slice(0, 79)}…`);

/** Control characters are escaped by whoever writes JSON. Half a surrogate pair is no text in UTF-8. */
const LOST = /[\ufffe\uffff]|\p{Surrogate}/u;

/**
 * What in the data of an event would be lost on the way: EventBridge writes its JSON anew before SQS has it, and may leave no
 * escape as it was. In words, with the place; undefined where all of it arrives.
 */
export function lostOnTheWay(value: unknown, at = 'data'): string | undefined {
  if (typeof value === 'string') {
    const [character] = LOST.exec(value) ?? [];
    if (character === undefined) return undefined;
    const code = character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
    return `${at} holds U+${code}, which SQS does not carry; leave it out, or encode the text`;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [name, member] of Object.entries(value)) {
    const problem = lostOnTheWay(name, `a name in ${at}`) ?? lostOnTheWay(member, `${at}.${name}`);
    if (problem !== undefined) return problem;
  }
  return undefined;
}
