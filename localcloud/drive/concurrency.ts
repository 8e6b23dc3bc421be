import { createLambda } from '../lambda/index.ts';
import type { Service } from '../service.ts';

/** Lambda with another limit, where one was asked for. */
export const withConcurrency = (services: readonly Service[], concurrency: number | undefined): readonly Service[] =>
  concurrency === undefined
    ? services
    : services.map((service) =>
        service.name === 'lambda' ? createLambda({ environmentsPerFunction: concurrency }) : service,
      );
