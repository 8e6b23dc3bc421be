/**
 * A day at the shop, for `npm start`, for replay and for the simulator: the same list for the same number of orders.
 * Most orders go well. Some are sent twice, some cards are declined, the signed print runs out, addresses change, and
 * two events are bad: one that no carrier serves (the domain refuses it), one that is not of its schema (`unchecked`).
 */
import type { Event } from '../lib/model/event.ts';
import { type Address, orderAddressChanged, orderPlaced } from './index.ts';

interface SampleEvent {
  readonly id: string;
  readonly event: Event;
  readonly unchecked?: true;
}

const cities: readonly Address[] = [
  { street: '12 Speicherstadt', city: 'Hamburg', country: 'DE' },
  { street: '3 Oudegracht', city: 'Utrecht', country: 'NL' },
  { street: '8 Rue Sainte', city: 'Marseille', country: 'FR' },
  { street: '41 Quay Street', city: 'Galway', country: 'IE' },
];
const articles = ['mug', 'poster', 'notebook'] as const;

const pick = <T>(list: readonly T[], n: number): T => list[n % list.length]!;

/** The events of `count` orders (1 or more), in the order in which they are published. */
export function sampleOrders(count = 100): readonly SampleEvent[] {
  const events: SampleEvent[] = [];
  for (let n = 1; n <= count; n++) events.push(...sampleOrder(n));
  return events;
}

function sampleOrder(n: number): readonly SampleEvent[] {
  const orderId = `o-${String(n).padStart(4, '0')}`;
  const customerId = `c-${String(1 + ((n * 7) % 40)).padStart(3, '0')}`;
  const address = n % 50 === 29 ? { street: '1 McMurdo Station', city: 'Ross Island', country: 'AQ' } : pick(cities, n);
  const placed: SampleEvent = {
    id: `${orderId}.placed`,
    event: orderPlaced({
      orderId,
      customerId,
      sku: n % 20 === 10 ? 'signed-print' : pick(articles, n),
      quantity: 1 + (n % 3),
      amountCents: 1500 + 100 * (n % 17),
      cardToken: n % 25 === 7 ? 'declined-card' : `card-${n}`,
      address,
    }),
  };
  const changed = (change: number): SampleEvent => ({
    id: `${orderId}.address-changed.${change}`,
    event: orderAddressChanged({ orderId, customerId, address: pick(cities, n + change) }),
  });

  if (n % 50 === 40) {
    const withoutAmount = { orderId, customerId, sku: 'mug', quantity: 1, cardToken: `card-${n}`, address };
    return [{ id: placed.id, event: { type: 'order.placed', data: withoutAmount }, unchecked: true }];
  }
  if (n % 10 === 3) return [placed, placed];
  if (n % 20 === 5) return [placed, changed(1), changed(2)];
  if (n % 20 === 15) return [changed(1), placed];
  return [placed];
}
