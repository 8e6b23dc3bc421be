import { describe, expect, it, test } from 'vitest';
import {
  orderAddressChanged,
  orderCancelled,
  orderConfirmed,
  orderPlaced,
  paymentCaptured,
  paymentDeclined,
  paymentRefunded,
  shipmentBooked,
  stockMissing,
  stockReserved,
} from '../../events/index.ts';
import { book } from '../../functions/book-shipment/handler.ts';
import { bookShipment } from '../../functions/book-shipment/stage.ts';
import { charge } from '../../functions/charge-card/handler.ts';
import { chargeCard } from '../../functions/charge-card/stage.ts';
import { close } from '../../functions/close-order/handler.ts';
import { closeOrder } from '../../functions/close-order/stage.ts';
import { notify } from '../../functions/notify-customer/handler.ts';
import { notifyCustomer } from '../../functions/notify-customer/stage.ts';
import type { PaymentGateway } from '../../functions/payment-gateway/port.ts';
import { refund } from '../../functions/refund-payment/handler.ts';
import { refundPayment } from '../../functions/refund-payment/stage.ts';
import { reserve } from '../../functions/reserve-stock/handler.ts';
import { reserveStock } from '../../functions/reserve-stock/stage.ts';
import { given } from '../../lib/testing/given.ts';

const order = { orderId: 'o-1', customerId: 'c-1' };
const address = { street: '1 Quay', city: 'Hamburg', country: 'DE' };
const elsewhere = { street: '2 Canal', city: 'Utrecht', country: 'NL' };
const goods = { sku: 'mug', quantity: 2, amountCents: 3000 };

const asked: unknown[] = [];
const gateway: PaymentGateway = {
  charge: async (request) => {
    asked.push(request);
    return request.cardToken === 'declined' ? { declined: 'insufficient funds' } : { paymentId: 'p-1' };
  },
  refund: async (request) => {
    asked.push(request);
    return { refundId: 'r-1' };
  },
};

describe('charge-card', () => {
  const placed = { ...order, ...goods, address };

  it('captures the payment of a placed order, with the event as idempotency key', async () => {
    const tables = await given(chargeCard, charge, { gateway })
      .when(orderPlaced({ ...placed, cardToken: 'good' }))
      .then([paymentCaptured({ ...order, ...goods, address, paymentId: 'p-1' })]);
    expect(tables.payments).toEqual({ 'o-1': { paymentId: 'p-1', amountCents: 3000 } });
    expect(asked.at(-1)).toMatchObject({ idempotencyKey: 'event-1', amountCents: 3000 });
  });

  it('says that a card was declined, and writes nothing', async () => {
    const tables = await given(chargeCard, charge, { gateway })
      .when(orderPlaced({ ...placed, cardToken: 'declined' }))
      .then([paymentDeclined({ ...order, reason: 'insufficient funds' })]);
    expect(tables.payments).toEqual({});
  });
});

describe('reserve-stock', () => {
  const paid = { ...order, ...goods, address, paymentId: 'p-1' };

  it('takes what is there', async () => {
    const tables = await given(reserveStock, reserve, { stock: { mug: { available: 2 } } })
      .when(paymentCaptured(paid))
      .then([stockReserved({ ...order, sku: 'mug', quantity: 2, address })]);
    expect(tables).toEqual({ stock: { mug: { available: 0 } }, reservations: { 'o-1': { sku: 'mug', quantity: 2 } } });
  });

  it('says what is missing, and takes nothing', async () => {
    const tables = await given(reserveStock, reserve, { stock: { mug: { available: 1 } } })
      .when(paymentCaptured(paid))
      .then([stockMissing({ ...order, ...goods, paymentId: 'p-1' })]);
    expect(tables.stock).toEqual({ mug: { available: 1 } });
  });

  it('opens the shelf with the catalogue, and knows nothing of other articles', async () => {
    const tables = await given(reserveStock, reserve, {})
      .when(paymentCaptured({ ...paid, sku: 'signed-print' }))
      .then([stockReserved({ ...order, sku: 'signed-print', quantity: 2, address })]);
    expect(tables.stock).toEqual({ 'signed-print': { available: 1 } });

    await given(reserveStock, reserve, {})
      .when(paymentCaptured({ ...paid, sku: 'unicorn' }))
      .then([stockMissing({ ...order, ...goods, sku: 'unicorn', paymentId: 'p-1' })]);
  });
});

describe('book-shipment', () => {
  const reserved = { ...order, sku: 'mug', quantity: 2, address };
  const shipmentId = 'shp-o-1';

  it('books to the address of the order', async () => {
    await given(bookShipment, book, {})
      .when(stockReserved(reserved))
      .then([shipmentBooked({ ...order, shipmentId, address })]);
  });

  it('books to the changed address when the change came first', async () => {
    const shipments = { 'o-1': { address: elsewhere, changed: true } };
    await given(bookShipment, book, { shipments })
      .when(stockReserved(reserved))
      .then([shipmentBooked({ ...order, shipmentId, address: elsewhere })]);
  });

  it('changes the address of a booked parcel, and says nothing', async () => {
    const shipments = { 'o-1': { shipmentId, address, changed: false } };
    const tables = await given(bookShipment, book, { shipments })
      .when(orderAddressChanged({ ...order, address: elsewhere }))
      .then([]);
    expect(tables.shipments).toEqual({ 'o-1': { shipmentId, address: elsewhere, changed: true } });
  });

  it('refuses a country that nobody serves, for good', async () => {
    const reason = await given(bookShipment, book, {})
      .when(stockReserved({ ...reserved, address: { ...address, country: 'AQ' } }))
      .thenRefused('rejected');
    expect(reason).toContain('AQ');
  });
});

test('refund-payment gives back what was charged', async () => {
  const tables = await given(refundPayment, refund, { gateway })
    .when(stockMissing({ ...order, ...goods, paymentId: 'p-1' }))
    .then([paymentRefunded({ ...order, amountCents: 3000, refundId: 'r-1', reason: 'mug is out of stock' })]);
  expect(tables.refunds).toEqual({ 'o-1': { refundId: 'r-1', amountCents: 3000 } });
});

describe('close-order', () => {
  it('confirms an order whose shipment is booked', async () => {
    await given(closeOrder, close, {})
      .when(shipmentBooked({ ...order, shipmentId: 's-1', address }))
      .then([orderConfirmed({ ...order, shipmentId: 's-1' })]);
  });

  it('cancels an order that was not paid, or was paid back', async () => {
    await given(closeOrder, close, {})
      .when(paymentDeclined({ ...order, reason: 'insufficient funds' }))
      .then([orderCancelled({ ...order, reason: 'insufficient funds' })]);
    await given(closeOrder, close, {})
      .when(paymentRefunded({ ...order, amountCents: 3000, refundId: 'r-1', reason: 'mug is out of stock' }))
      .then([orderCancelled({ ...order, reason: 'mug is out of stock' })]);
  });
});

test('notify-customer leaves one notice for each event', async () => {
  const tables = await given(notifyCustomer, notify, {})
    .when(orderCancelled({ ...order, reason: 'out of stock' }))
    .then([]);
  expect(tables.notices).toEqual({
    'event-1': { customerId: 'c-1', text: 'Your order o-1 was cancelled: out of stock.' },
  });
});
