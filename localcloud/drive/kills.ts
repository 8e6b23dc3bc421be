/** Lets a fault kill the environment that made a call: the part of crash injection that both drivers share. */
import type { Gate } from '../cloud.ts';
import { type EnvironmentKilled, isEnvironmentKilled } from '../faults/killed.ts';
import type { Call } from '../service.ts';

/**
 * A gate that carries out the killings of another. A call that was killed `before` goes no further; one that was killed
 * `after` has had its effect and is journalled like any other, but there is nobody left to hear the answer.
 */
export function withKills(gate: Gate, kill: (call: Call, killed: EnvironmentKilled) => void): Gate {
  return {
    ...gate,
    before(call, ...rest) {
      try {
        gate.before?.(call, ...rest);
      } catch (error) {
        if (isEnvironmentKilled(error)) kill(call, error);
        throw error;
      }
    },
    after(call, ...rest) {
      try {
        gate.after?.(call, ...rest);
      } catch (error) {
        if (!isEnvironmentKilled(error)) throw error;
        kill(call, error);
      }
    },
  };
}
