import { orderCancelled, orderConfirmed } from '../../events/index.ts';
import { stage } from '../../lib/model/stage.ts';
import { table } from '../../lib/model/uses.ts';

export interface Notice {
  readonly customerId: string;
  readonly text: string;
}

/** Tells the customer how it ended. Listens to both exits. */
export const notifyCustomer = stage('notify-customer', {
  accepts: [orderConfirmed, orderCancelled],
  uses: { notices: table<Notice>('notices').to('add') },
});
