import type { ResourceType } from '../resource-type.ts';
import { pick } from './properties.ts';

/** Immutable: whatever changes makes a new version. CDK changes the logical id with the code for the same end. */
export const lambdaVersion: ResourceType = {
  type: 'AWS::Lambda::Version',
  properties: ['CodeSha256', 'Description', 'FunctionName'],
  attributes: ['FunctionArn', 'Version'],
  create(properties, context) {
    const published = context.call(
      'lambda',
      'PublishVersion',
      pick(properties, ['CodeSha256', 'Description', 'FunctionName']),
    );
    const { FunctionArn, Version } = published;
    const arn = String(FunctionArn).endsWith(`:${Version}`) ? FunctionArn : `${FunctionArn}:${Version}`;
    return { ref: arn, attributes: { FunctionArn: arn, Version } };
  },
  remove: ({ attributes, properties: { FunctionName } }, context) =>
    void context.call('lambda', 'DeleteFunction', { FunctionName, Qualifier: attributes.Version }),
};
