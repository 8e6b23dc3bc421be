import {
  orderCancelled,
  orderConfirmed,
  paymentDeclined,
  paymentRefunded,
  shipmentBooked,
} from '../../events/index.ts';
import { stage } from '../../lib/model/stage.ts';
import { table } from '../../lib/model/uses.ts';

export interface ClosedOrder {
  readonly outcome: 'confirmed' | 'cancelled';
  readonly reason?: string;
}

/** Where every branch of an order ends: confirmed or cancelled. */
export const closeOrder = stage('close-order', {
  accepts: [shipmentBooked, paymentDeclined, paymentRefunded],
  emits: [orderConfirmed, orderCancelled],
  uses: { closed: table<ClosedOrder>('closed-orders').to('add') },
});
