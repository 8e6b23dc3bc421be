import type { ResourceType } from '../resource-type.ts';
import { pick } from './properties.ts';

/** A statement of a function's own policy. Everything of it is create-only, as in the reference. */
export const lambdaPermission: ResourceType = {
  type: 'AWS::Lambda::Permission',
  properties: ['Action', 'FunctionName', 'Principal', 'SourceAccount', 'SourceArn'],
  attributes: ['Id'],
  create(properties, context) {
    const id = context.name({ maximum: 100 });
    context.call('lambda', 'AddPermission', {
      StatementId: id,
      ...pick(properties, ['Action', 'FunctionName', 'Principal', 'SourceAccount', 'SourceArn']),
    });
    return { ref: id, attributes: { Id: id } };
  },
  remove: ({ ref, properties: { FunctionName } }, context) =>
    void context.call('lambda', 'RemovePermission', { FunctionName, StatementId: ref }),
};
