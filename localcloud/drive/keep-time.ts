/** Keeps a cloud at the wall clock's time: one timer, armed for whatever is next on the agenda. */
import type { Cloud } from '../cloud.ts';
import { wallTimer } from '../world.ts';

/** After the present step, and before a timer could: the shortest of them takes a millisecond. */
function soon(run: () => void): () => void {
  let off = false;
  queueMicrotask(() => off || run());
  return () => {
    off = true;
  };
}

/** The wall clock's hold on a cloud. */
export interface TimeKeeper {
  /** Takes the agenda forward to now. Called whenever something has happened. */
  advance(): void;
  /** Nothing falls due any more. */
  halt(): void;
}

/** Takes the agenda forward by the wall clock, and by itself when something falls due. */
export function keepTime(cloud: Cloud, onBug: (error: unknown, where: string) => void): TimeKeeper {
  let armed: { when: number; cancel: () => void } | undefined;
  let halted = false;
  let advancing = false;
  const arm = () => {
    if (advancing) return;
    const when = cloud.agenda.next();
    if (halted || when === undefined || (armed && armed.when <= when)) return;
    armed?.cancel();
    armed = { when, cancel: when <= cloud.now() ? soon(ring) : wallTimer(when, ring) };
  };
  const ring = () => {
    armed = undefined;
    advance();
  };
  const advance = () => {
    if (halted) return;
    advancing = true;
    try {
      cloud.advance();
    } catch (error) {
      onBug(error, 'agenda');
    }
    advancing = false;
    arm();
  };
  cloud.onWork = arm;
  return {
    advance,
    halt() {
      halted = true;
      armed?.cancel();
    },
  };
}
