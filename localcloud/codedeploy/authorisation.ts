/** What CodeDeploy asks of policies (Service Authorization Reference, "AWS CodeDeploy"). */
import { passRole } from '../iam/authorisation.ts';
import { type Asked, type Authorisation, type Needs, needsOn } from '../policy/demand.ts';
import { ServiceError } from '../service.ts';
import { trustDemand } from '../sts/authorisation.ts';
import { codedeployFor } from './acting.ts';
import type { Deployments } from './state.ts';

const application = ({ input, region, account }: Asked): string =>
  `arn:aws:codedeploy:${region}:${account}:application:${input.applicationName}`;

const groupArn = ({ region, account }: Asked, of: { application: unknown; group: unknown }): string =>
  `arn:aws:codedeploy:${region}:${account}:deploymentgroup:${of.application}/${of.group}`;

const group = (asked: Asked): string =>
  groupArn(asked, {
    application: asked.input.applicationName,
    group: asked.input.deploymentGroupName ?? asked.input.currentDeploymentGroupName,
  });

/** The group that a deployment belongs to; of one that is not there nobody may hear but who may hear of all. */
const groupOfDeployment = (asked: Asked): string => {
  const { deployments } = asked.cloud.state<Deployments>('codedeploy', asked.region);
  const found = deployments.get(asked.input.deploymentId);
  return found ? groupArn(asked, found) : '*';
};

const configure =
  (action: string): Needs =>
  (asked) => {
    const { serviceRoleArn: role } = asked.input;
    const own = { action: `codedeploy:${action}`, resource: group(asked) };
    // What is no role at all is the action's to refuse.
    if (!/^arn:aws:iam::\d{12}:role\//.test(role ?? '')) return [own];
    const codedeploy = codedeployFor(group(asked), asked.account);
    const refuse = () =>
      new ServiceError(
        'InvalidRoleException',
        `CodeDeploy cannot assume the role ${role}; its trust policy must let it`,
      );
    return [own, passRole(role, 'codedeploy.amazonaws.com'), { ...trustDemand(role, asked, codedeploy), refuse }];
  };

export const codedeployAuthorisation: Authorisation = {
  needs: {
    ...needsOn('codedeploy', ['CreateApplication', 'DeleteApplication', 'GetApplication'], application),
    ...needsOn('codedeploy', ['CreateDeployment', 'DeleteDeploymentGroup', 'GetDeploymentGroup'], group),
    ...needsOn(
      'codedeploy',
      ['GetDeployment', 'PutLifecycleEventHookExecutionStatus', 'StopDeployment'],
      groupOfDeployment,
    ),
    CreateDeploymentGroup: configure('CreateDeploymentGroup'),
    UpdateDeploymentGroup: configure('UpdateDeploymentGroup'),
  },
  refuse: (message) => new ServiceError('AccessDeniedException', message),
};
