import { canary } from '../../lib/runtime/canary.ts';

export const handler = canary();
