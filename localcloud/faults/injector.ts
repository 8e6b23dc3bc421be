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
import type { Fault, Firing, Place } from './fault.ts';
import { createMoments } from './moments.ts';
import { createStrikes, type Struck } from './strikes.ts';

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

export function createInjector(options: InjectorOptions): Injector {
  const { dice, faults, brief = (name) => name } = options;
  const strikes = createStrikes({ dice, rebuilt: options.rebuilt });
  const choose = options.plan ? planned(options.plan, faults) : drawn(dice);
  const seen = new Map<string, number>();
  const calls = new WeakMap<Call, Struck | null>();
  const candidates = new Map<string, readonly ArmedFault[]>();
  let cloud: Cloud | undefined;

  /** The fault that strikes at a place, which comes up once more by this. */
  const strikeAt = (place: Place, action: string, among: readonly ArmedFault[]): Struck | null => {
    const group = `${brief(place.where)}|${action}`;
    const name = `${group}|${place.event ?? '-'}`;
    const occurrence = (seen.get(name) ?? 0) + 1;
    seen.set(name, occurrence);
    const going = strikes.going(group, name);
    if (going) return going;
    const site = `${name}|${occurrence}`;
    const fault = choose(site, among);
    return fault ? { fault, strike: strikes.of(fault, site) } : null;
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

  const moments = createMoments({ faults, brief, regions: options.regions, choose, strikeOf: strikes.of });

  return {
    fired: strikes.fired,
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
      strikes.begin(begun);
      moments.begin(begun, span);
    },
    heal() {
      strikes.heal();
      moments.end();
      cloud = undefined;
    },
  };
}
