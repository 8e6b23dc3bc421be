import type { ResourceType } from '../resource-type.ts';
import { pick } from './properties.ts';

/** `Ref` is the ARN of the alias. */
export const lambdaAlias: ResourceType = {
  type: 'AWS::Lambda::Alias',
  properties: ['Description', 'FunctionName', 'FunctionVersion', 'Name'],
  attributes: ['AliasArn'],
  replacement: ['FunctionName', 'Name'],
  create(properties, context) {
    const { AliasArn } = context.call(
      'lambda',
      'CreateAlias',
      pick(properties, ['Description', 'FunctionName', 'FunctionVersion', 'Name']),
    );
    return { ref: AliasArn, attributes: { AliasArn } };
  },
  update(properties, existing, context) {
    const { Description = '', FunctionName, FunctionVersion, Name } = properties;
    context.call('lambda', 'UpdateAlias', { Description, FunctionName, FunctionVersion, Name });
    return existing;
  },
  remove: ({ properties }, context) =>
    void context.call('lambda', 'DeleteAlias', pick(properties, ['FunctionName', 'Name'])),
};
