/** AWS KMS: symmetric keys, which really encrypt. */
import type { Service } from '../service.ts';
import { createAlias, deleteAlias, listAliases, updateAlias } from './aliases.ts';
import { createKey } from './create-key.ts';
import { decrypt } from './decrypt.ts';
import { encrypt } from './encrypt.ts';
import { generateDataKey, generateDataKeyWithoutPlaintext } from './generate-data-key.ts';
import {
  cancelKeyDeletion,
  describeKey,
  disableKey,
  enableKey,
  listKeys,
  scheduleKeyDeletion,
  updateKeyDescription,
} from './keys.ts';
import { getKeyPolicy, putKeyPolicy } from './policy.ts';
import { reEncrypt } from './re-encrypt.ts';
import { disableKeyRotation, enableKeyRotation, getKeyRotationStatus } from './rotation.ts';
import { createKeys, type Keys } from './state.ts';
import { listResourceTags, tagResource, untagResource } from './tags.ts';
import { useKey } from './use-key.ts';

export const kms: Service<Keys> = {
  name: 'kms',
  create: createKeys,
  actions: {
    CancelKeyDeletion: cancelKeyDeletion,
    CreateAlias: createAlias,
    CreateKey: createKey,
    Decrypt: decrypt,
    DeleteAlias: deleteAlias,
    DescribeKey: describeKey,
    DisableKey: disableKey,
    DisableKeyRotation: disableKeyRotation,
    EnableKey: enableKey,
    EnableKeyRotation: enableKeyRotation,
    Encrypt: encrypt,
    GenerateDataKey: generateDataKey,
    GenerateDataKeyWithoutPlaintext: generateDataKeyWithoutPlaintext,
    GetKeyPolicy: getKeyPolicy,
    GetKeyRotationStatus: getKeyRotationStatus,
    ListAliases: listAliases,
    ListKeys: listKeys,
    ListResourceTags: listResourceTags,
    PutKeyPolicy: putKeyPolicy,
    ReEncrypt: reEncrypt,
    ScheduleKeyDeletion: scheduleKeyDeletion,
    TagResource: tagResource,
    UntagResource: untagResource,
    UpdateAlias: updateAlias,
    UpdateKeyDescription: updateKeyDescription,
    // Not AWS's: the services of the cloud ask with it whether they may use a key.
    UseKey: useKey,
  },
  unrecorded: ['UseKey'],
};
