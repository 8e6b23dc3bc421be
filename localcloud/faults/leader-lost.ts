import { serverError } from './errors.ts';
import type { Fault } from './fault.ts';
import { byFunction } from './places.ts';

const writes: ReadonlySet<string> = new Set(['PutItem', 'UpdateItem', 'DeleteItem']);

/**
 * A partition has lost its leader, and until there is another nobody can write to it, for longer than an SDK tries: seconds
 * as a rule, minutes on a bad day (Elhemali et al., "Amazon DynamoDB: A Scalable, Predictably Performant, and Fully Managed
 * NoSQL Database Service", USENIX ATC 2022). An outage strikes the actions that are called most; single writes are rare.
 */
export const leaderLost: Fault = {
  name: 'leader-lost',
  most: 0.15,
  calls: (caller, call) => byFunction(caller, call) && call.service === 'dynamodb' && writes.has(call.action),
  before({ service }, strike) {
    strike.struck();
    strike.lasts(strike.between(3000, 200_000, 'how long'));
    throw serverError(service, strike);
  },
};
