import { orderCancelled, orderConfirmed } from '../../events/index.ts';
import type { Handler } from '../../lib/model/stage.ts';
import { lambda } from '../../lib/runtime/lambda.ts';
import { closeOrder } from './stage.ts';

export const close: Handler<typeof closeOrder> = ({ type, data }, { closed }) => {
  const { orderId, customerId } = data;
  if (type === 'shipment.booked') {
    closed.add(orderId, { outcome: 'confirmed' });
    return [orderConfirmed({ orderId, customerId, shipmentId: data.shipmentId })];
  }
  closed.add(orderId, { outcome: 'cancelled', reason: data.reason });
  return [orderCancelled({ orderId, customerId, reason: data.reason })];
};

export const handler = lambda(closeOrder, close);
