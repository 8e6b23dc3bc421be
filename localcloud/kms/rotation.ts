/**
 * Yearly rotation. It is kept and told, but the material stays: on AWS too, nobody can see which material encrypted
 * what, and old ciphertext stays readable (KMS Developer Guide, "Rotate AWS KMS keys").
 */
import type {
  DisableKeyRotationRequest,
  EnableKeyRotationRequest,
  GetKeyRotationStatusRequest,
  GetKeyRotationStatusResponse,
} from '@aws-sdk/client-kms';
import { type Action, refuseUnknown } from '../service.ts';
import { keyById, refuseDisabled, refusePending } from './resolve.ts';
import { invalid, type Keys } from './state.ts';

const DAY = 86_400_000;

/** EnableKeyRotation: every 90 to 2,560 days, 365 unless asked otherwise. */
export const enableKeyRotation: Action<Keys, EnableKeyRotationRequest, object> = (input, state, context) => {
  refuseUnknown('kms:EnableKeyRotation', input, ['KeyId', 'RotationPeriodInDays']);
  const { RotationPeriodInDays: days = 365 } = input;
  if (!Number.isInteger(days) || days < 90 || days > 2560)
    throw invalid('RotationPeriodInDays must be from 90 to 2560');
  const key = keyById(state, input.KeyId, context.now);
  refuseDisabled(key);
  key.rotation = { days, since: context.now };
  return {};
};

export const disableKeyRotation: Action<Keys, DisableKeyRotationRequest, object> = (input, state, context) => {
  refuseUnknown('kms:DisableKeyRotation', input, ['KeyId']);
  const key = keyById(state, input.KeyId, context.now);
  refuseDisabled(key);
  key.rotation = undefined;
  return {};
};

export const getKeyRotationStatus: Action<Keys, GetKeyRotationStatusRequest, GetKeyRotationStatusResponse> = (
  input,
  state,
  context,
) => {
  refuseUnknown('kms:GetKeyRotationStatus', input, ['KeyId']);
  const key = keyById(state, input.KeyId, context.now);
  refusePending(key);
  if (key.rotation === undefined) return { KeyId: key.arn, KeyRotationEnabled: false };
  const period = key.rotation.days * DAY;
  const past = Math.floor((context.now - key.rotation.since) / period);
  return {
    KeyId: key.arn,
    KeyRotationEnabled: true,
    RotationPeriodInDays: key.rotation.days,
    NextRotationDate: new Date(key.rotation.since + (past + 1) * period),
  };
};
