/** The pipeline as it is deployed, once for a file of tests, and virtual clouds that begin from there. */
import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { pipeline } from '../../../bin/domain.ts';
import { deploymentOf } from '../../../bin/start/live.ts';
import { type Prepared, prepare } from '../../../bin/start/prepare.ts';
import { createSteps } from '../../../bin/start/steps.ts';
import { createTarget, type Target } from '../../../lib/operate/target.ts';
import { type DeployedCloud, deployOnce } from '../../../localcloud/drive/deployed.ts';
import { createVirtual, type Virtual } from '../../../localcloud/drive/virtual.ts';
import { virtualRequestHandler } from '../../../localcloud/drive/virtual-client.ts';
import { readAssembly } from '../../../localcloud/stack/assembly.ts';

export interface Begun {
  readonly prepared: Prepared;
  readonly virtual: Virtual;
  /** The standby, which is to take over. */
  readonly standby: Target;
  readonly clock: { now(): number; pause(milliseconds: number): Promise<void> };
}

/** @param name of the tests; also the seed of their clouds */
export function deployedFor(name: string): () => Begun {
  const scratch = resolve(`dist/${name}-test-${process.pid}`);
  let prepared: Prepared;
  let deployed: DeployedCloud;
  beforeAll(async () => {
    const folders = { assembly: `${scratch}/cdk.out`, functions: `${scratch}/functions` };
    prepared = await prepare(createSteps({ quiet: true }), { ...folders, shared: true });
    deployed = await deployOnce(readAssembly(folders.assembly));
  }, 60_000);
  afterAll(() => rm(scratch, { recursive: true, force: true }));
  return () => {
    const virtual = createVirtual({ seed: name, deployed, libraries: 'shared' });
    const standby = createTarget({
      pipeline,
      deployment: deploymentOf(prepared.config),
      region: prepared.config.regions.standby,
      endpoint: virtual.cloud.endpoint,
      requestHandler: virtualRequestHandler(virtual),
      maxAttempts: 1,
    });
    const clock = { now: virtual.cloud.now, pause: virtual.pass };
    return { prepared, virtual, standby, clock };
  };
}
