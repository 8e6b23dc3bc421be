import type { StopDeploymentInput, StopDeploymentOutput } from '@aws-sdk/client-codedeploy';
import { type Action, refuseUnknown, ServiceError } from '../service.ts';
import { end } from './ending.ts';
import { type Deployments, deploymentOf, isOver } from './state.ts';

/** StopDeployment. Without `autoRollbackEnabled` the group decides whether traffic goes back. */
export const stopDeployment: Action<Deployments, StopDeploymentInput, StopDeploymentOutput> = (
  input,
  state,
  context,
) => {
  refuseUnknown('codedeploy:StopDeployment', input, ['deploymentId', 'autoRollbackEnabled']);
  const deployment = deploymentOf(state, input.deploymentId);
  if (isOver(deployment)) {
    throw new ServiceError(
      'DeploymentAlreadyCompletedException',
      `The deployment ${deployment.id} has already completed`,
    );
  }
  end(state, context, {
    deployment,
    status: 'Stopped',
    occasion: 'DEPLOYMENT_STOP_ON_REQUEST',
    error: { code: 'MANUAL_STOP', message: 'The deployment was stopped by a request.' },
    ...(input.autoRollbackEnabled === undefined ? {} : { rollBack: input.autoRollbackEnabled }),
  });
  return { status: 'Succeeded', statusMessage: 'The deployment has been stopped.' };
};
