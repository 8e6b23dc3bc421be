/**
 * The links between regions, and regions that are lost. Drivers and faults use it as `cloud.links`:
 *
 *     links.lose('eu-west-1')                       nothing in it runs, nothing reaches it, nothing leaves it
 *     links.restore('eu-west-1')                    it returns with all that is durable; what was due meanwhile happens late
 *     links.partition('eu-west-1', 'eu-central-1')  nothing goes from one to the other; both go on
 *     links.partition('eu-west-1')                  the same between it and every other region
 *     links.sever('eu-west-1', 'eu-central-1')      nothing goes from the one to the other; the way back is open
 *     links.heal()                                  mends all links; lost regions stay lost
 *     links.reaches('eu-west-1', 'eu-central-1')    whether a call would arrive
 *
 * Each can be said twice, and leaves a note of the service `regions` in the journal: `RegionLost`, `RegionReturned`,
 * `RegionsParted`, `RegionsJoined`. Everything happens at once, and nothing passes by itself.
 *
 * Whoever calls from outside any region (clients, operators, producers) reaches every region that is not lost. Where a call
 * does not arrive, a client sees what the network shows (a broken connection, at once or after seconds: `NoAnswer`), and a
 * service that calls another has `RegionUnreachable`, 503, which each treats as AWS's would. Global services (IAM) are
 * nobody's region: they are always there.
 */
import { type Call, type Effect, type Principal, ServiceError } from './service.ts';
import { NO_ANSWER } from './wire/message.ts';
import type { Dice } from './world.ts';

export interface Links {
  /** The regions that are lost. */
  readonly lost: ReadonlySet<string>;
  /** Whether a call from one region, or from outside, arrives in another. */
  reaches(from: string | undefined, to: string): boolean;
  /**
   * Loses a region: its environments are gone, its timers stand still, its clients' connections break.
   * @throws Error if the cloud has no such region
   */
  lose(region: string): void;
  /** Gives a lost region back. */
  restore(region: string): void;
  /** Cuts the link between two regions, or all links of one. */
  partition(region: string, other?: string): void;
  /** Cuts the way from one region to another. `heal` of the two mends it. */
  sever(from: string, to: string): void;
  /** Keeps what is to be done in a lost region until it is back, in order; false if the region is there. */
  hold(region: string, run: () => void): boolean;
  /** Mends the link between two regions, all links of one as far as `partition` of that one cut them, or all there are. */
  heal(region?: string, other?: string): void;
}

/** What else the kernel asks of them. */
export interface KernelLinks extends Links {
  /** @throws ServiceError where the call does not arrive */
  pass(call: Call): void;
  /** For how many milliseconds a client waits until it knows that its call did not arrive; 0 if it does arrive. */
  patience(call: Call): number;
  /** Whether the driver may carry an effect out: in a lost region it only ends what is there. */
  allow(effect: Effect): boolean;
  /** @throws Error unless every region is there and reaches every other */
  mustBeWhole(): void;
}

export interface LinksOptions {
  readonly dice: Dice;
  /** Those that there are, as they come. */
  readonly regions: readonly string[];
  readonly origin: ((principal: Principal) => string | undefined) | undefined;
  readonly note: (region: string, action: string, facts: object) => void;
  /** Just before a region is lost, just after, and when it has returned, with what has waited since then. */
  readonly losing: (region: string) => void;
  readonly lost: (region: string) => void;
  readonly returned: (region: string, doHeld: (() => void) | undefined) => void;
}

export function createLinks(options: LinksOptions): KernelLinks {
  const { dice, origin, note } = options;
  const lost = new Set<string>();
  const alone = new Set<string>();
  const cut = new Set<string>();
  const held = new Map<string, (() => void)[]>();
  const isWhole = () => lost.size + alone.size + cut.size === 0;
  const isParted = (region: string, other: string | undefined) =>
    other === undefined ? alone.has(region) : waysOf(region, other).every((way) => cut.has(way));

  const links: KernelLinks = {
    lost,
    reaches(from, to) {
      if (lost.has(to) || (from !== undefined && lost.has(from))) return false;
      if (from === undefined || from === to) return true;
      return !alone.has(from) && !alone.has(to) && !cut.has(wayOf(from, to));
    },
    lose(region) {
      if (lost.has(region)) return;
      if (!options.regions.includes(region)) {
        throw new Error(
          `there is no region ${region} to lose; the cloud has ${options.regions.join(', ') || 'none yet'}`,
        );
      }
      options.losing(region);
      lost.add(region);
      note(region, 'RegionLost', { region });
      options.lost(region);
    },
    restore(region) {
      if (!lost.delete(region)) return;
      note(region, 'RegionReturned', { region });
      const doHeld = () => {
        const kept = held.get(region) ?? [];
        held.delete(region);
        for (const run of kept) run();
      };
      options.returned(region, held.has(region) ? doHeld : undefined);
    },
    partition(region, other) {
      if (region === other || isParted(region, other)) return;
      if (other === undefined) alone.add(region);
      else for (const way of waysOf(region, other)) cut.add(way);
      note(region, 'RegionsParted', { region, from: other ?? 'all others' });
    },
    sever(from, to) {
      if (from === to || cut.has(wayOf(from, to))) return;
      cut.add(wayOf(from, to));
      note(from, 'RegionsParted', { region: from, from: to, way: 'to it only' });
    },
    heal(region, other) {
      if (isWhole()) return;
      if (region === undefined) for (const set of [alone, cut]) set.clear();
      else if (other === undefined) alone.delete(region);
      else for (const way of waysOf(region, other)) cut.delete(way);
      note(region ?? 'all', 'RegionsJoined', { region: region ?? 'all', with: other ?? 'all others' });
    },
    hold(region, run) {
      // What came first is done first, when the region has just returned as well.
      if (!lost.has(region) && !held.has(region)) return false;
      const kept = held.get(region);
      if (kept) kept.push(run);
      else held.set(region, [run]);
      return true;
    },
    pass(call) {
      if (isWhole()) return;
      if (call.from !== undefined) {
        if (!links.reaches(call.from, call.region)) throw unreachable(call.from, call.region);
      } else if (!links.reaches(origin?.(call.principal), call.region)) throw noAnswer(call.region);
    },
    patience(call) {
      if (isWhole() || links.reaches(origin?.(call.principal), call.region)) return 0;
      const isRefused = dice.number('links', 'refused', call.region) < 0.5;
      return isRefused ? 1 : dice.between(1000, 3000, 'links', 'patience', call.region);
    },
    allow: ({ kind, region }) => kind === 'stop' || !lost.has(region),
    mustBeWhole() {
      if (isWhole()) return;
      throw new Error('an image is of a whole cloud: restore the lost regions and heal the links between them first');
    },
  };
  return links;
}

const wayOf = (from: string, to: string): string => `${from}|${to}`;
const waysOf = (a: string, b: string): readonly string[] => [wayOf(a, b), wayOf(b, a)];

const noAnswer = (region: string): ServiceError =>
  new ServiceError('NoAnswer', `the connection broke: ${region} cannot be reached`, { status: NO_ANSWER });

const unreachable = (from: string, to: string): ServiceError =>
  new ServiceError('RegionUnreachable', `${to} cannot be reached from ${from}`, { status: 503 });
