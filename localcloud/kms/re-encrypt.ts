import type { ReEncryptRequest, ReEncryptResponse } from '@aws-sdk/client-kms';
import { type Action, refuseUnknown } from '../service.ts';
import { sourceKey } from './decrypt.ts';
import { bytes, onlySymmetric, open, refuseDryRun, seal } from './envelope.ts';
import { usableKey } from './resolve.ts';
import type { Keys } from './state.ts';

const MEMBERS = [
  'CiphertextBlob',
  'SourceEncryptionContext',
  'SourceKeyId',
  'DestinationKeyId',
  'DestinationEncryptionContext',
  'SourceEncryptionAlgorithm',
  'DestinationEncryptionAlgorithm',
  'DryRun',
];

/** ReEncrypt: from one key to another, or to another context, without the plaintext leaving KMS. */
export const reEncrypt: Action<Keys, ReEncryptRequest, ReEncryptResponse> = (input, state, context) => {
  refuseUnknown('kms:ReEncrypt', input, MEMBERS);
  onlySymmetric(input.SourceEncryptionAlgorithm);
  onlySymmetric(input.DestinationEncryptionAlgorithm);
  const blob = bytes(input.CiphertextBlob, 'ciphertextBlob', 6144);
  const source = sourceKey(state, { blob, expected: input.SourceKeyId, now: context.now });
  const destination = usableKey(state, input.DestinationKeyId, context.now);
  const plaintext = open(source, blob, input.SourceEncryptionContext ?? {});
  refuseDryRun(input);
  return {
    CiphertextBlob: seal(destination, plaintext, input.DestinationEncryptionContext ?? {}, context),
    SourceKeyId: source.arn,
    KeyId: destination.arn,
    SourceEncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
    DestinationEncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
  };
};
