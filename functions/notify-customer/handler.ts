import type { Handler } from '../../lib/model/stage.ts';
import { lambda } from '../../lib/runtime/lambda.ts';
import { notifyCustomer } from './stage.ts';

/** Puts the notice where a mailer would fetch it. Keyed by the event, so that an order may have several. */
export const notify: Handler<typeof notifyCustomer> = ({ id, type, data }, { notices }) => {
  const text =
    type === 'order.confirmed'
      ? `Your order ${data.orderId} is on its way: parcel ${data.shipmentId}.`
      : `Your order ${data.orderId} was cancelled: ${data.reason}.`;
  notices.add(id, { customerId: data.customerId, text });
  return [];
};

export const handler = lambda(notifyCustomer, notify);
