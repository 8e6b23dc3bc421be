import { paymentCaptured, paymentDeclined } from '../../events/index.ts';
import type { Handler } from '../../lib/model/stage.ts';
import { calling } from '../../lib/runtime/calling.ts';
import { lambda } from '../../lib/runtime/lambda.ts';
import { paymentGateway } from '../payment-gateway/index.ts';
import { chargeCard } from './stage.ts';

/** A declined card is an outcome, not an error. The event's id is the gateway's idempotency key: asked twice, it charges once. */
export const charge: Handler<typeof chargeCard> = async ({ id, data: order }, { gateway, payments }) => {
  const { orderId, customerId, sku, quantity, amountCents, cardToken, address } = order;
  const answer = await gateway.charge({ idempotencyKey: id, orderId, amountCents, cardToken });
  if ('declined' in answer) return [paymentDeclined({ orderId, customerId, reason: answer.declined })];

  payments.add(orderId, { paymentId: answer.paymentId, amountCents });
  return [paymentCaptured({ orderId, customerId, sku, quantity, amountCents, address, paymentId: answer.paymentId })];
};

export const handler = lambda(chargeCard, charge, calling({ gateway: paymentGateway }));
