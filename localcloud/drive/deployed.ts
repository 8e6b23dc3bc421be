/** A cloud with an assembly in it, deployed once and then begun from as often as one likes. */
import type { Image } from '../image.ts';
import type { Service } from '../service.ts';
import { services as allServices } from '../services.ts';
import type { Assembly } from '../stack/assembly.ts';
import { deploy } from '../stack/deploy.ts';
import { withConcurrency } from './concurrency.ts';
import { createVirtual } from './virtual.ts';

export interface DeployedCloud {
  readonly image: Image;
  readonly services: readonly Service[];
}

export interface DeployOnceOptions {
  /** Milliseconds since 1970; default as `createVirtual` has it. */
  readonly start?: number;
  /** Whether policies are enforced during the deployment; default true. */
  readonly enforce?: boolean;
  /** Environments per function; default 2. */
  readonly concurrency?: number;
  /** Default: all services of the local cloud. */
  readonly services?: readonly Service[];
}

/**
 * The names and ids that AWS draws at a deployment are the same in every cloud that begins here, whatever its seed: they
 * are drawn from this one.
 */
const SEED = 'deployed once';

/** How long it stands before anything begins from it: every alarm has been evaluated and has told its topic that all is well. */
const STANDS = 2 * 60_000;

/** @throws DeploymentError when a stack was rolled back */
export async function deployOnce(assembly: Assembly, options: DeployOnceOptions = {}): Promise<DeployedCloud> {
  const services = withConcurrency(options.services ?? allServices, options.concurrency);
  const { concurrency: _, ...rest } = options;
  const virtual = createVirtual({ ...rest, services, seed: SEED });
  await deploy(virtual.cloud, assembly);
  await virtual.run({ for: STANDS });
  return { image: virtual.cloud.image(), services };
}
