/** For stages that call systems that are not ours: their adapters, and the form of commit that goes with them. */

import type { Context } from 'aws-lambda';
import { type PortsOptions, portsOf } from './breaker/ports.ts';
import { type OneByOneOptions, oneByOne } from './one-by-one.ts';
import type { Outside } from './outside.ts';
import type { Settle } from './settled.ts';

/** Makes the client of an outside system, given where it is. Every function of a port returns a promise. */
export type Adapter<Port> = (outside: Outside) => Port;

export interface Calls<Adapters> {
  readonly adapters: Adapters;
  /** The clients, each behind its system's breaker. */
  readonly ports: (options: PortsOptions) => Readonly<Record<string, unknown>>;
  readonly commit: (options: OneByOneOptions) => (context: Context) => Settle;
}

/** `lambda(chargeCard, charge, calling({ gateway: paymentGateway }))`: under leases, one event at a time. */
export const calling = <const Adapters extends Readonly<Record<string, Adapter<any>>>>(
  adapters: Adapters,
): Calls<Adapters> => ({
  adapters,
  ports: (options) => portsOf(adapters, options),
  commit: oneByOne,
});
