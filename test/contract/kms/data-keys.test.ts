import {
  DecryptCommand,
  DisableKeyCommand,
  GenerateDataKeyCommand,
  GenerateDataKeyWithoutPlaintextCommand,
} from '@aws-sdk/client-kms';
import { expect } from 'vitest';
import { type Aws, behaviour, refused } from '../contract.ts';
import { api, givenDoomedKey, givenKey, NOBODY, recorded } from './given.ts';

const generate = (aws: Aws, KeyId: string, more: object = { KeySpec: 'AES_256' }) =>
  aws.kms.send(new GenerateDataKeyCommand({ KeyId, ...more }));
const generateSealed = (aws: Aws, KeyId: string, more: object = { KeySpec: 'AES_256' }) =>
  aws.kms.send(new GenerateDataKeyWithoutPlaintextCommand({ KeyId, ...more }));

behaviour(
  'a data key comes in the clear and encrypted, bound to its context',
  { source: recorded('test_encryption_context_generate_data_key'), covers: ['kms:GenerateDataKey', 'kms:Decrypt'] },
  async (aws) => {
    const { id, arn } = await givenKey(aws);
    const EncryptionContext = { purpose: 'test' };
    const made = await generate(aws, id, { KeySpec: 'AES_256', EncryptionContext });
    expect(made.KeyId).toBe(arn);
    expect(made.Plaintext).toHaveLength(32);
    const { CiphertextBlob } = made;
    const opened = await aws.kms.send(new DecryptCommand({ CiphertextBlob, EncryptionContext }));
    expect(opened.Plaintext).toEqual(made.Plaintext);
    await refused(aws.kms.send(new DecryptCommand({ CiphertextBlob })), 'InvalidCiphertextException');
  },
);

behaviour(
  'a data key without plaintext is the same, less the plaintext',
  {
    source: recorded('test_generate_data_key_without_plaintext'),
    covers: ['kms:GenerateDataKeyWithoutPlaintext'],
  },
  async (aws) => {
    const { id } = await givenKey(aws);
    const made = await generateSealed(aws, id, { NumberOfBytes: 7 });
    expect(made).not.toHaveProperty('Plaintext');
    const { Plaintext } = await aws.kms.send(new DecryptCommand({ CiphertextBlob: made.CiphertextBlob }));
    expect(Plaintext).toHaveLength(7);
  },
);

behaviour(
  'a data key has a length, said once: by a spec or as 1 to 1,024 bytes',
  { source: api('GenerateDataKey'), covers: ['kms:GenerateDataKey'] },
  async (aws) => {
    const { id } = await givenKey(aws);
    expect((await generate(aws, id, { KeySpec: 'AES_128' })).Plaintext).toHaveLength(16);
    expect((await generate(aws, id, { NumberOfBytes: 1024 })).Plaintext).toHaveLength(1024);
    for (const wrong of [{}, { KeySpec: 'AES_256', NumberOfBytes: 32 }, { NumberOfBytes: 1025 }])
      await refused(generate(aws, id, wrong), 'ValidationException');
  },
);

behaviour(
  'data keys are made by a key that is there and at work, and not in a dry run',
  {
    source: api('GenerateDataKey'),
    covers: [
      'kms:GenerateDataKey!NotFoundException',
      'kms:GenerateDataKey!DisabledException',
      'kms:GenerateDataKey!KMSInvalidStateException',
      'kms:GenerateDataKey!DryRunOperationException',
      'kms:GenerateDataKeyWithoutPlaintext!NotFoundException',
      'kms:GenerateDataKeyWithoutPlaintext!DisabledException',
      'kms:GenerateDataKeyWithoutPlaintext!KMSInvalidStateException',
      'kms:GenerateDataKeyWithoutPlaintext!DryRunOperationException',
    ],
  },
  async (aws) => {
    const [{ id, arn }, doomed] = [await givenKey(aws), await givenDoomedKey(aws)];
    for (const make of [generate, generateSealed]) {
      await refused(make(aws, NOBODY), 'NotFoundException');
      await refused(make(aws, doomed.id), 'KMSInvalidStateException', `${doomed.arn} is pending deletion.`);
      await refused(make(aws, id, { KeySpec: 'AES_256', DryRun: true }), 'DryRunOperationException');
    }
    await aws.kms.send(new DisableKeyCommand({ KeyId: id }));
    for (const make of [generate, generateSealed])
      await refused(make(aws, id), 'DisabledException', `${arn} is disabled.`);
  },
);
