/** Everything random that code in a sandbox can ask for, drawn from the cloud's dice. */
import * as crypto from 'node:crypto';
import type { Dice } from '../../world.ts';
import { refused } from './refusals.ts';

/** What runs on Node's thread pool: it would finish when the machine likes. */
const ON_THREADS = [
  'pbkdf2',
  'scrypt',
  'hkdf',
  'argon2',
  'generateKey',
  'generateKeyPair',
  'generatePrime',
  'checkPrime',
] as const;

/** The module as it is, but for what works on threads. */
const deterministic = {
  ...crypto,
  ...Object.fromEntries(
    ON_THREADS.map((name) => [name, refused(`crypto.${name}`, `it works on threads; use ${name}Sync`)]),
  ),
};
const subtle = refused('crypto.subtle', 'it works on threads; use the synchronous functions of node:crypto');
const mathematics = Object.getOwnPropertyDescriptors(Math);

/** Draws are keyed by function, so that what one function draws does not move what another does. */
export function createChance(dice: Dice, functionName: string, later: (run: () => void) => void) {
  const bytes = (size: number) => Buffer.from(dice.hex(2 * size, 'sandbox', 'bytes', functionName), 'hex');
  const fill = <View extends ArrayBufferView>(view: View): View => {
    new Uint8Array(view.buffer, view.byteOffset, view.byteLength).set(bytes(view.byteLength));
    return view;
  };
  const randomUUID = () => dice.uuid('sandbox', 'uuid', functionName);
  const getRandomValues = fill;
  const randomInt = (...given: unknown[]) => {
    const [low, high] = typeof given[1] === 'number' ? [given[0] as number, given[1]] : [0, given[0] as number];
    return answer(given.at(-1), dice.between(low, high - 1, 'sandbox', 'int', functionName));
  };
  /** Node's random functions answer at once, or to a callback if they are given one. */
  const answer = <Value>(callback: unknown, value: Value): Value | undefined => {
    if (typeof callback !== 'function') return value;
    later(() => callback(null, value));
    return undefined;
  };

  const math = Object.create(null, mathematics);
  Object.defineProperty(math, 'random', { value: () => dice.number('sandbox', 'math', functionName) });

  const webcrypto = { randomUUID, getRandomValues, subtle, CryptoKey: globalThis.CryptoKey };
  const module = () => ({
    ...deterministic,
    randomUUID,
    getRandomValues,
    randomInt,
    randomBytes: (size: number, callback?: unknown) => answer(callback, bytes(size)),
    pseudoRandomBytes: (size: number, callback?: unknown) => answer(callback, bytes(size)),
    randomFillSync: fill,
    randomFill: (view: ArrayBufferView, ...rest: unknown[]) => answer(rest.at(-1), fill(view)),
    webcrypto,
    subtle,
  });
  return { math: math as Math, webcrypto, module };
}
