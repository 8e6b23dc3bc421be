/**
 * The only clock and the only dice of the local cloud. Nothing else under `localcloud/` reads the time, arms a timer or
 * draws a random number, so that a run is decided by its seed alone. `test/tidy.test.ts` holds everyone to it.
 */
import { randomBytes } from 'node:crypto';

/** Draws that depend on the seed, on the words of the key, and on how often that key was drawn before: never on what others drew. */
export interface Dice {
  /** A number in [0, 1). */
  number(...key: readonly Word[]): number;
  /** A whole number in [low, high]. */
  between(low: number, high: number, ...key: readonly Word[]): number;
  /** `length` lower-case hexadecimal digits. */
  hex(length: number, ...key: readonly Word[]): string;
  /** A version 4 UUID. */
  uuid(...key: readonly Word[]): string;
}

export type Word = string | number;

/**
 * Keyed dice: removing one decision from a run leaves all others where they were, which is what makes a failing run
 * shrinkable. A sequential generator would shift every later draw.
 */
export function createDice(seed: string): Dice {
  /** For each key two hashes of its words, made once (one of 32 bits would make ids collide), and how often it was drawn. */
  const drawn = new Map<string, { readonly even: number; readonly odd: number; times: number }>();
  // The hashes go over the seed first: so far they are the same for every key.
  const seeded = { even: hash(`${seed}\u001f`, 0x811c9dc5), odd: hash(`${seed}\u001f`, 0x1b873593) };

  const entryOf = (key: readonly Word[]) => {
    const name = key.join('\u001f');
    let entry = drawn.get(name);
    if (!entry) {
      entry = { even: hash(name, seeded.even), odd: hash(name, seeded.odd), times: 0 };
      drawn.set(name, entry);
    }
    return entry;
  };

  /** The last key and its entry: a batch draws ten ids in a row, and to find the entry costs more than to draw. */
  let lastKey: readonly Word[] = [];
  let last: ReturnType<typeof entryOf> | undefined;

  /** A function that gives the next draw of this key, part by part. */
  const next = (key: readonly Word[]): ((part: number) => number) => {
    const entry = last !== undefined && isSame(key, lastKey) ? last : entryOf(key);
    last = entry;
    lastKey = key;
    const turn = Math.imul(++entry.times, 0x9e3779b1);
    const even = mix(entry.even ^ turn);
    const odd = mix(entry.odd ^ turn);
    return (part) => mix((part % 2 === 0 ? even : odd) ^ Math.imul(part + 1, 0x85ebca77));
  };

  const hex = (length: number, ...key: readonly Word[]): string => {
    const draw = next(key);
    let text = '';
    for (let part = 0; text.length < length; part++) {
      const bits = draw(part);
      text += digits(bits >>> 16) + digits(bits);
    }
    return text.slice(0, length);
  };

  return {
    number: (...key) => next(key)(0) / 2 ** 32,
    between: (low, high, ...key) => low + Math.floor((next(key)(0) / 2 ** 32) * (high - low + 1)),
    hex,
    uuid: (...key) => {
      const draw = next(key);
      const [a, b, c, d] = [draw(0), draw(1), draw(2), draw(3)];
      // Of the 128 bits, four say the version and two the variant (RFC 9562, section 5.4).
      const version = (b & 0x0fff) | 0x4000;
      const variant = ((c >>> 16) & 0x3fff) | 0x8000;
      return `${digits(a >>> 16)}${digits(a)}-${digits(b >>> 16)}-${digits(version)}-${digits(variant)}-${digits(c)}${digits(d >>> 16)}${digits(d)}`;
    },
  };
}

function isSame(key: readonly Word[], other: readonly Word[]): boolean {
  if (key.length !== other.length) return false;
  for (let at = 0; at < key.length; at++) if (key[at] !== other[at]) return false;
  return true;
}

/** The low sixteen bits as four hexadecimal digits, from a table: ids are drawn by the hundred thousand. */
const digits = (bits: number): string => TWO_DIGITS[(bits >>> 8) & 0xff]! + TWO_DIGITS[bits & 0xff]!;

const TWO_DIGITS: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** FNV-1a over the characters, from a given start: cheap, and mixed afterwards. */
function hash(text: string, start: number): number {
  let h = start;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h;
}

/** The finaliser of MurmurHash3, twice, so that near numbers give far ones. */
function mix(number: number): number {
  let h = number;
  for (let round = 0; round < 2; round++) {
    h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
    h ^= h >>> 16;
  }
  return h >>> 0;
}

/** What is to be done, ordered by time and, within one millisecond, by who asked first. */
export interface Agenda<Work = unknown> {
  /** @param work what `run` does, in words, where somebody may want to know */
  at(when: number, run: () => void, work?: Work): void;
  /** When the next thing is due, or undefined if nothing is. */
  next(): number | undefined;
  /** Takes the next thing that is due at `now` or before. */
  take(now: number): { readonly when: number; readonly run: () => void } | undefined;
  /** All there is, in order. */
  all(): readonly Item<Work>[];
  readonly size: number;
}

interface Item<Work> {
  readonly when: number;
  readonly order: number;
  readonly run: () => void;
  readonly work: Work | undefined;
}

/** A binary heap: 700,000 tasks a second, where a sorted array takes the whole run. */
export function createAgenda<Work = unknown>(): Agenda<Work> {
  const heap: Item<Work>[] = [];
  let order = 0;
  const before = (a: Item<Work>, b: Item<Work>) => a.when < b.when || (a.when === b.when && a.order < b.order);

  const sink = (item: Item<Work>) => {
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child++;
      if (!before(heap[child]!, item)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = item;
  };

  return {
    at(when, run, work) {
      const item = { when, order: order++, run, work };
      let at = heap.length;
      while (at > 0) {
        const parent = (at - 1) >> 1;
        if (!before(item, heap[parent]!)) break;
        heap[at] = heap[parent]!;
        at = parent;
      }
      heap[at] = item;
    },
    next: () => heap[0]?.when,
    take(now) {
      const first = heap[0];
      if (first === undefined || first.when > now) return undefined;
      const last = heap.pop()!;
      if (heap.length > 0) sink(last);
      return first;
    },
    all: () => heap.toSorted((a, b) => (before(a, b) ? -1 : 1)),
    get size() {
      return heap.length;
    },
  };
}

/** Milliseconds since 1970. The live driver hands the kernel this one, the virtual driver its own. */
export type Clock = () => number;

export const wallClock: Clock = () => Date.now();

/** Runs `run` at a wall-clock time; returns how to call it off. Used by the live driver only. */
export function wallTimer(when: number, run: () => void): () => void {
  // A delay beyond 2^31 - 1 ms would overflow and fire at once (Node's documentation of setTimeout).
  const timer = setTimeout(run, Math.min(Math.max(0, when - Date.now()), 2 ** 31 - 1));
  return () => clearTimeout(timer);
}

/** A seed nobody chose, for a run that was not given one. It is printed, so that the run can be had again. */
export const freshSeed = (): string => randomBytes(4).toString('hex');
