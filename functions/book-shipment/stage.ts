import { type Address, orderAddressChanged, shipmentBooked, stockReserved } from '../../events/index.ts';
import { stage } from '../../lib/model/stage.ts';
import { table } from '../../lib/model/uses.ts';

export interface Shipment {
  /** Absent while only an address has been heard of. */
  readonly shipmentId?: string;
  readonly address: Address;
  /** Whether the address is one that the customer changed to; it then outranks the one on the order. */
  readonly changed: boolean;
}

/** Books the parcel, and keeps its address up to date whichever it hears of first. */
export const bookShipment = stage('book-shipment', {
  accepts: [stockReserved, orderAddressChanged],
  emits: [shipmentBooked],
  uses: { shipments: table<Shipment>('shipments').to('get', 'put') },
});
