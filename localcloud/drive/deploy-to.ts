/** Sends a deployment to a local cloud that runs in another process of this machine. */
import { resolve } from 'node:path';
import { DeploymentError, type DeploymentReport } from '../stack/deploy.ts';
import { signed } from '../wire/sign.ts';
import { wallClock } from '../world.ts';
import { DEPLOY_PATH } from './deployments.ts';

/** A deployment that the cloud did not try; the message says why. */
export class RefusedDeploymentError extends Error {}

/**
 * @param endpoint for example `http://127.0.0.1:4566`
 * @param assembly the folder of a cloud assembly
 * @throws DeploymentError when a stack was rolled back
 * @throws RefusedDeploymentError when the cloud does not try, with its reason
 */
export async function deployTo(endpoint: string, assembly: string): Promise<DeploymentReport> {
  const body = JSON.stringify({ assembly: resolve(assembly) });
  const { host } = new URL(endpoint);
  const { method, headers } = signed({ method: 'POST', path: DEPLOY_PATH, host, body }, wallClock());
  const response = await fetch(`${endpoint}${DEPLOY_PATH}`, { method, headers, body });
  const said: any = await response.json();
  if (response.ok) return said;
  if (said.report) throw new DeploymentError(said.message, said.report);
  throw new RefusedDeploymentError(
    `the local cloud at ${endpoint} refused the deployment: ${said.message} (${said.code})`,
  );
}
