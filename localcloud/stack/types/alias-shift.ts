/** The shift of an alias by CodeDeploy, which an update policy asks for (CloudFormation reference, "UpdatePolicy attribute"). */
import { appSpecOf } from '../../codedeploy/app-spec.ts';
import { ENDED } from '../../codedeploy/state.ts';
import { refuseUnknown, ServiceError } from '../../service.ts';
import type { ChangeUnderWay, Existing, GradualUpdate } from '../resource-type.ts';

const POLICY = 'CodeDeployLambdaAliasUpdate';
const MEMBERS = ['ApplicationName', 'DeploymentGroupName', 'BeforeAllowTrafficHook', 'AfterAllowTrafficHook'];

/** Only another version is shifted to; a description is just written. */
export const shiftByCodeDeploy: GradualUpdate = {
  policy: POLICY,
  begin({ properties, existing, policy }, context) {
    refuseUnknown(`AWS::Lambda::Alias ${context.logicalId} ${POLICY}`, policy, MEMBERS);
    const { FunctionName, Name, FunctionVersion, Description = '' } = properties;
    const from = existing.properties.FunctionVersion;
    if (from === FunctionVersion) return undefined;
    if (Description !== (existing.properties.Description ?? '')) {
      context.call('lambda', 'UpdateAlias', { FunctionName, Name, Description });
    }
    const { BeforeAllowTrafficHook: before, AfterAllowTrafficHook: after } = policy;
    const { deploymentId } = context.call('codedeploy', 'CreateDeployment', {
      applicationName: policy.ApplicationName,
      deploymentGroupName: policy.DeploymentGroupName,
      revision: appSpecOf({
        target: { function: FunctionName, alias: Name, from, to: FunctionVersion },
        hooks: { ...(before ? { BeforeAllowTraffic: before } : {}), ...(after ? { AfterAllowTraffic: after } : {}) },
      }),
    });
    return shifting(deploymentId, existing);
  },
};

const shifting = (deploymentId: string, existing: Existing): ChangeUnderWay => ({
  key: ENDED,
  outcome(context) {
    const { deploymentInfo } = context.call('codedeploy', 'GetDeployment', { deploymentId });
    const { status, errorInformation } = deploymentInfo;
    if (status === 'Succeeded') return existing;
    if (status !== 'Failed' && status !== 'Stopped') return undefined;
    const why = errorInformation?.message ?? 'without a reason';
    throw new ServiceError('NotStabilized', `CodeDeploy deployment ${deploymentId} ${status.toLowerCase()}: ${why}`);
  },
  cancel: (context) => void context.call('codedeploy', 'StopDeployment', { deploymentId, autoRollbackEnabled: true }),
});
