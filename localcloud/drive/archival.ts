import { createEventBridge } from '../events/index.ts';
import type { Service } from '../service.ts';

/** EventBridge with archives that fill within so many milliseconds. */
export const withArchival = (services: readonly Service[], latestArchival: number): readonly Service[] =>
  services.map((service) => (service.name === 'events' ? createEventBridge({ latestArchival }) : service));
