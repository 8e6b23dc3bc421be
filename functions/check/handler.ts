import { checkHook } from '../../lib/runtime/check-hook.ts';
import { orders } from '../index.ts';

/** Each function's own sample; the bundle holds all that lie there. */
export const handler = checkHook(
  orders,
  async (who) => (await import(`../../events/samples/${who}.json`, { with: { type: 'json' } })).default,
);
