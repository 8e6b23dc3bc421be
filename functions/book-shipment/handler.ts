import { shipmentBooked } from '../../events/index.ts';
import { rejected } from '../../lib/model/failure.ts';
import type { Handler } from '../../lib/model/stage.ts';
import { lambda } from '../../lib/runtime/lambda.ts';
import { bookShipment } from './stage.ts';

const served = ['AT', 'BE', 'CH', 'DE', 'DK', 'ES', 'FR', 'GB', 'IE', 'IT', 'NL', 'PT', 'SE', 'US'];

/** An address that is not served cannot become right by trying again: the event is refused for good, with the reason. */
export const book: Handler<typeof bookShipment> = async (event, { shipments }) => {
  const { orderId, customerId, address } = event.data;
  if (!served.includes(address.country)) {
    throw rejected(`no carrier serves country ${address.country}; served are ${served.join(', ')}`);
  }

  const known = await shipments.get(orderId);
  switch (event.type) {
    case 'order.address-changed':
      shipments.put(orderId, { ...known, address, changed: true });
      return [];
    case 'stock.reserved': {
      const shipmentId = `shp-${orderId}`;
      const destination = known?.changed ? known.address : address;
      shipments.put(orderId, { shipmentId, address: destination, changed: known?.changed ?? false });
      return [shipmentBooked({ orderId, customerId, shipmentId, address: destination })];
    }
    default:
      return event satisfies never;
  }
};

export const handler = lambda(bookShipment, book);
