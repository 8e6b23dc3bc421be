import { takeOverFunction } from '../../lib/operate/take-over-function.ts';
import { orders } from '../index.ts';

export const handler = takeOverFunction(orders);
