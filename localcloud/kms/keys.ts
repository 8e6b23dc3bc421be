/** The life of a key. */
import type {
  CancelKeyDeletionRequest,
  CancelKeyDeletionResponse,
  DescribeKeyRequest,
  DescribeKeyResponse,
  DisableKeyRequest,
  EnableKeyRequest,
  KeyMetadata,
  ListKeysRequest,
  ListKeysResponse,
  ScheduleKeyDeletionRequest,
  ScheduleKeyDeletionResponse,
  UpdateKeyDescriptionRequest,
} from '@aws-sdk/client-kms';
import { type Action, refuseUnknown } from '../service.ts';
import { PAGE, page } from './pages.ts';
import { forgetDeleted, keyById, keyOf, refusePending } from './resolve.ts';
import { invalid, invalidState, type Keys, type StoredKey } from './state.ts';

const DAY = 86_400_000;

export const describe = (state: Keys, key: StoredKey): KeyMetadata => ({
  AWSAccountId: state.account,
  KeyId: key.id,
  Arn: key.arn,
  CreationDate: new Date(key.created),
  Enabled: key.state === 'Enabled',
  Description: key.description,
  KeyUsage: 'ENCRYPT_DECRYPT',
  KeyState: key.state,
  ...(key.deletion === undefined ? {} : { DeletionDate: new Date(key.deletion) }),
  Origin: 'AWS_KMS',
  KeyManager: 'CUSTOMER',
  CustomerMasterKeySpec: 'SYMMETRIC_DEFAULT',
  KeySpec: 'SYMMETRIC_DEFAULT',
  EncryptionAlgorithms: ['SYMMETRIC_DEFAULT'],
  MultiRegion: false,
});

export const describeKey: Action<Keys, DescribeKeyRequest, DescribeKeyResponse> = (input, state, context) => {
  refuseUnknown('kms:DescribeKey', input, ['KeyId']);
  return { KeyMetadata: describe(state, keyOf(state, input.KeyId, context.now)) };
};

export const listKeys: Action<Keys, ListKeysRequest, ListKeysResponse> = (input, state, context) => {
  refuseUnknown('kms:ListKeys', input, PAGE);
  forgetDeleted(state, context.now);
  const { items, rest } = page([...state.keys.values()], input, 100);
  return { Keys: items.map(({ id, arn }) => ({ KeyId: id, KeyArn: arn })), ...rest };
};

export const updateKeyDescription: Action<Keys, UpdateKeyDescriptionRequest, object> = (input, state, context) => {
  refuseUnknown('kms:UpdateKeyDescription', input, ['KeyId', 'Description']);
  const key = keyById(state, input.KeyId, context.now);
  refusePending(key);
  key.description = checkDescription(input.Description);
  return {};
};

/** @throws ServiceError `ValidationException` */
export function checkDescription(text = ''): string {
  if (text.length <= 8192) return text;
  throw invalid(
    "1 validation error detected: Value at 'description' failed to satisfy constraint: Member must have length less than or equal to 8192",
  );
}

export const enableKey: Action<Keys, EnableKeyRequest, object> = (input, state, context) => {
  refuseUnknown('kms:EnableKey', input, ['KeyId']);
  const key = keyById(state, input.KeyId, context.now);
  refusePending(key);
  key.state = 'Enabled';
  return {};
};

export const disableKey: Action<Keys, DisableKeyRequest, object> = (input, state, context) => {
  refuseUnknown('kms:DisableKey', input, ['KeyId']);
  const key = keyById(state, input.KeyId, context.now);
  refusePending(key);
  key.state = 'Disabled';
  return {};
};

/** ScheduleKeyDeletion: 7 to 30 days, 30 unless asked otherwise, in which it can be called off. */
export const scheduleKeyDeletion: Action<Keys, ScheduleKeyDeletionRequest, ScheduleKeyDeletionResponse> = (
  input,
  state,
  context,
) => {
  refuseUnknown('kms:ScheduleKeyDeletion', input, ['KeyId', 'PendingWindowInDays']);
  const { PendingWindowInDays: days = 30 } = input;
  if (!Number.isInteger(days) || days < 7 || days > 30) throw invalid('PendingWindowInDays must be from 7 to 30');
  const key = keyById(state, input.KeyId, context.now);
  refusePending(key);
  key.state = 'PendingDeletion';
  key.deletion = context.now + days * DAY;
  return { KeyId: key.arn, DeletionDate: new Date(key.deletion), KeyState: key.state, PendingWindowInDays: days };
};

/** CancelKeyDeletion: the key comes back disabled. */
export const cancelKeyDeletion: Action<Keys, CancelKeyDeletionRequest, CancelKeyDeletionResponse> = (
  input,
  state,
  context,
) => {
  refuseUnknown('kms:CancelKeyDeletion', input, ['KeyId']);
  const key = keyById(state, input.KeyId, context.now);
  if (key.state !== 'PendingDeletion') throw invalidState(`${key.arn} is not pending deletion.`);
  key.state = 'Disabled';
  key.deletion = undefined;
  return { KeyId: key.arn };
};
