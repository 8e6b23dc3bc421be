/** Deployments into a live cloud: its own first one, and those that arrive while it runs. */
import { isAbsolute } from 'node:path';
import type { Cloud } from '../cloud.ts';
import { isServiceError, ServiceError } from '../service.ts';
import { readAssembly } from '../stack/assembly.ts';
import { DeploymentError, type DeploymentReport, deploy } from '../stack/deploy.ts';
import type { LocalRoute } from '../wire/local.ts';
import { withStoredAssets } from './code-store.ts';

/** What became of a deployment that arrived from outside. */
export interface Arrival {
  /** The folder of the cloud assembly. */
  readonly assembly: string;
  readonly report: DeploymentReport;
  /** Why it failed, if it did: the stack that failed has been rolled back. */
  readonly failure?: string;
}

export interface Deployments {
  /**
   * Creates the stacks of an assembly, or updates those that stand.
   * @throws DeploymentError at the first stack that was rolled back
   * @throws ServiceError `OperationInProgressException` while another deployment goes on
   */
  deploy(assembly: string): Promise<DeploymentReport>;
  /** Receives deployments over the wire, from the administrator only. */
  readonly route: LocalRoute;
}

/** Where a local cloud takes deployments; `GET /health` names it. */
export const DEPLOY_PATH = '/_local/deploy';

export interface DeploymentsOptions {
  /** A folder to keep code in. */
  readonly store: string;
  readonly onArrival?: ((arrival: Arrival) => void) | undefined;
}

export function createDeployments(cloud: Cloud, { store, onArrival }: DeploymentsOptions): Deployments {
  let isBusy = false;

  const deployFrom = async (assembly: string): Promise<DeploymentReport> => {
    if (isBusy) {
      const message = 'another deployment to this cloud goes on; wait until it has ended and deploy again';
      throw new ServiceError('OperationInProgressException', message, { status: 409 });
    }
    isBusy = true;
    try {
      return await deploy(cloud, withStoredAssets(readAssembly(assembly), store));
    } finally {
      isBusy = false;
    }
  };

  const receive = async (assembly: string) => {
    try {
      const report = await deployFrom(assembly);
      onArrival?.({ assembly, report });
      return { status: 200, body: report };
    } catch (error) {
      const { message, code } = error as { message: string; code?: string };
      if (error instanceof DeploymentError) {
        onArrival?.({ assembly, report: error.report, failure: message });
        return { status: 409, body: { code: error.code, message, report: error.report } };
      }
      if (isServiceError(error)) return { status: error.status, body: { code, message } };
      return { status: 400, body: { code: 'InvalidAssembly', message } };
    }
  };

  return {
    deploy: deployFrom,
    route: {
      path: DEPLOY_PATH,
      answer: async (body) => {
        const { assembly } = Object(body) as { assembly?: unknown };
        if (typeof assembly === 'string' && isAbsolute(assembly)) return receive(assembly);
        const message = `assembly is ${JSON.stringify(assembly)}; it must be the absolute path of a folder that cdk synth wrote`;
        return { status: 400, body: { code: 'ValidationException', message } };
      },
    },
  };
}
