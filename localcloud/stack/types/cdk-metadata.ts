import type { ResourceType } from '../resource-type.ts';

/** Ignored: CDK's usage report, which names the constructs of the app and makes nothing on AWS either. */
export const cdkMetadata: ResourceType = {
  type: 'AWS::CDK::Metadata',
  properties: ['Analytics'],
  attributes: [],
  create: (_properties, context) => ({ ref: context.name(), attributes: {} }),
  update: (_properties, existing) => existing,
};
