import { PutLifecycleEventHookExecutionStatusCommand } from '@aws-sdk/client-codedeploy';
import { expect } from 'vitest';
import { type Aws, behaviour, refused } from '../contract.ts';
import { givenFunction, told } from '../lambda/given.ts';
import { api, begin, givenShift, look, over, traffic } from './given.ts';

const source =
  'https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-hooks.html#appspec-hooks-lambda';

const TELLING = "exports.handler = async (event) => console.log('told', JSON.stringify(event));";

const HOUR = 3_600_000;

/** A deployment that waits for this hook, and what the hook was told. */
async function givenHook(aws: Aws, lifecycle: string) {
  const autoRollbackConfiguration = { enabled: true, events: ['DEPLOYMENT_FAILURE' as const] };
  const shift = await givenShift(aws, { autoRollbackConfiguration });
  const { FunctionName } = await givenFunction(aws, TELLING);
  const { deploymentId } = await begin(aws, shift, { hooks: [{ [lifecycle]: FunctionName }] });
  const [event] = await told(aws, FunctionName, 1);
  expect(event.DeploymentId).toBe(deploymentId);
  const say = (status: any, lifecycleEventHookExecutionId = event.LifecycleEventHookExecutionId) =>
    aws.codedeploy.send(
      new PutLifecycleEventHookExecutionStatusCommand({ deploymentId, lifecycleEventHookExecutionId, status }),
    );
  return { ...shift, deploymentId, say, execution: event.LifecycleEventHookExecutionId };
}

behaviour(
  'before traffic is shifted a hook is called, and its word is waited for',
  { source, covers: ['codedeploy:PutLifecycleEventHookExecutionStatus', 'codedeploy:CreateDeployment'] },
  async (aws) => {
    const { FunctionName, deploymentId, say, execution } = await givenHook(aws, 'BeforeAllowTraffic');
    await aws.pass(60_000);
    expect(await traffic(aws, FunctionName)).toEqual(['1', {}]);
    expect((await say('Succeeded')).lifecycleEventHookExecutionId).toBe(execution);
    expect((await over(aws, deploymentId)).status).toBe('Succeeded');
    expect(await traffic(aws, FunctionName)).toEqual(['2', {}]);
  },
);

behaviour(
  'a hook that says Failed keeps traffic where it is',
  { source, covers: ['codedeploy:PutLifecycleEventHookExecutionStatus'] },
  async (aws) => {
    const { FunctionName, deploymentId, say } = await givenHook(aws, 'BeforeAllowTraffic');
    await say('Failed');
    expect(await over(aws, deploymentId)).toMatchObject({
      status: 'Failed',
      errorInformation: { code: 'HOOK_EXECUTION_FAILURE', message: expect.stringContaining('BeforeAllowTraffic') },
    });
    expect(await traffic(aws, FunctionName)).toEqual(['1', {}]);
  },
);

behaviour(
  'a hook after the shift can still send traffic back',
  { source, covers: ['codedeploy:PutLifecycleEventHookExecutionStatus'] },
  async (aws) => {
    const { FunctionName, deploymentId, say } = await givenHook(aws, 'AfterAllowTraffic');
    expect(await traffic(aws, FunctionName)).toEqual(['2', {}]);
    await say('Failed');
    expect((await over(aws, deploymentId)).rollbackInfo!.rollbackDeploymentId).toMatch(/^d-/);
    expect(await traffic(aws, FunctionName)).toEqual(['1', {}]);
  },
);

behaviour(
  'a hook has an hour',
  { source, covers: ['codedeploy:CreateDeployment'], notRemote: 'it takes an hour' },
  async (aws) => {
    const { deploymentId } = await givenHook(aws, 'BeforeAllowTraffic');
    await aws.pass(HOUR - 60_000);
    expect((await look(aws, deploymentId)).status).toBe('InProgress');
    await aws.pass(60_000);
    expect(await over(aws, deploymentId)).toMatchObject({ status: 'Failed', errorInformation: { code: 'TIMEOUT' } });
  },
);

behaviour(
  'a hook says one of two things, once, about the execution that it was called for',
  {
    source: api('PutLifecycleEventHookExecutionStatus'),
    covers: [
      'codedeploy:PutLifecycleEventHookExecutionStatus!DeploymentDoesNotExistException',
      'codedeploy:PutLifecycleEventHookExecutionStatus!DeploymentIdRequiredException',
      'codedeploy:PutLifecycleEventHookExecutionStatus!InvalidDeploymentIdException',
      'codedeploy:PutLifecycleEventHookExecutionStatus!InvalidLifecycleEventHookExecutionIdException',
      'codedeploy:PutLifecycleEventHookExecutionStatus!InvalidLifecycleEventHookExecutionStatusException',
      'codedeploy:PutLifecycleEventHookExecutionStatus!LifecycleEventAlreadyCompletedException',
    ],
  },
  async (aws) => {
    const { say } = await givenHook(aws, 'BeforeAllowTraffic');
    await refused(say('Pending'), 'InvalidLifecycleEventHookExecutionStatusException');
    await refused(say('Succeeded', 'another'), 'InvalidLifecycleEventHookExecutionIdException');
    await say('Succeeded');
    await refused(say('Succeeded'), 'LifecycleEventAlreadyCompletedException');
    for (const [deploymentId, error] of [
      [undefined, 'DeploymentIdRequiredException'],
      ['nothing', 'InvalidDeploymentIdException'],
      ['d-ABCDEF123', 'DeploymentDoesNotExistException'],
    ] as const) {
      const input = { deploymentId, lifecycleEventHookExecutionId: 'x', status: 'Succeeded' as const };
      await refused(aws.codedeploy.send(new PutLifecycleEventHookExecutionStatusCommand(input)), error);
    }
  },
);
