/** The calls that are parked: each runs anew when its key is woken or its time is up, whichever is first. */
import type { Waiting, Work } from './image.ts';
import type { Call, Parked } from './service.ts';

export interface WaitingRoom {
  park(call: Call, parked: Parked, how: Pick<Waiting, 'resume' | 'task'>): void;
  /** Takes in one that was parked elsewhere; its timeout is the caller's. */
  admit(entry: Waiting): void;
  wake(key: string): void;
  /** Resumes one whose time is up, unless it has been woken. */
  timeOut(entry: Waiting): void;
  all(): readonly Waiting[];
}

export interface WaitingRoomOptions {
  /** Puts something on the agenda; now, if it is past `when`. */
  readonly schedule: (when: number, run: () => void, work?: Work) => void;
  /** When a call that is woken goes on. */
  readonly wakes: (call: Call) => number;
}

export function createWaitingRoom({ schedule, wakes }: WaitingRoomOptions): WaitingRoom {
  const waiting = new Map<string, Waiting[]>();
  const room: WaitingRoom = {
    park(call, parked, how) {
      const entry: Waiting = { call, key: `${call.region}/${parked.parked}`, until: parked.until, ...how, done: false };
      room.admit(entry);
      if (parked.until === Number.POSITIVE_INFINITY) return;
      schedule(parked.until, () => room.timeOut(entry), { timeout: entry });
    },
    admit(entry) {
      const queue = waiting.get(entry.key);
      if (queue) queue.push(entry);
      else waiting.set(entry.key, [entry]);
    },
    wake(key) {
      const entries = waiting.get(key);
      if (!entries) return;
      waiting.delete(key);
      for (const entry of entries) {
        entry.done = true;
        const { task } = entry;
        schedule(wakes(entry.call), entry.resume, task && { task });
      }
    },
    timeOut(entry) {
      if (entry.done) return;
      const rest = (waiting.get(entry.key) ?? []).filter((other) => other !== entry);
      if (rest.length > 0) waiting.set(entry.key, rest);
      else waiting.delete(entry.key);
      entry.done = true;
      entry.resume();
    },
    all: () => [...waiting.values()].flat(),
  };
  return room;
}
