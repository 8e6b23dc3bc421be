import type { Fault, Strike } from './fault.ts';
import { EnvironmentKilled } from './killed.ts';
import { byFunction } from './places.ts';

/** The function has no more memory and is killed, before or after a call (AWS re:Post, "Runtime exited with error: signal: killed"). */
export const outOfMemory: Fault = {
  name: 'out-of-memory',
  most: 0.03,
  calls: byFunction,
  before(call, strike) {
    if (isBefore(strike)) strikeDown(strike, `before ${call.service}:${call.action}`);
  },
  after(call, strike) {
    if (!isBefore(strike)) strikeDown(strike, `after ${call.service}:${call.action}`);
  },
};

const isBefore = ({ number }: Strike) => number('side') < 0.5;

function strikeDown({ struck }: Strike, where: string): never {
  struck();
  throw new EnvironmentKilled('exit', where, 'with error: signal: killed');
}
