import { sequencer } from '../../lib/runtime/sequencer.ts';
import { orders } from '../index.ts';

export const handler = sequencer(orders);
