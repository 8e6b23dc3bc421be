import type { EncryptRequest, EncryptResponse } from '@aws-sdk/client-kms';
import { type Action, refuseUnknown } from '../service.ts';
import { bytes, onlySymmetric, refuseDryRun, seal } from './envelope.ts';
import { usableKey } from './resolve.ts';
import type { Keys } from './state.ts';

/** Encrypt: up to 4,096 bytes; more is for a data key. */
export const encrypt: Action<Keys, EncryptRequest, EncryptResponse> = (input, state, context) => {
  refuseUnknown('kms:Encrypt', input, ['KeyId', 'Plaintext', 'EncryptionContext', 'EncryptionAlgorithm', 'DryRun']);
  onlySymmetric(input.EncryptionAlgorithm);
  const plaintext = bytes(input.Plaintext, 'plaintext', 4096);
  const key = usableKey(state, input.KeyId, context.now);
  refuseDryRun(input);
  return {
    CiphertextBlob: seal(key, plaintext, input.EncryptionContext ?? {}, context),
    KeyId: key.arn,
    EncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
  };
};
