/**
 * A cloud at rest, to begin others from: what its services remember, what is on its agenda, who waits, what has happened.
 * A deployment takes longer than all that a seed of the simulator does with it; beginning from an image takes next to
 * nothing, since a state is copied only when somebody uses it.
 */
import type { Entry, Journal } from './journal.ts';
import type { Call } from './service.ts';

/** An internal step, with what it remembers between its runs where it has been parked. */
export interface Task {
  readonly call: Call;
  readonly memo: Record<string, unknown>;
}

/** A call that waits to be woken, or for its time. */
export interface Waiting {
  readonly call: Call;
  readonly key: string;
  readonly until: number;
  readonly resume: () => void;
  /** Undefined for a request from outside: whoever waits for its answer is in no image. */
  readonly task?: Task | undefined;
  done: boolean;
}

/** What is on the agenda, in words; of a closure nobody could make another. */
export type Work = { readonly task: Task } | { readonly timeout: Waiting };

export interface Image {
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly regions: readonly string[];
  readonly states: ReadonlyMap<string, unknown>;
  readonly entries: readonly Entry[];
  readonly waiting: readonly Waiting[];
  readonly agenda: readonly { readonly when: number; readonly work: Work }[];
}

/** What an image is made of. */
interface Whole extends Omit<Image, 'regions' | 'entries' | 'agenda'> {
  readonly regions: readonly string[];
  readonly journal: Journal;
  readonly agenda: readonly { readonly when: number; readonly work: Work | undefined }[];
}

/** @throws Error while a request from outside is under way: only the cloud's own work can be done again by another cloud */
export const imageOf = ({ now, regions, states, journal, waiting, agenda }: Whole): Image => ({
  now,
  regions: [...regions],
  states: new Map(states),
  entries: [...journal.entries],
  waiting: waiting.map((entry) => (entry.task ? entry : refuse(`${entry.call.service}:${entry.call.action}`))),
  agenda: agenda.map(({ when, work }) => ({ when, work: work ?? refuse('something') })),
});

function refuse(what: string): never {
  throw new Error(`an image is of a cloud at rest, but ${what} from outside is under way`);
}

/**
 * Copies of what one image holds. What is shared within it is shared within the copy, by whatever way it is reached;
 * what is frozen (policy documents) and functions, which are pure, are the image's own.
 */
export function createCopier(): <Value>(value: Value) => Value {
  const copies = new Map<object, object>();
  const copyOf = (value: any): any => {
    const known = copies.get(value);
    if (known) return known;
    if (Object.isFrozen(value)) return value;
    const made = emptyLike(value);
    copies.set(value, made);
    if (value instanceof Map) for (const [key, each] of value) made.set(copy(key), copy(each));
    else if (value instanceof Set) for (const each of value) made.add(copy(each));
    // The shape is there already; members that are no objects are right as they are.
    else if (Array.isArray(value)) for (let at = 0; at < value.length; at++) made[at] = copy(value[at]);
    else if (!ArrayBuffer.isView(value)) for (const key of Object.keys(value)) made[key] = copy(value[key]);
    return made;
  };
  const copy = <Value>(value: Value): Value => (typeof value === 'object' && value !== null ? copyOf(value) : value);
  return copy;
}

function emptyLike(value: any): any {
  const prototype = Object.getPrototypeOf(value);
  if (prototype === Object.prototype) return { ...value };
  if (prototype === Array.prototype) return value.slice();
  if (value instanceof Map) return new Map();
  if (value instanceof Set) return new Set();
  if (value instanceof Date) return new Date(value);
  if (ArrayBuffer.isView(value)) return (value as Uint8Array).slice();
  return Object.assign(Object.create(prototype), value);
}
