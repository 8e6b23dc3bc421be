import { ServiceError } from '../../service.ts';
import type { ResourceContext, ResourceType } from '../resource-type.ts';
import { documentText, pick, tagChanges } from './properties.ts';

const FIXED = ['KeySpec', 'KeyUsage', 'MultiRegion', 'Origin'];

/** KMS names the members of its tags otherwise than everyone else. */
const kmsTags = (tags: readonly { Key: string; Value: string }[] = []) =>
  tags.map(({ Key, Value }) => ({ TagKey: Key, TagValue: Value }));

function setRotation(keyId: string, properties: Record<string, any>, context: ResourceContext): void {
  const action = properties.EnableKeyRotation ? 'EnableKeyRotation' : 'DisableKeyRotation';
  const period = properties.EnableKeyRotation ? pick(properties, ['RotationPeriodInDays']) : {};
  context.call('kms', action, { KeyId: keyId, ...period });
}

/** `Ref` is the id of the key. */
export const kmsKey: ResourceType = {
  type: 'AWS::KMS::Key',
  properties: [
    'BypassPolicyLockoutSafetyCheck',
    'Description',
    'Enabled',
    'EnableKeyRotation',
    'KeyPolicy',
    ...FIXED,
    'PendingWindowInDays',
    'RotationPeriodInDays',
    'Tags',
  ],
  attributes: ['Arn', 'KeyId'],
  create(properties, context) {
    const { KeyMetadata } = context.call('kms', 'CreateKey', {
      ...pick(properties, ['BypassPolicyLockoutSafetyCheck', 'Description', ...FIXED]),
      ...(properties.KeyPolicy === undefined ? {} : { Policy: documentText(properties.KeyPolicy) }),
      ...(properties.Tags ? { Tags: kmsTags(properties.Tags) } : {}),
    });
    const { KeyId, Arn } = KeyMetadata;
    context.made({ ref: KeyId, attributes: { Arn, KeyId } });
    if (properties.EnableKeyRotation) setRotation(KeyId, properties, context);
    if (properties.Enabled === false) context.call('kms', 'DisableKey', { KeyId });
    return { ref: KeyId, attributes: { Arn, KeyId } };
  },
  update(properties, existing, context) {
    const { ref: KeyId, properties: before } = existing;
    const isChanged = (name: string) => JSON.stringify(before[name]) !== JSON.stringify(properties[name]);
    // CloudFormation fails such an update on purpose, so that nobody deletes a key by mistake (reference of AWS::KMS::Key).
    const fixed = FIXED.find(isChanged);
    if (fixed) throw new ServiceError('InvalidRequest', `${fixed} of a KMS key cannot be changed`);
    if (isChanged('KeyPolicy')) {
      context.call('kms', 'PutKeyPolicy', {
        KeyId,
        PolicyName: 'default',
        Policy: documentText(properties.KeyPolicy),
      });
    }
    if (isChanged('Description')) {
      context.call('kms', 'UpdateKeyDescription', { KeyId, Description: properties.Description ?? '' });
    }
    if (isChanged('Enabled')) {
      context.call('kms', properties.Enabled === false ? 'DisableKey' : 'EnableKey', { KeyId });
    }
    if (isChanged('EnableKeyRotation') || isChanged('RotationPeriodInDays')) setRotation(KeyId, properties, context);
    const { gone, put } = tagChanges(before.Tags, properties.Tags);
    if (gone.length > 0) context.call('kms', 'UntagResource', { KeyId, TagKeys: gone });
    if (put.length > 0) context.call('kms', 'TagResource', { KeyId, Tags: kmsTags([...put]) });
    return existing;
  },
  remove: ({ ref: KeyId, properties }, context) =>
    void context.call('kms', 'ScheduleKeyDeletion', {
      KeyId,
      PendingWindowInDays: properties.PendingWindowInDays ?? 30,
    }),
};
