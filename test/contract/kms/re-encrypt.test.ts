import { DecryptCommand, DisableKeyCommand, ReEncryptCommand } from '@aws-sdk/client-kms';
import { expect } from 'vitest';
import { type Aws, behaviour, refused } from '../contract.ts';
import { api, bytes, givenDoomedKey, givenKey, NOBODY, sealed } from './given.ts';

const move = (aws: Aws, CiphertextBlob: Uint8Array, DestinationKeyId: string, more: object = {}) =>
  aws.kms.send(new ReEncryptCommand({ CiphertextBlob, DestinationKeyId, ...more }));

behaviour(
  'ciphertext moves from key to key and from context to context, and no plaintext is told',
  { source: api('ReEncrypt'), covers: ['kms:ReEncrypt'] },
  async (aws) => {
    const [from, to] = [await givenKey(aws), await givenKey(aws)];
    const blob = await sealed(aws, from.id, { EncryptionContext: { a: '1' } });
    const moved = await move(aws, blob, to.id, {
      SourceEncryptionContext: { a: '1' },
      DestinationEncryptionContext: { b: '2' },
    });
    expect(moved).toMatchObject({
      SourceKeyId: from.arn,
      KeyId: to.arn,
      SourceEncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
      DestinationEncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
    });
    expect(moved).not.toHaveProperty('Plaintext');
    const request = new DecryptCommand({ CiphertextBlob: moved.CiphertextBlob, EncryptionContext: { b: '2' } });
    expect(await aws.kms.send(request)).toMatchObject({ KeyId: to.arn, Plaintext: bytes('secret') });
  },
);

behaviour(
  'what cannot be opened, or not by the key that is named, does not move',
  {
    source: api('ReEncrypt'),
    covers: [
      'kms:ReEncrypt!InvalidCiphertextException',
      'kms:ReEncrypt!IncorrectKeyException',
      'kms:ReEncrypt!NotFoundException',
      'kms:ReEncrypt!InvalidKeyUsageException',
      'kms:ReEncrypt!DryRunOperationException',
    ],
  },
  async (aws) => {
    const [from, to] = [await givenKey(aws), await givenKey(aws)];
    const blob = await sealed(aws, from.id, { EncryptionContext: { a: '1' } });
    const SourceEncryptionContext = { a: '1' };
    await refused(move(aws, blob, to.id), 'InvalidCiphertextException');
    await refused(move(aws, blob, to.id, { SourceEncryptionContext, SourceKeyId: to.id }), 'IncorrectKeyException');
    await refused(move(aws, blob, NOBODY, { SourceEncryptionContext }), 'NotFoundException');
    const DestinationEncryptionAlgorithm = 'RSAES_OAEP_SHA_1';
    await refused(
      move(aws, blob, to.id, { SourceEncryptionContext, DestinationEncryptionAlgorithm }),
      'InvalidKeyUsageException',
    );
    await refused(move(aws, blob, to.id, { SourceEncryptionContext, DryRun: true }), 'DryRunOperationException');
  },
);

behaviour(
  'both keys must be at work',
  {
    source: api('ReEncrypt'),
    covers: ['kms:ReEncrypt!DisabledException', 'kms:ReEncrypt!KMSInvalidStateException'],
  },
  async (aws) => {
    const [from, to, doomed] = [await givenKey(aws), await givenKey(aws), await givenDoomedKey(aws)];
    const blob = await sealed(aws, from.id);
    await refused(move(aws, blob, doomed.id), 'KMSInvalidStateException', `${doomed.arn} is pending deletion.`);
    await aws.kms.send(new DisableKeyCommand({ KeyId: to.id }));
    await refused(move(aws, blob, to.id), 'DisabledException', `${to.arn} is disabled.`);
    await aws.kms.send(new DisableKeyCommand({ KeyId: from.id }));
    await refused(move(aws, blob, from.id), 'DisabledException', `${from.arn} is disabled.`);
  },
);
