import type { CreateDeploymentInput, CreateDeploymentOutput, DeploymentCreator } from '@aws-sdk/client-codedeploy';
import { type Action, type Context, refuseUnknown, ServiceError } from '../service.ts';
import { readRevision } from './app-spec.ts';
import { configurationNamed } from './configurations.ts';
import { checkRollback } from './group-rules.ts';
import { newId } from './new-id.ts';
import { applicationNamed, type Deployment, type Deployments, groupNamed, isOver } from './state.ts';

const MEMBERS = [
  'applicationName',
  'deploymentGroupName',
  'deploymentConfigName',
  'description',
  'revision',
  'autoRollbackConfiguration',
];

/** CreateDeployment: answered at once; the traffic is shifted in steps of its own. */
export const createDeployment: Action<Deployments, CreateDeploymentInput, CreateDeploymentOutput> = (
  input,
  state,
  context,
) => {
  refuseUnknown('codedeploy:CreateDeployment', input, MEMBERS);
  const application = applicationNamed(state, input.applicationName);
  const group = groupNamed(application, input.deploymentGroupName);
  const { description, revision } = input;
  if (description !== undefined && description.length > 10_000) {
    throw new ServiceError(
      'DescriptionTooLongException',
      `The description has ${description.length} characters; 10000 are allowed`,
    );
  }
  const deployment: Deployment = {
    id: newId(context, group.name),
    application: application.name,
    group: group.name,
    configuration: configurationNamed(input.deploymentConfigName ?? group.configuration),
    description,
    revision: revision!,
    ...readRevision(revision),
    creator: creatorOf(context),
    rollback: input.autoRollbackConfiguration ? checkRollback(input.autoRollbackConfiguration) : group.rollback,
    createdAt: context.now,
    status: 'Created',
    shifted: 0,
    answered: new Set(),
  };
  refuseSecond(state, deployment);
  state.deployments.set(deployment.id, deployment);
  context.later(context.now, 'Begin', { id: deployment.id });
  return { deploymentId: deployment.id };
};

const creatorOf = ({ principal }: Context): DeploymentCreator =>
  principal.kind === 'service' && principal.service === 'cloudformation.amazonaws.com' ? 'CloudFormation' : 'user';

/** A group has one deployment at a time. */
function refuseSecond({ deployments }: Deployments, { application, group }: Deployment): void {
  const other = [...deployments.values()].find(
    (one) => one.application === application && one.group === group && !isOver(one),
  );
  if (!other) return;
  throw new ServiceError(
    'DeploymentLimitExceededException',
    `The Deployment Group '${group}' already has an active Deployment '${other.id}'`,
  );
}
