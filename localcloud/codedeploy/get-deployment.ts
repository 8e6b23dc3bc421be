import type { GetDeploymentInput, GetDeploymentOutput } from '@aws-sdk/client-codedeploy';
import { type Action, refuseUnknown } from '../service.ts';
import { type Deployments, deploymentOf } from './state.ts';

const dateOf = (milliseconds: number | undefined) => (milliseconds === undefined ? undefined : new Date(milliseconds));

export const getDeployment: Action<Deployments, GetDeploymentInput, GetDeploymentOutput> = (input, state) => {
  refuseUnknown('codedeploy:GetDeployment', input, ['deploymentId']);
  const one = deploymentOf(state, input.deploymentId);
  return {
    deploymentInfo: {
      applicationName: one.application,
      deploymentGroupName: one.group,
      deploymentConfigName: one.configuration,
      deploymentId: one.id,
      description: one.description,
      revision: one.revision,
      status: one.status,
      errorInformation: one.error,
      createTime: dateOf(one.createdAt),
      startTime: dateOf(one.startedAt),
      completeTime: dateOf(one.endedAt),
      creator: one.creator,
      autoRollbackConfiguration: one.rollback,
      rollbackInfo: one.rollbackInfo,
      deploymentStyle: { deploymentType: 'BLUE_GREEN', deploymentOption: 'WITH_TRAFFIC_CONTROL' },
      computePlatform: 'Lambda',
    },
  };
};
