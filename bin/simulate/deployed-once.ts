import { type DeployedCloud, deployOnce } from '../../localcloud/drive/deployed.ts';
import { readAssembly } from '../../localcloud/stack/assembly.ts';

const deployments = new Map<string, Promise<DeployedCloud>>();

/** Deployed by the first run of this process; all runs begin from it. */
export function deployedOnce(assembly: string): Promise<DeployedCloud> {
  const known = deployments.get(assembly);
  if (known) return known;
  const deployed = deployOnce(readAssembly(assembly));
  deployments.set(assembly, deployed);
  return deployed;
}
