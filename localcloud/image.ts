/**
 * A cloud at rest, to begin others from: what its services remember, what is on its agenda, who waits, what has happened.
 * A deployment takes longer than all that a seed of the simulator does with it; beginning from an image takes next to
 * nothing, since a state is copied only when somebody uses it.
 */
import type { Entry, Journal } from './journal.ts';
import type { KernelLinks } from './links.ts';
import type { Call } from './service.ts';
import type { WaitingRoom } from './waiting.ts';
import type { Agenda } from './world.ts';

/** An internal step, with what it remembers between its runs where it has been parked. */
export interface Task {
  readonly call: Call;
  readonly memo: Record<string, unknown>;
}

/** A step that a service takes in its own name. */
export const taskOf = (step: Omit<Call, 'principal'>, account: string): Task => ({
  call: { ...step, principal: { kind: 'service', account, service: `${step.service}.amazonaws.com` } },
  memo: {},
});

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
  readonly links: Pick<KernelLinks, 'mustBeWhole'>;
  readonly regions: readonly string[];
  readonly journal: Journal;
  readonly agenda: readonly { readonly when: number; readonly work: Work | undefined }[];
}

/**
 * @throws Error while a request from outside is under way: only the cloud's own work can be done again by another cloud; or
 * while a region is lost or a link is cut
 */
export function imageOf({ links, now, regions, states, journal, waiting, agenda }: Whole): Image {
  links.mustBeWhole();
  return {
    now,
    regions: [...regions],
    states: new Map(states),
    entries: [...journal.entries],
    waiting: waiting.map((entry) => (entry.task ? entry : refuse(`${entry.call.service}:${entry.call.action}`))),
    agenda: agenda.map(({ when, work }) => ({ when, work: work ?? refuse('something') })),
  };
}

function refuse(what: string): never {
  throw new Error(`an image is of a cloud at rest, but ${what} from outside is under way`);
}

/** The cloud that takes an image up. */
interface Heir {
  readonly copy: ReturnType<typeof createCopier>;
  readonly agenda: Agenda<Work>;
  readonly waiting: Pick<WaitingRoom, 'admit' | 'timeOut'>;
  readonly takeTask: (task: Task) => void;
  readonly resumptionOf: (task: Task) => Pick<Waiting, 'task' | 'resume'>;
}

/** Takes up what was waiting and what was to be done in the image, in the same order. */
export function takeUp({ waiting: asleep, agenda: due }: Image, by: Heir): void {
  const { copy, agenda, waiting, takeTask, resumptionOf } = by;
  const entries = new Map<Waiting, Waiting>();
  for (const entry of asleep) {
    const own = { ...entry, ...resumptionOf(copy(entry.task!)) };
    entries.set(entry, own);
    waiting.admit(own);
  }
  for (const { when, work } of due) {
    if ('task' in work) {
      const task = copy(work.task);
      agenda.at(when, () => takeTask(task), { task });
    } else {
      // Who was woken before is no longer there; its time goes by all the same.
      const entry = entries.get(work.timeout) ?? { ...work.timeout, done: true };
      agenda.at(when, () => waiting.timeOut(entry), { timeout: entry });
    }
  }
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
