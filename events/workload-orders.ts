/**
 * Orders for the simulator: another mix for each seed, small enough that a person can follow what became of it, and dense
 * with what is hard: several orders for the last prints, addresses that change before and after, repetitions, and events
 * that are not as they should be.
 */
import type { Event } from '../lib/model/event.ts';
import { type Address, orderAddressChanged, orderPlaced } from './index.ts';

/** Draws that depend on the words of their key, never on what else is drawn. */
export interface Chance {
  number(...key: readonly (string | number)[]): number;
  between(low: number, high: number, ...key: readonly (string | number)[]): number;
}

export interface WorkloadEvent {
  readonly id: string;
  readonly event: Event;
  /** Published without a look at the schema, as a producer would that does not use `publish()`. */
  readonly unchecked?: true;
  /** With it, under another version of its schema than this pipeline reads. */
  readonly dataschema?: string;
}

export interface WorkloadOptions {
  /** How many orders. */
  readonly size: number;
  /** Whether some events are not as they should be. */
  readonly badData: boolean;
  /** How often the address of one more order changes, in quick succession; default never. */
  readonly crowd?: number | undefined;
}

const cities: readonly Address[] = [
  { street: '12 Speicherstadt', city: 'Hamburg', country: 'DE' },
  { street: '3 Oudegracht', city: 'Utrecht', country: 'NL' },
  { street: '8 Rue Sainte', city: 'Marseille', country: 'FR' },
  { street: '41 Quay Street', city: 'Galway', country: 'IE' },
];

/** The entry events of so many orders, in the order in which they are published. */
export function workloadOrders(
  chance: Chance,
  { size, badData, crowd = 0 }: WorkloadOptions,
): readonly WorkloadEvent[] {
  const events: WorkloadEvent[] = [];
  for (let n = 1; n <= size; n++) events.push(...workloadOrder(chance, n, badData));
  for (let n = 1; n <= size; n++) if (badData) events.push(...twins(chance, n, events));
  for (let change = 1; change <= crowd; change++) events.push(changing('o-crowd', change));
  return events;
}

const changing = (orderId: string, change: number): WorkloadEvent => ({
  id: `${orderId}.address-changed.${change}`,
  event: orderAddressChanged({ orderId, customerId: 'c-005', address: cities[change % cities.length]! }),
});

function workloadOrder(chance: Chance, n: number, badData: boolean): readonly WorkloadEvent[] {
  const orderId = orderIdOf(n);
  const customerId = `c-${String(chance.between(1, 4, 'customer', n)).padStart(3, '0')}`;
  const address = cities[chance.between(0, cities.length - 1, 'address', n)]!;
  const placed: WorkloadEvent = {
    id: `${orderId}.placed`,
    event: orderPlaced({
      orderId,
      customerId,
      // Three prints in all, for whoever comes first.
      sku:
        chance.number('article', n) < 0.5 ? 'signed-print' : chance.number('article', n, 'else') < 0.2 ? 'gone' : 'mug',
      quantity: chance.between(1, 2, 'quantity', n),
      amountCents: chance.between(1000, 5000, 'amount', n),
      cardToken: chance.number('card', n) < 0.12 ? 'declined-card' : `card-${n}`,
      address,
    }),
  };
  const changed = (change: number, to: Address = cities[(n + change) % cities.length]!): WorkloadEvent => ({
    id: `${orderId}.address-changed.${change}`,
    event: orderAddressChanged({ orderId, customerId, address: to }),
  });
  const events = usual(chance, n, { placed, changed });
  return badData ? [...events, ...bad(chance, n, { placed, changed })] : events;
}

interface Parts {
  readonly placed: WorkloadEvent;
  readonly changed: (change: number, to?: Address) => WorkloadEvent;
}

/** Orders as they come: repeated, changed before and after, or plain. */
function usual(chance: Chance, n: number, { placed, changed }: Parts): readonly WorkloadEvent[] {
  const kind = chance.number('kind', n);
  if (kind < 0.15) return [placed, placed];
  if (kind < 0.3) return [placed, changed(1), changed(2)];
  if (kind < 0.4) return [changed(1), placed];
  if (kind < 0.45) return [changed(1), placed, changed(2), changed(1)];
  // By a producer that does not number them: they are applied in the order in which they arrive.
  if (kind < 0.65)
    return [placed, ...[5, 6, 7, 8].map((change): WorkloadEvent => ({ ...changed(change), unchecked: true }))];
  return [placed];
}

/** Two more under the id of an order, shortly one after the other: whoever of the three comes first has it. */
function twins(chance: Chance, n: number, events: readonly WorkloadEvent[]): readonly WorkloadEvent[] {
  const kind = chance.number('bad', n);
  if (kind < 0.34 || kind >= 0.38) return [];
  const placed = events.find(({ id }) => id === `${orderIdOf(n)}.placed`)!;
  return [3, 4].map((amountCents): WorkloadEvent => ({ ...withData(placed, { amountCents }), unchecked: true }));
}

const withData = (one: WorkloadEvent, change: Record<string, unknown>): WorkloadEvent => ({
  ...one,
  event: { ...one.event, data: { ...(one.event.data as object), ...change } } as Event,
});

const orderIdOf = (n: number): string => `o-${String(n).padStart(4, '0')}`;

/** What a stage, the sequencer or `publish()` refuses. */
function bad(chance: Chance, n: number, { placed, changed }: Parts): readonly WorkloadEvent[] {
  const kind = chance.number('bad', n);
  const other = (id: string, change: Record<string, unknown>) => withData({ ...placed, id }, change);
  // No carrier goes there: the stage refuses it for good.
  if (kind < 0.06) return [changed(3, { street: '1 McMurdo Station', city: 'Ross Island', country: 'AQ' }), changed(4)];
  if (kind < 0.12) return [{ ...other(`${placed.id}-no-amount`, { amountCents: undefined }), unchecked: true }];
  if (kind < 0.16) {
    const oversized = other(`${placed.id}-oversized`, { cardToken: 'x'.repeat(70_000) });
    // `publish()` refuses it; without, the sequencer has to.
    return [kind < 0.13 ? oversized : { ...oversized, unchecked: true }];
  }
  if (kind < 0.22) return [other(placed.id, { amountCents: 1 })];
  if (kind < 0.26) {
    return [{ ...other(`${placed.id}-old`, {}), unchecked: true, dataschema: 'urn:event:order.placed:0' }];
  }
  if (kind < 0.3) {
    return [
      { ...other(`${placed.id}-new`, { giftWrap: true }), unchecked: true, dataschema: 'urn:event:order.placed:9' },
    ];
  }
  if (kind < 0.34) return [{ ...other(placed.id, { amountCents: 2 }), unchecked: true }];
  return [];
}
