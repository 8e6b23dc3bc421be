import type { Adapter } from '../../lib/runtime/calling.ts';
import { sandboxAnswer } from '../../lib/runtime/outside.ts';
import type { ChargeAnswer, PaymentGateway } from './port.ts';

/** A gateway that moves no money. Cards whose token begins with `declined` are declined. */
export const sandboxGateway: Adapter<PaymentGateway> = (outside) => ({
  charge: ({ idempotencyKey, ...request }) =>
    sandboxAnswer<ChargeAnswer>(outside, { operation: 'charge', idempotencyKey, request }, () =>
      request.cardToken.startsWith('declined')
        ? { declined: 'insufficient funds' }
        : { paymentId: `pay-${request.orderId}` },
    ),
  refund: ({ idempotencyKey, ...request }) =>
    sandboxAnswer(outside, { operation: 'refund', idempotencyKey, request }, () => ({
      refundId: `ref-${request.paymentId}`,
    })),
});
