/**
 * The vocabulary: every event of the order pipeline, what it carries, and what it is ordered by.
 * A fork replaces this file.
 */
import * as v from 'valibot';
import { event } from '../lib/model/event.ts';

const id = v.pipe(
  v.string(),
  v.regex(/^[A-Za-z0-9._-]{1,64}$/, 'must be 1 to 64 letters, digits, dots, underscores or hyphens'),
);
const cents = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(10_000_000));
const quantity = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1000));
const text = v.pipe(v.string(), v.minLength(1), v.maxLength(500));

export const address = v.object({
  street: text,
  city: text,
  /** ISO 3166-1 alpha-2. */
  country: v.pipe(v.string(), v.regex(/^[A-Z]{2}$/, 'must be a country code of two capital letters')),
});
export type Address = v.InferOutput<typeof address>;

const order = { orderId: id, customerId: id };
const byOrder = ({ orderId }: { readonly orderId: string }) => orderId;

export const orderPlaced = event('order.placed', {
  schema: v.object({ ...order, sku: id, quantity, amountCents: cents, cardToken: id, address }),
  entity: byOrder,
});

/** May come before the stock is reserved or after; two changes of one order apply in the order in which they were made. */
export const orderAddressChanged = event('order.address-changed', {
  schema: v.object({ ...order, address }),
  entity: byOrder,
});

export const paymentCaptured = event('payment.captured', {
  schema: v.object({ ...order, sku: id, quantity, amountCents: cents, paymentId: id, address }),
  entity: byOrder,
});

export const paymentDeclined = event('payment.declined', {
  schema: v.object({ ...order, reason: text }),
  entity: byOrder,
});

export const stockReserved = event('stock.reserved', {
  schema: v.object({ ...order, sku: id, quantity, address }),
  entity: byOrder,
});

export const stockMissing = event('stock.missing', {
  schema: v.object({ ...order, sku: id, quantity, amountCents: cents, paymentId: id }),
  entity: byOrder,
});

export const paymentRefunded = event('payment.refunded', {
  schema: v.object({ ...order, amountCents: cents, refundId: id, reason: text }),
  entity: byOrder,
});

export const shipmentBooked = event('shipment.booked', {
  schema: v.object({ ...order, shipmentId: id, address }),
  entity: byOrder,
});

export const orderConfirmed = event('order.confirmed', {
  schema: v.object({ ...order, shipmentId: id }),
  entity: byOrder,
});

export const orderCancelled = event('order.cancelled', {
  schema: v.object({ ...order, reason: text }),
  entity: byOrder,
});
