/**
 * Lets faults strike. Wherever one may, a place is named by who or what it concerns, the action, the event, and how often
 * that came up before; one draw under that name decides which fault strikes there, if any does. So a run can be had again
 * from its seed, or from the list of what struck: without the draws, each alone, and in the same places.
 */
import type { Cloud, Gate } from '../cloud.ts';
import type { Call } from '../service.ts';
import type { Dice } from '../world.ts';
import { callerOf, functionOf, whereOf } from './caller.ts';
import { type ArmedFault, drawn, planned } from './choose.ts';
import type { Fault, Firing, Place, Strike } from './fault.ts';

import { createMoments } from './moments.ts';

export type { ArmedFault } from './choose.ts';

export interface InjectorOptions {
  /** Of the faults alone, so that they may change without moving anything else. */
  readonly dice: Dice;
  readonly faults: readonly ArmedFault[];
  /** Given: exactly these strike. */
  readonly plan?: readonly Firing[] | undefined;
  /** The event that a call is about, if it is about one. */
  readonly eventOf?: (call: Call) => string | undefined;
  /** Where things happen at times of their own; default: in all regions. */
  readonly regions?: readonly string[];
  /** The folder of another build of what lies in a folder, for deployments in mid-flight; default: there is none. */
  readonly rebuilt?: (folder: string) => string | undefined;
  /** What a function or a queue is called in a firing; default: as it is. */
  readonly brief?: (name: string) => string;
}

export interface Injector {
  readonly gate: Gate;
  /** By how many milliseconds the clock of an environment that starts is ahead. */
  readonly skew: (functionName: string) => number;
  /** What has struck, in that order. */
  readonly fired: readonly Firing[];
  /** Begins: until then nothing strikes. What happens at times of its own happens within `span` milliseconds. */
  begin(cloud: Cloud, span: number): void;
  /** Ends the faults: nothing strikes any more, and what lasts is mended. */
  heal(): void;
}

interface Struck {
  readonly fault: Fault;
  readonly strike: Strike;
}

