import { paymentRefunded } from '../../events/index.ts';
import type { Handler } from '../../lib/model/stage.ts';
import { calling } from '../../lib/runtime/calling.ts';
import { lambda } from '../../lib/runtime/lambda.ts';
import { paymentGateway } from '../payment-gateway/index.ts';
import { refundPayment } from './stage.ts';

export const refund: Handler<typeof refundPayment> = async ({ id, data }, { gateway, refunds }) => {
  const { orderId, customerId, sku, amountCents, paymentId } = data;
  const { refundId } = await gateway.refund({ idempotencyKey: id, paymentId, amountCents });
  refunds.add(orderId, { refundId, amountCents });
  return [paymentRefunded({ orderId, customerId, amountCents, refundId, reason: `${sku} is out of stock` })];
};

export const handler = lambda(refundPayment, refund, calling({ gateway: paymentGateway }));
