import type { Properties, ResourceType } from '../resource-type.ts';

/** Members of the action are named as the properties are, but for their first letter. */
function lowered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(lowered);
  if (typeof value !== 'object' || value === null) return value;
  const lower = (name: string) => name.charAt(0).toLowerCase() + name.slice(1);
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [lower(name), lowered(member)]));
}

const settings = (properties: Properties): object => {
  const { ApplicationName: _application, DeploymentGroupName: _name, ...rest } = properties;
  return lowered(rest) as object;
};

/**
 * How an alias is shifted. `Ref` is the name. A property that an update leaves out keeps its value: UpdateDeploymentGroup
 * changes what it is told, and CloudFormation tells it of no more than the template has (aws/aws-cdk#23307).
 */
export const codedeployDeploymentGroup: ResourceType = {
  type: 'AWS::CodeDeploy::DeploymentGroup',
  properties: [
    'AlarmConfiguration',
    'ApplicationName',
    'AutoRollbackConfiguration',
    'DeploymentConfigName',
    'DeploymentGroupName',
    'DeploymentStyle',
    'ServiceRoleArn',
  ],
  attributes: [],
  replacement: ['ApplicationName'],
  create(properties, context) {
    const deploymentGroupName = properties.DeploymentGroupName ?? context.name({ maximum: 100 });
    const names = { applicationName: properties.ApplicationName, deploymentGroupName };
    context.call('codedeploy', 'CreateDeploymentGroup', { ...names, ...settings(properties) });
    return { ref: deploymentGroupName, attributes: {} };
  },
  update(properties, existing, context) {
    const newDeploymentGroupName = properties.DeploymentGroupName ?? existing.ref;
    context.call('codedeploy', 'UpdateDeploymentGroup', {
      applicationName: properties.ApplicationName,
      currentDeploymentGroupName: existing.ref,
      newDeploymentGroupName,
      ...settings(properties),
    });
    return { ref: newDeploymentGroupName, attributes: {} };
  },
  remove: ({ ref: deploymentGroupName, properties }, context) =>
    void context.call('codedeploy', 'DeleteDeploymentGroup', {
      applicationName: properties.ApplicationName,
      deploymentGroupName,
    }),
};
