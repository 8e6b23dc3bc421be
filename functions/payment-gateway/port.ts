/** The payment gateway as the pipeline sees it. Whoever implements it must honour the idempotency key: asked twice with one key, it acts once and answers the same. */
export interface PaymentGateway {
  charge(request: ChargeRequest): Promise<ChargeAnswer>;
  refund(request: RefundRequest): Promise<RefundAnswer>;
}

export interface ChargeRequest {
  readonly idempotencyKey: string;
  readonly orderId: string;
  readonly amountCents: number;
  readonly cardToken: string;
}

export type ChargeAnswer = { readonly paymentId: string } | { readonly declined: string };

export interface RefundRequest {
  readonly idempotencyKey: string;
  readonly paymentId: string;
  readonly amountCents: number;
}

export interface RefundAnswer {
  readonly refundId: string;
}
