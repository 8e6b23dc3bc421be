/** The pipeline: entries, stages, exits. A stage is added here. */
import { orderAddressChanged, orderCancelled, orderConfirmed, orderPlaced } from '../events/index.ts';
import { pipeline } from '../lib/model/pipeline.ts';
import { bookShipment } from './book-shipment/stage.ts';
import { chargeCard } from './charge-card/stage.ts';
import { closeOrder } from './close-order/stage.ts';
import { notifyCustomer } from './notify-customer/stage.ts';
import { refundPayment } from './refund-payment/stage.ts';
import { reserveStock } from './reserve-stock/stage.ts';

export const orders = pipeline('orders', {
  entries: [orderPlaced, orderAddressChanged],
  stages: [chargeCard, reserveStock, bookShipment, refundPayment, closeOrder, notifyCustomer],
  exits: [orderConfirmed, orderCancelled],
});
