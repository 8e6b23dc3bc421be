import { orderPlaced, paymentCaptured, paymentDeclined } from '../../events/index.ts';
import { stage } from '../../lib/model/stage.ts';
import { outside, table } from '../../lib/model/uses.ts';
import type { PaymentGateway } from '../payment-gateway/port.ts';

export interface Payment {
  readonly paymentId: string;
  readonly amountCents: number;
}

/** Charges the card of a placed order, once. */
export const chargeCard = stage('charge-card', {
  accepts: [orderPlaced],
  emits: [paymentCaptured, paymentDeclined],
  uses: { gateway: outside<PaymentGateway>('payments'), payments: table<Payment>('payments').to('add') },
});
