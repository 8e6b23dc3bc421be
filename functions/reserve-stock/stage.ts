import { paymentCaptured, stockMissing, stockReserved } from '../../events/index.ts';
import { stage } from '../../lib/model/stage.ts';
import { table } from '../../lib/model/uses.ts';

/** What is left of an article. It decides the last unit; the reservations are the facts it can be rebuilt from. */
export interface StockLevel {
  readonly available: number;
}

export interface Reservation {
  readonly sku: string;
  readonly quantity: number;
}

/** Takes what was paid for from the shelf, or says that it is missing. */
export const reserveStock = stage('reserve-stock', {
  accepts: [paymentCaptured],
  emits: [stockReserved, stockMissing],
  uses: {
    stock: table<StockLevel>('stock').to('get', 'put'),
    reservations: table<Reservation>('reservations').to('add'),
  },
});
