import type { DecryptRequest, DecryptResponse } from '@aws-sdk/client-kms';
import { type Action, refuseUnknown, ServiceError } from '../service.ts';
import { bytes, keyIdIn, onlySymmetric, open, refuseDryRun } from './envelope.ts';
import { forgetDeleted, keyOf, refuseDisabled } from './resolve.ts';
import type { Keys, StoredKey } from './state.ts';

export const decrypt: Action<Keys, DecryptRequest, DecryptResponse> = (input, state, context) => {
  refuseUnknown('kms:Decrypt', input, [
    'CiphertextBlob',
    'EncryptionContext',
    'KeyId',
    'EncryptionAlgorithm',
    'DryRun',
  ]);
  onlySymmetric(input.EncryptionAlgorithm);
  const blob = bytes(input.CiphertextBlob, 'ciphertextBlob', 6144);
  const key = sourceKey(state, { blob, expected: input.KeyId, now: context.now });
  const plaintext = open(key, blob, input.EncryptionContext ?? {});
  refuseDryRun(input);
  return {
    KeyId: key.arn,
    Plaintext: plaintext,
    EncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
  };
};

/**
 * The key a blob says it was made with. It may be named, to make sure that it is the one expected.
 * @throws ServiceError `IncorrectKeyException` if it is another; `AccessDeniedException` if it is not here, which AWS does not tell apart from forbidden
 */
export function sourceKey(
  state: Keys,
  source: { blob: Uint8Array; expected: string | undefined; now: number },
): StoredKey {
  const id = keyIdIn(source.blob);
  if (source.expected !== undefined && keyOf(state, source.expected, source.now).id !== id) {
    throw new ServiceError(
      'IncorrectKeyException',
      'The key ID in the request does not identify a CMK that can perform this operation.',
    );
  }
  forgetDeleted(state, source.now);
  if (!state.keys.has(id)) {
    throw new ServiceError(
      'AccessDeniedException',
      'The ciphertext refers to a customer master key that does not exist, does not exist in this region, or you are not allowed to access.',
    );
  }
  const key = keyOf(state, id, source.now);
  refuseDisabled(key);
  return key;
}
