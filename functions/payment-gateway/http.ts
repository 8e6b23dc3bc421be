import type { Adapter } from '../../lib/runtime/calling.ts';
import { currentSignal } from '../../lib/runtime/clients.ts';
import type { ChargeAnswer, PaymentGateway, RefundAnswer } from './port.ts';

/** A call is given up after this time; the gateway may have acted all the same, which is why every call has a key. */
const TIMEOUT_MS = 3000;

/** A gateway over HTTP: POST /charges and /refunds with an Idempotency-Key header. */
export const httpGateway: Adapter<PaymentGateway> = ({ address }) => ({
  charge: ({ idempotencyKey, ...request }) => post<ChargeAnswer>(`${address}/charges`, idempotencyKey, request),
  refund: ({ idempotencyKey, ...request }) => post<RefundAnswer>(`${address}/refunds`, idempotencyKey, request),
});

async function post<Answer>(url: string, idempotencyKey: string, request: object): Promise<Answer> {
  const ended = currentSignal();
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': idempotencyKey },
    body: JSON.stringify(request),
    signal: AbortSignal.any([AbortSignal.timeout(TIMEOUT_MS), ...(ended ? [ended] : [])]),
  });
  // 402 is the gateway's way to say that the card was declined: an answer, not a failure.
  if (response.ok || response.status === 402) return (await response.json()) as Answer;
  throw new Error(
    `the payment gateway answered ${response.status} to POST ${new URL(url).pathname}; the event will be tried again`,
  );
}
