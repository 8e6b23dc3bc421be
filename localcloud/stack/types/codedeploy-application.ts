import type { ResourceType } from '../resource-type.ts';

/** What deployment groups belong to. `Ref` is the name. */
export const codedeployApplication: ResourceType = {
  type: 'AWS::CodeDeploy::Application',
  properties: ['ApplicationName', 'ComputePlatform'],
  attributes: [],
  named: 'ApplicationName',
  create(properties, context) {
    const applicationName = properties.ApplicationName ?? context.name({ maximum: 100 });
    context.call('codedeploy', 'CreateApplication', { applicationName, computePlatform: properties.ComputePlatform });
    return { ref: applicationName, attributes: {} };
  },
  remove: ({ ref: applicationName }, context) =>
    void context.call('codedeploy', 'DeleteApplication', { applicationName }),
};
