import type {
  PutLifecycleEventHookExecutionStatusInput,
  PutLifecycleEventHookExecutionStatusOutput,
} from '@aws-sdk/client-codedeploy';
import { type Action, refuseUnknown, ServiceError } from '../service.ts';
import { end } from './ending.ts';
import { type Deployments, deploymentOf } from './state.ts';

/** PutLifecycleEventHookExecutionStatus: the word of a hook, on which the deployment goes on or fails. */
export const putLifecycleEventHookExecutionStatus: Action<
  Deployments,
  PutLifecycleEventHookExecutionStatusInput,
  PutLifecycleEventHookExecutionStatusOutput
> = (input, state, context) => {
  const MEMBERS = ['deploymentId', 'lifecycleEventHookExecutionId', 'status'];
  refuseUnknown('codedeploy:PutLifecycleEventHookExecutionStatus', input, MEMBERS);
  const deployment = deploymentOf(state, input.deploymentId);
  const { status, lifecycleEventHookExecutionId: execution = '' } = input;
  if (status !== 'Succeeded' && status !== 'Failed') {
    throw new ServiceError(
      'InvalidLifecycleEventHookExecutionStatusException',
      `status is ${status}; a hook can say Succeeded or Failed`,
    );
  }
  if (deployment.answered.has(execution)) {
    throw new ServiceError('LifecycleEventAlreadyCompletedException', `${execution} has been completed`);
  }
  const { waitsFor } = deployment;
  if (waitsFor?.execution !== execution) {
    throw new ServiceError(
      'InvalidLifecycleEventHookExecutionIdException',
      `${execution} is no execution of a hook of ${deployment.id}`,
    );
  }
  deployment.answered.add(execution);
  delete deployment.waitsFor;
  if (status === 'Succeeded') context.later(context.now, 'Next', { id: deployment.id, after: waitsFor.lifecycle });
  else {
    const message = `The overall deployment failed because the hook ${waitsFor.lifecycle} (${deployment.hooks[waitsFor.lifecycle]}) said Failed.`;
    const error = { code: 'HOOK_EXECUTION_FAILURE', message } as const;
    end(state, context, { deployment, status: 'Failed', occasion: 'DEPLOYMENT_FAILURE', error });
  }
  return { lifecycleEventHookExecutionId: execution };
};
