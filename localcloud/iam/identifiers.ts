import { createHash } from 'node:crypto';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/**
 * A unique id as IAM gives them: a prefix that says of what (`AROA` a role, `ANPA` a managed policy, `AIDA` a user)
 * and 17 letters and digits (IAM User Guide, "IAM identifiers"). Here they follow from the name, so that STS can tell a
 * role's id without asking IAM. A role deleted and made anew therefore keeps its id, which on AWS it would not.
 */
export const identifier = (prefix: string, name: string): string =>
  prefix + letters(createHash('sha256').update(`${prefix}/${name}`).digest(), 17);

/** The first `length` bytes as capital letters and the digits 2 to 7. */
export const letters = (bytes: Uint8Array, length: number): string =>
  [...bytes.subarray(0, length)].map((byte) => ALPHABET[byte & 31]).join('');
