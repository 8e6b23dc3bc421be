/** What is conserved in this domain, whatever happens: money and stock. A fork has laws of its own, or none. */
import { openingStock } from '../functions/reserve-stock/catalogue.ts';
import type { History, Invariant } from '../lib/proof/index.ts';

/** What was written of an item, in the order in which it was. */
const writesTo = ({ commits, strayWrites }: History, table: string) =>
  [...commits.flatMap(({ writes }) => writes), ...strayWrites]
    .filter((write) => write.table === table)
    .sort((a, b) => a.n - b.n);

const sumBy = <T>(list: readonly T[], key: (one: T) => string, amount: (one: T) => number): Map<string, number> => {
  const sums = new Map<string, number>();
  for (const one of list) sums.set(key(one), (sums.get(key(one)) ?? 0) + amount(one));
  return sums;
};

/** The gateway's own books against the pipeline's, and both against how the order ended. */
const money: Invariant = {
  name: 'money',
  claim: 'what was charged and not refunded is what confirmed orders cost',
  examine(history) {
    const charged = history.acted.filter((one) => one.operation === 'charge' && one.answer?.paymentId !== undefined);
    const taken = sumBy(
      charged,
      ({ request }) => request.orderId,
      ({ request }) => request.amountCents,
    );
    const orderOf = new Map(charged.map(({ request, answer }) => [answer.paymentId, request.orderId]));
    const given = sumBy(
      history.acted.filter(({ operation }) => operation === 'refund'),
      ({ request }) => orderOf.get(request.paymentId) ?? `nobody’s ${request.paymentId}`,
      ({ request }) => request.amountCents,
    );
    const booked = sumBy(
      writesTo(history, 'payments'),
      ({ key }) => key,
      ({ item }) => item.amountCents,
    );
    const violations: string[] = [];
    for (const [order, cents] of booked) {
      if (cents !== taken.get(order))
        violations.push(`${order}: booked are ${cents}, charged were ${taken.get(order) ?? 0}`);
    }
    for (const [order, cents] of given) {
      if (cents > (taken.get(order) ?? 0))
        violations.push(`${order}: refunded were ${cents}, charged ${taken.get(order) ?? 0}`);
    }
    const closed = writesTo(history, 'closed-orders');
    for (const { key, item } of closed) {
      const kept = (taken.get(key) ?? 0) - (given.get(key) ?? 0);
      const cost = item.outcome === 'confirmed' ? booked.get(key) : 0;
      if (kept !== cost) violations.push(`${key} is ${item.outcome}: ${kept} were kept, and it costs ${cost}`);
    }
    return { cases: closed.length + booked.size + given.size, violations };
  },
};

/** What is on the shelf and what is reserved make up what was there on the first day. */
const stock: Invariant = {
  name: 'stock',
  claim: 'what is on the shelf and what is reserved make up what was there',
  examine(history) {
    const reserved = sumBy(
      writesTo(history, 'reservations'),
      ({ item }) => item.sku,
      ({ item }) => item.quantity,
    );
    const left = new Map(writesTo(history, 'stock').map(({ key, item }): [string, number] => [key, item.available]));
    const violations: string[] = [];
    for (const sku of new Set([...reserved.keys(), ...left.keys()])) {
      const opening = openingStock[sku] ?? 0;
      const available = left.get(sku) ?? opening;
      const taken = reserved.get(sku) ?? 0;
      if (available < 0 || available + taken !== opening)
        violations.push(`${sku}: ${available} on the shelf and ${taken} reserved; there were ${opening}`);
    }
    return { cases: reserved.size, violations };
  },
};

export const laws: readonly Invariant[] = [money, stock];
