/** Faults that strike: the chance of each, what they say of it, and what of it goes on or is to be undone. */
import type { Cloud } from '../cloud.ts';
import type { Dice } from '../world.ts';
import type { Fault, Firing, Strike } from './fault.ts';

export interface Struck {
  readonly fault: Fault;
  readonly strike: Strike;
}

export interface Strikes {
  /** What has struck, in that order. */
  readonly fired: readonly Firing[];
  /** The cloud that they strike, from now on. */
  begin(cloud: Cloud): void;
  /** What a fault strikes with at a place: `where|action|event|occurrence`. */
  of(fault: Fault, site: string): Strike;
  /** What goes on where a fault has struck before: at all calls of an action (`where|action`), or at those about one event. */
  going(action: string, event: string): Struck | undefined;
  /** Undoes what is to be undone. */
  heal(): void;
}

export function createStrikes(options: {
  readonly dice: Dice;
  readonly rebuilt: ((folder: string) => string | undefined) | undefined;
}): Strikes {
  const fired: Firing[] = [];
  const lasting = new Map<string, Struck & { readonly until: number }>();
  const undoing = new Set<() => void>();
  let cloud: Cloud | undefined;

  const goingAt = (key: string): Struck | undefined => {
    const going = lasting.get(key);
    if (!going || going.until > cloud!.now()) return going;
    lasting.delete(key);
    return undefined;
  };

  return {
    fired,
    begin(begun) {
      cloud = begun;
    },
    of(fault, site) {
      const firing = `${fault.name}|${site}`;
      // Draws of one word give the same number however often they are made.
      const numbers = new Map<string, number>();
      const number = (word: string) => {
        if (!numbers.has(word)) numbers.set(word, options.dice.number(firing, word));
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
        lasts(milliseconds, about = 'action') {
          const key = site
            .split('|')
            .slice(0, about === 'event' ? 3 : 2)
            .join('|');
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
    },
    going: (action, event) => (lasting.size === 0 ? undefined : (goingAt(action) ?? goingAt(event))),
    heal() {
      for (const undo of undoing) undo();
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
