import { paymentRefunded, stockMissing } from '../../events/index.ts';
import { stage } from '../../lib/model/stage.ts';
import { outside, table } from '../../lib/model/uses.ts';
import type { PaymentGateway } from '../payment-gateway/port.ts';

export interface Refund {
  readonly refundId: string;
  readonly amountCents: number;
}

/** Gives back what was charged for an order that cannot be filled. */
export const refundPayment = stage('refund-payment', {
  accepts: [stockMissing],
  emits: [paymentRefunded],
  uses: { gateway: outside<PaymentGateway>('payments'), refunds: table<Refund>('refunds').to('add') },
});
