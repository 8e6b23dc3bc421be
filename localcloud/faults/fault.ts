/**
 * What a fault is: a name, the places where it may strike, and what it does there. One fault per file; a new one is a
 * file and its line in `catalogue.ts`.
 */
import type { Cloud } from '../cloud.ts';
import type { Call } from '../service.ts';
import type { Caller } from './caller.ts';

/** One decision of a fault that struck: `fault|where|action|event|occurrence`. Enough to strike there again, and nowhere else. */
export type Firing = string;

/** What a fault strikes with. Its chance is its own: keyed by the firing, so that no other firing moves it. */
export interface Strike {
  readonly firing: Firing;
  readonly cloud: Cloud;
  /** A number in [0, 1), another for each word. */
  number(word: string): number;
  /** A whole number in [low, high]. */
  between(low: number, high: number, word: string): number;
  /** One of a list. */
  pick<T>(list: readonly T[], word: string): T;
  /** Says that the fault has struck, before it does so: into the journal and into the plan. */
  struck(): void;
  /** The folder of another build of the code in a folder; undefined where there is none. */
  rebuilt(folder: string): string | undefined;
  /** Goes on striking at this caller's calls of this action, or only at those about the event, for so many milliseconds; all that is one firing. */
  lasts(milliseconds: number, about?: 'action' | 'event'): void;
  /** Undoes what has happened after so many milliseconds, or when the faults end, whichever is first. */
  undo(milliseconds: number, run: () => void): void;
}

/** A named place for what is no call: a step of the cloud's own, or a thing that something happens to. */
export interface Place {
  readonly where: string;
  /** The event concerned, where there is one. */
  readonly event?: string;
}

/** A fault does one of these, or several that belong together. All are optional; each says `struck()` where it does something. */
export interface Fault {
  readonly name: string;
  /** The highest probability with which a swarm lets it strike, per place where it may: 0 to 1. */
  readonly most: number;

  /** Which calls it may strike at. The hooks below are only asked about these. */
  readonly calls?: (caller: Caller, call: Pick<Call, 'service' | 'action'>) => boolean;
  /** Refuses the call by throwing: it has no effect. */
  before?(call: Call, strike: Strike): void;
  /** Refuses the answer by throwing: the call has had its effect. */
  after?(call: Call, strike: Strike): void;
  /** Carries the call out in another way. */
  around?(call: Call, act: (input: unknown) => unknown, strike: Strike): unknown;
  /** Milliseconds by which a request comes late, and its answer. */
  travel?(call: Call, strike: Strike): { readonly there: number; readonly back: number };

  /** Which steps of the cloud's own it may put off, and where they belong. */
  readonly steps?: Readonly<Record<string, (step: Call, cloud: Cloud) => Place | undefined>>;
  /** When such a step is taken that was due at `when`. */
  postpone?(step: Call, when: number, strike: Strike): number;

  /** Which reports of the driver it may change: by `service:step`. */
  readonly reports?: Readonly<Record<string, (step: Call, cloud: Cloud) => Place | undefined>>;
  /** What is reported instead; undefined if nothing is. */
  replace?(step: Call, strike: Strike): Call | undefined;

  /** By how many milliseconds the clock of an environment that starts is ahead. */
  skew?(strike: Strike): number;

  /** What it may happen to while the faults last, at times that are drawn: it is asked about each. */
  readonly targets?: (cloud: Cloud, regions: readonly string[]) => readonly string[];
  /** How often at most it happens to each of them; default 1. */
  readonly times?: number;
  /** It happens, to this target. */
  happen?(target: string, strike: Strike): void;
}
