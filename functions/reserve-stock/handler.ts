import { stockMissing, stockReserved } from '../../events/index.ts';
import type { Handler } from '../../lib/model/stage.ts';
import { lambda } from '../../lib/runtime/lambda.ts';
import { openingStock } from './catalogue.ts';
import { reserveStock } from './stage.ts';

/** Two orders for the last unit: both read it, one commits, the other is run anew and finds the shelf empty. */
export const reserve: Handler<typeof reserveStock> = async ({ data }, { stock, reservations }) => {
  const { orderId, customerId, sku, quantity, amountCents, paymentId, address } = data;
  const level = await stock.get(sku);
  const available = level?.available ?? openingStock[sku] ?? 0;
  if (available < quantity) return [stockMissing({ orderId, customerId, sku, quantity, amountCents, paymentId })];

  stock.put(sku, { available: available - quantity });
  reservations.add(orderId, { sku, quantity });
  return [stockReserved({ orderId, customerId, sku, quantity, address })];
};

export const handler = lambda(reserveStock, reserve);
