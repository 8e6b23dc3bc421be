import { unavailable } from '../../lib/model/failure.ts';
import type { Adapter } from '../../lib/runtime/calling.ts';
import { currentSignal } from '../../lib/runtime/clients.ts';
import type { ChargeAnswer, PaymentGateway, RefundAnswer } from './port.ts';

/** A call is given up after this time; the gateway may have acted all the same, which is why every call has a key. */
const TIMEOUT_MS = 3000;

/** A gateway over HTTP: POST /charges and /refunds with an Idempotency-Key header. */
export const httpGateway: Adapter<PaymentGateway> = ({ address }) => ({
  charge: ({ idempotencyKey, ...request }) =>
    post<ChargeAnswer>(`${address}/charges`, { idempotencyKey, request, fields: ['paymentId', 'declined'] }),
  refund: ({ idempotencyKey, ...request }) =>
    post<RefundAnswer>(`${address}/refunds`, { idempotencyKey, request, fields: ['refundId'] }),
});

interface Call {
  readonly idempotencyKey: string;
  readonly request: object;
  /** An answer has one of these, a text; what has none is no answer of a gateway. */
  readonly fields: readonly string[];
}

async function post<Answer>(url: string, { idempotencyKey, request, fields }: Call): Promise<Answer> {
  const { pathname } = new URL(url);
  const { status, text } = await exchange(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': idempotencyKey },
    body: JSON.stringify(request),
  });
  // It does not work now, or not for so many: the breaker counts it.
  if (status >= 500 || status === 429 || status === 408)
    throw unavailable(`the payment gateway answered ${status} to POST ${pathname}`);
  // 402 is the gateway's way to say that the card was declined: an answer, not a failure.
  if (status !== 402 && (status < 200 || status > 299)) {
    throw new Error(`the payment gateway answered ${status} to POST ${pathname}: ${text.slice(0, 200)}`);
  }
  const answer = parse(text);
  if (fields.some((field) => typeof answer?.[field] === 'string')) return answer as Answer;
  throw unavailable(`the payment gateway answered nonsense to POST ${pathname}: ${text.slice(0, 200)}`);
}

/** @throws what `unavailable` makes, where no answer came; an AbortError where the invocation ended before */
async function exchange(url: string, request: RequestInit): Promise<{ status: number; text: string }> {
  const ended = currentSignal();
  const signal = AbortSignal.any([AbortSignal.timeout(TIMEOUT_MS), ...(ended ? [ended] : [])]);
  try {
    const response = await fetch(url, { ...request, signal });
    return { status: response.status, text: await response.text() };
  } catch (error) {
    if (ended?.aborted) throw error;
    throw unavailable(`the payment gateway did not answer: ${error}`, { cause: error });
  }
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
