/** AWS CodeDeploy for Lambda: an alias goes from one version to the next, by steps, under alarms, and back. */
import type { Service } from '../service.ts';
import { createApplication, deleteApplication, getApplication } from './applications.ts';
import { createDeployment } from './create-deployment.ts';
import {
  createDeploymentGroup,
  deleteDeploymentGroup,
  getDeploymentGroup,
  updateDeploymentGroup,
} from './deployment-groups.ts';
import { getDeployment } from './get-deployment.ts';
import { begin, hookOverdue, next, shift, watch } from './progress.ts';
import { putLifecycleEventHookExecutionStatus } from './put-lifecycle-event-hook-execution-status.ts';
import { createDeployments, type Deployments } from './state.ts';
import { stopDeployment } from './stop-deployment.ts';

export const codedeploy: Service<Deployments> = {
  name: 'codedeploy',
  create: createDeployments,
  actions: {
    CreateApplication: createApplication,
    CreateDeployment: createDeployment,
    CreateDeploymentGroup: createDeploymentGroup,
    DeleteApplication: deleteApplication,
    DeleteDeploymentGroup: deleteDeploymentGroup,
    GetApplication: getApplication,
    GetDeployment: getDeployment,
    GetDeploymentGroup: getDeploymentGroup,
    PutLifecycleEventHookExecutionStatus: putLifecycleEventHookExecutionStatus,
    StopDeployment: stopDeployment,
    UpdateDeploymentGroup: updateDeploymentGroup,
  },
  internal: { Begin: begin, HookOverdue: hookOverdue, Next: next, Shift: shift, Watch: watch },
};
