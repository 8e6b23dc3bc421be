import type { ResourceContext, ResourceType, Standing } from '../resource-type.ts';
import { tagChanges, tagMap } from './properties.ts';

/** The ARN ends in `:*`, as the reference says of this type; IAM statements about streams rely on it. */
const standing = (name: string, { region, account }: ResourceContext): Standing => ({
  ref: name,
  attributes: { Arn: `arn:aws:logs:${region}:${account}:log-group:${name}:*` },
});

/** `Ref` is the name of the group. */
export const logsLogGroup: ResourceType = {
  type: 'AWS::Logs::LogGroup',
  properties: ['KmsKeyId', 'LogGroupClass', 'LogGroupName', 'RetentionInDays', 'Tags'],
  attributes: ['Arn'],
  replacement: ['LogGroupName'],
  named: 'LogGroupName',
  create({ LogGroupName, KmsKeyId, LogGroupClass, RetentionInDays, Tags }, context) {
    const logGroupName = LogGroupName ?? context.name({ maximum: 512 });
    context.call('logs', 'CreateLogGroup', {
      logGroupName,
      ...(KmsKeyId === undefined ? {} : { kmsKeyId: KmsKeyId }),
      ...(LogGroupClass === undefined ? {} : { logGroupClass: LogGroupClass }),
      ...(Tags === undefined ? {} : { tags: tagMap(Tags) }),
    });
    context.made(standing(logGroupName, context));
    if (RetentionInDays !== undefined) {
      context.call('logs', 'PutRetentionPolicy', { logGroupName, retentionInDays: RetentionInDays });
    }
    return standing(logGroupName, context);
  },
  update({ KmsKeyId, RetentionInDays, Tags }, { ref: logGroupName, properties: before }, context) {
    if (RetentionInDays === undefined) {
      if (before.RetentionInDays !== undefined) context.call('logs', 'DeleteRetentionPolicy', { logGroupName });
    } else context.call('logs', 'PutRetentionPolicy', { logGroupName, retentionInDays: RetentionInDays });
    if (KmsKeyId !== before.KmsKeyId) {
      if (KmsKeyId === undefined) context.call('logs', 'DisassociateKmsKey', { logGroupName });
      else context.call('logs', 'AssociateKmsKey', { logGroupName, kmsKeyId: KmsKeyId });
    }
    const made = standing(logGroupName, context);
    const resourceArn = String(made.attributes.Arn).replace(/:\*$/, '');
    const { gone, put } = tagChanges(before.Tags, Tags);
    if (gone.length > 0) context.call('logs', 'UntagResource', { resourceArn, tagKeys: gone });
    if (put.length > 0) context.call('logs', 'TagResource', { resourceArn, tags: tagMap(put) });
    return made;
  },
  remove: ({ ref: logGroupName }, context) => void context.call('logs', 'DeleteLogGroup', { logGroupName }),
};