export function createInjector(options: InjectorOptions): Injector {
  const { dice, faults, brief = (name) => name } = options;
  const fired: Firing[] = [];
  const choose = options.plan ? planned(options.plan, faults) : drawn(dice);
  const seen = new Map<string, number>();
  const calls = new WeakMap<Call, Struck | null>();
  const candidates = new Map<string, readonly ArmedFault[]>();
  const lasting = new Map<string, Struck & { readonly until: number }>();
  const undoing = new Set<() => void>();
  let cloud: Cloud | undefined;

  const strikeOf = (fault: Fault, site: string): Strike => {
    const firing = `${fault.name}|${site}`;
    // Draws of one word give the same number however often they are made.
    const numbers = new Map<string, number>();
    const number = (word: string) => {
      if (!numbers.has(word)) numbers.set(word, dice.number(firing, word));
      return numbers.get(word)!;
    };
    let said = false;
    const strike: Strike = {
      firing,
      cloud: cloud!,
      number,
      between: (low, high, word) => low + Math.floor(number(word) * (high - low + 1)),
      pick: (list, word) => list[Math.floor(number(word) * list.length)]!,
      struck() {
        if (said) return;
        said = true;
        fired.push(firing);
        noteStrike(cloud!, firing);
      },
      rebuilt: (folder) => options.rebuilt?.(folder),
      lasts(milliseconds) {
        const [where, action] = site.split('|');
        const key = `${where}|${action}`;
        if (!lasting.has(key)) lasting.set(key, { fault, strike, until: strike.cloud.now() + milliseconds });
      },
      undo(milliseconds, run) {
        const once = () => {
          if (undoing.delete(once)) run();
        };
        undoing.add(once);
        strike.cloud.agenda.at(strike.cloud.now() + milliseconds, once);
      },
    };
    return strike;
  };

  /** The fault that strikes at a place, which comes up once more by this. */
  const strikeAt = (place: Place, action: string, among: readonly ArmedFault[]): Struck | null => {
    const group = `${brief(place.where)}|${action}`;
    const name = `${group}|${place.event ?? '-'}`;
    const occurrence = (seen.get(name) ?? 0) + 1;
    seen.set(name, occurrence);
    const going = lasting.get(group);
    if (going && going.until > cloud!.now()) return going;
    if (going) lasting.delete(group);
    const site = `${name}|${occurrence}`;
    const fault = choose(site, among);
    return fault ? { fault, strike: strikeOf(fault, site) } : null;
  };

  const among = (key: string, may: (fault: Fault) => boolean): readonly ArmedFault[] => {
    let found = candidates.get(key);
    if (!found) {
      found = faults.filter(({ fault }) => may(fault));
      candidates.set(key, found);
    }
    return found;
  };

  const atCall = (call: Call): Struck | null => {
    if (!cloud) return null;
    const known = calls.get(call);
    if (known !== undefined) return known;
    const caller = callerOf(call);
    const able = among(`${caller} ${call.service}:${call.action}`, (fault) => fault.calls?.(caller, call) ?? false);
    const struck =
      able.length === 0
        ? null
        : strikeAt({ where: whereOf(call, caller), event: options.eventOf?.(call) ?? '-' }, call.action, able);
    calls.set(call, struck);
    return struck;
  };

  /** Of steps and reports, which name their places themselves. */
  const atStep = (kind: 'steps' | 'reports', step: Call): Struck | null => {
    if (!cloud) return null;
    const name = `${step.service}:${step.action}`;
    const able = among(`${kind} ${name}`, (fault) => fault[kind]?.[name] !== undefined);
    if (able.length === 0) return null;
    const place = able[0]!.fault[kind]![name]!(step, cloud);
    return place ? strikeAt(place, step.action, able) : null;
  };

  const moments = createMoments({ faults, brief, regions: options.regions, choose, strikeOf });

  return {
    fired,
    gate: {
      before(call) {
        const struck = atCall(call);
        struck?.fault.before?.(call, struck.strike);
      },
      after(call) {
        const struck = calls.get(call);
        if (cloud) struck?.fault.after?.(call, struck.strike);
      },
      around(call, act) {
        const struck = calls.get(call);
        return cloud && struck?.fault.around ? struck.fault.around(call, act, struck.strike) : act(call.input);
      },
      travel(call) {
        const struck = atCall(call);
        const trip = struck?.fault.travel?.(call, struck.strike);
        // A delay has struck whatever becomes of the call: it may be refused before the fault comes to its own.
        if (trip && trip.there + trip.back > 0) struck!.strike.struck();
        return trip;
      },
      postpone(step, when) {
        const struck = atStep('steps', step);
        return struck?.fault.postpone ? Math.max(when, struck.fault.postpone(step, when, struck.strike)) : when;
      },
      replace(step) {
        const struck = atStep('reports', step);
        return struck?.fault.replace ? struck.fault.replace(step, struck.strike) : step;
      },
    },
    skew(functionName) {
      const able = cloud ? among('skew', (fault) => fault.skew !== undefined) : [];
      const struck = able.length > 0 ? strikeAt({ where: functionOf(functionName) }, 'start', able) : null;
      return struck?.fault.skew?.(struck.strike) ?? 0;
    },
    begin(begun, span) {
      cloud = begun;
      moments.begin(begun, span);
    },
    heal() {
      for (const undo of undoing) undo();
      moments.end();
      cloud = undefined;
    },
  };
}

/** A line of the journal, so that a fault is seen among what it brings about. */
function noteStrike(cloud: Cloud, firing: Firing): void {
  const [fault, where, action, event] = firing.split('|');
  cloud.journal.append({
    at: cloud.now(),
    kind: 'note',
    region: cloud.regions()[0]!,
    service: 'faults',
    action: 'FaultStruck',
    principal: 'faults',
    input: { firing, fault, where, action, event },
  });
}
