/** The characters that may stand in a message: those of XML 1.0 (SQS API reference, SendMessage). */
export const VALID_CHARACTERS = '#x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF';

/** The first look is cheap and passes nearly every text; the second understands surrogates. */
export const hasForbiddenCharacters = (text: string): boolean =>
  /[^\t\n\r\x20-\ud7ff\ue000-\ufffd]/.test(text) && /[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u.test(text);
