import type { Fault, Strike } from './fault.ts';
import { EnvironmentKilled } from './killed.ts';
import { byFunction } from './places.ts';

/**
 * The function stands still at a call, and Lambda notices nothing until its time is up (Lambda Developer Guide,
 * "Configure Lambda function timeout"): all that it holds, leases and messages, it holds until then.
 */
export const hang: Fault = {
  name: 'hang',
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
  throw new EnvironmentKilled('hang', where);
}
