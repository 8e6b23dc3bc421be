/** What is conserved in this domain, and that a leak is found. */
import { describe, expect, it } from 'vitest';
import { laws } from '../../bin/laws.ts';
import type { History } from '../../lib/proof/index.ts';

const write = (n: number, table: string, key: string, item: object) => ({ n, table, key, version: 1, by: 'x', item });
const history = (acted: readonly object[], writes: readonly object[]) =>
  ({ acted, commits: [{ writes }], strayWrites: [] }) as unknown as History;
const broken = (acted: readonly object[], writes: readonly object[]) =>
  laws.filter((law) => law.examine(history(acted, writes)).violations.length > 0).map(({ name }) => name);

const charge = { operation: 'charge', request: { orderId: 'o', amountCents: 500 }, answer: { paymentId: 'pay' } };
const refund = (amountCents = 500) => ({ operation: 'refund', request: { paymentId: 'pay', amountCents }, answer: {} });
const booked = write(1, 'payments', 'o', { amountCents: 500 });
const closed = (outcome: string) => write(9, 'closed-orders', 'o', { outcome });

describe('money', () => {
  it('is kept for a confirmed order, and given back for a cancelled one', () => {
    expect(broken([charge], [booked, closed('confirmed')])).toEqual([]);
    expect(broken([charge, refund()], [booked, closed('cancelled')])).toEqual([]);
  });
  it.each([
    ['twice', [charge, charge], [booked, closed('confirmed')]],
    ['for a cancelled order', [charge], [booked, closed('cancelled')]],
    ['in part only', [charge, refund(400)], [booked, closed('cancelled')]],
    ['from nobody', [], [booked]],
  ])('is missed when it was taken %s', (_, acted, writes) => {
    expect(broken(acted, writes)).toEqual(['money']);
  });
});

describe('stock', () => {
  const reserved = (n: number) => write(n, 'reservations', `o${n}`, { sku: 'signed-print', quantity: 1 });
  const shelf = (n: number, available: number) => write(n, 'stock', 'signed-print', { available });
  it('is on the shelf or reserved', () => {
    expect(broken([], [shelf(1, 2), reserved(2), shelf(3, 1), reserved(4)])).toEqual([]);
  });
  it('is missed when two took the same', () => {
    expect(broken([], [shelf(1, 2), reserved(2), shelf(3, 2), reserved(4)])).toEqual(['stock']);
  });
});
