import type { ResourceType } from '../resource-type.ts';

/** `Ref` is the name, `alias/…`. */
export const kmsAlias: ResourceType = {
  type: 'AWS::KMS::Alias',
  properties: ['AliasName', 'TargetKeyId'],
  attributes: [],
  replacement: ['AliasName'],
  named: 'AliasName',
  create({ AliasName, TargetKeyId }, context) {
    context.call('kms', 'CreateAlias', { AliasName, TargetKeyId });
    return { ref: AliasName, attributes: {} };
  },
  update({ AliasName, TargetKeyId }, existing, context) {
    context.call('kms', 'UpdateAlias', { AliasName, TargetKeyId });
    return existing;
  },
  remove: ({ ref: AliasName }, context) => void context.call('kms', 'DeleteAlias', { AliasName }),
};
