/** Deployment groups: how, in whose name and under which alarms an alias is shifted. */
import type {
  CreateDeploymentGroupInput,
  CreateDeploymentGroupOutput,
  DeleteDeploymentGroupInput,
  DeleteDeploymentGroupOutput,
  DeploymentGroupInfo,
  GetDeploymentGroupInput,
  GetDeploymentGroupOutput,
  UpdateDeploymentGroupInput,
  UpdateDeploymentGroupOutput,
} from '@aws-sdk/client-codedeploy';
import { type Action, refuseUnknown, ServiceError } from '../service.ts';
import { configurationNamed } from './configurations.ts';
import { checkAlarms, checkRollback, checkStyle } from './group-rules.ts';
import { applicationName, applicationNamed, type Deployments, type Group, groupName, groupNamed } from './state.ts';

const SETTINGS = [
  'deploymentConfigName',
  'serviceRoleArn',
  'alarmConfiguration',
  'autoRollbackConfiguration',
  'deploymentStyle',
];

const DEFAULT = 'CodeDeployDefault.LambdaAllAtOnce';

export const createDeploymentGroup: Action<Deployments, CreateDeploymentGroupInput, CreateDeploymentGroupOutput> = (
  input,
  state,
  { dice, region, account },
) => {
  refuseUnknown('codedeploy:CreateDeploymentGroup', input, ['applicationName', 'deploymentGroupName', ...SETTINGS]);
  const application = applicationNamed(state, input.applicationName);
  const name = groupName(input.deploymentGroupName);
  refuseTaken(application.groups, name);
  const role = roleOf(input.serviceRoleArn);
  if (!role) throw new ServiceError('RoleRequiredException', 'Service role is required');
  const group: Group = {
    name,
    id: dice.uuid('codedeploy', 'group', region, application.name, name),
    arn: `arn:aws:codedeploy:${region}:${account}:deploymentgroup:${application.name}/${name}`,
    role,
    configuration: configurationNamed(input.deploymentConfigName ?? DEFAULT),
    alarms: checkAlarms(input.alarmConfiguration ?? {}),
    rollback: checkRollback(input.autoRollbackConfiguration ?? {}),
    style: checkStyle(input.deploymentStyle),
  };
  application.groups.set(name, group);
  return { deploymentGroupId: group.id };
};

/** UpdateDeploymentGroup: what is not mentioned stays. A deployment that goes on sees the new role and alarms. */
export const updateDeploymentGroup: Action<Deployments, UpdateDeploymentGroupInput, UpdateDeploymentGroupOutput> = (
  input,
  state,
) => {
  const MEMBERS = ['applicationName', 'currentDeploymentGroupName', 'newDeploymentGroupName', ...SETTINGS];
  refuseUnknown('codedeploy:UpdateDeploymentGroup', input, MEMBERS);
  const application = applicationNamed(state, input.applicationName);
  const { groups } = application;
  const group = groupNamed(application, input.currentDeploymentGroupName);
  const name = groupName(input.newDeploymentGroupName ?? group.name);
  if (name !== group.name) refuseTaken(groups, name);
  const changes = {
    configuration: configurationNamed(input.deploymentConfigName ?? group.configuration),
    role: roleOf(input.serviceRoleArn) || group.role,
    alarms: input.alarmConfiguration ? checkAlarms(input.alarmConfiguration) : group.alarms,
    rollback: input.autoRollbackConfiguration ? checkRollback(input.autoRollbackConfiguration) : group.rollback,
    style: input.deploymentStyle ? checkStyle(input.deploymentStyle) : group.style,
  };
  Object.assign(group, changes, { name, arn: `${group.arn.slice(0, group.arn.lastIndexOf('/') + 1)}${name}` });
  groups.delete(input.currentDeploymentGroupName!);
  groups.set(name, group);
  return {};
};

export const getDeploymentGroup: Action<Deployments, GetDeploymentGroupInput, GetDeploymentGroupOutput> = (
  input,
  state,
) => {
  refuseUnknown('codedeploy:GetDeploymentGroup', input, ['applicationName', 'deploymentGroupName']);
  const application = applicationNamed(state, input.applicationName);
  const group = groupNamed(application, input.deploymentGroupName);
  return { deploymentGroupInfo: describeGroup(application.name, group) };
};

/** DeleteDeploymentGroup. One that is not there is as good as deleted. */
export const deleteDeploymentGroup: Action<Deployments, DeleteDeploymentGroupInput, DeleteDeploymentGroupOutput> = (
  input,
  { applications },
) => {
  refuseUnknown('codedeploy:DeleteDeploymentGroup', input, ['applicationName', 'deploymentGroupName']);
  const name = groupName(input.deploymentGroupName);
  applications.get(applicationName(input.applicationName))?.groups.delete(name);
  return { hooksNotCleanedUp: [] };
};

/** @throws ServiceError `DeploymentGroupAlreadyExistsException` */
function refuseTaken(groups: ReadonlyMap<string, Group>, name: string): void {
  if (!groups.has(name)) return;
  throw new ServiceError('DeploymentGroupAlreadyExistsException', `Deployment Group already exists with name: ${name}`);
}

/** @throws ServiceError `InvalidRoleException` */
function roleOf(arn: string | undefined): string | undefined {
  if (!arn || /^arn:aws:iam::\d{12}:role\/.+$/.test(arn)) return arn;
  throw new ServiceError('InvalidRoleException', `${arn} is no ARN of a role`);
}

const describeGroup = (application: string, group: Group): DeploymentGroupInfo => ({
  applicationName: application,
  deploymentGroupId: group.id,
  deploymentGroupName: group.name,
  deploymentConfigName: group.configuration,
  serviceRoleArn: group.role,
  alarmConfiguration: group.alarms,
  autoRollbackConfiguration: group.rollback,
  deploymentStyle: group.style,
  computePlatform: 'Lambda',
});
