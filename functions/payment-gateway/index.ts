import type { Adapter } from '../../lib/runtime/calling.ts';
import { httpGateway } from './http.ts';
import type { PaymentGateway } from './port.ts';
import { sandboxGateway } from './sandbox.ts';

/** The gateway of this environment: the sandbox, or the one at the configured URL. */
export const paymentGateway: Adapter<PaymentGateway> = (outside) =>
  outside.address === 'sandbox' ? sandboxGateway(outside) : httpGateway(outside);
