import { CreateKeyCommand, DecryptCommand, DescribeKeyCommand, EncryptCommand } from '@aws-sdk/client-kms';
import { expect } from 'vitest';
import { type Aws, behaviour, refused } from '../contract.ts';
import { api, bytes, givenAlias, givenKey, guide, NOBODY, recorded, sealed } from './given.ts';

const open = (aws: Aws, CiphertextBlob: Uint8Array, more: object = {}) =>
  aws.kms.send(new DecryptCommand({ CiphertextBlob, ...more }));

behaviour(
  'what was encrypted is decrypted without naming the key, and the ciphertext differs each time',
  { source: api('Decrypt'), covers: ['kms:Encrypt', 'kms:Decrypt'] },
  async (aws) => {
    const { id, arn } = await givenKey(aws);
    const request = new EncryptCommand({ KeyId: id, Plaintext: bytes('secret') });
    const { CiphertextBlob, ...told } = await aws.kms.send(request);
    expect(told).toMatchObject({ KeyId: arn, EncryptionAlgorithm: 'SYMMETRIC_DEFAULT' });
    expect(await open(aws, CiphertextBlob!)).toMatchObject({
      KeyId: arn,
      Plaintext: bytes('secret'),
      EncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
    });
    expect((await aws.kms.send(request)).CiphertextBlob).not.toEqual(CiphertextBlob);
  },
);

behaviour(
  'a key goes by its id, its ARN, an alias and the ARN of an alias',
  { source: guide('find-cmk-id-arn'), covers: ['kms:Encrypt', 'kms:Decrypt', 'kms:DescribeKey'] },
  async (aws) => {
    const { id, arn } = await givenKey(aws);
    const alias = await givenAlias(aws, id);
    for (const KeyId of [id, arn, alias, arn.replace(/key\/.*/, alias)]) {
      expect((await open(aws, await sealed(aws, KeyId), { KeyId })).KeyId).toBe(arn);
      expect((await aws.kms.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata!.Arn).toBe(arn);
    }
  },
);

behaviour(
  'the encryption context is part of the ciphertext: only the very same pairs open it, in any order',
  {
    source: recorded('test_encrypt_decrypt_encryption_context'),
    covers: ['kms:Encrypt', 'kms:Decrypt!InvalidCiphertextException'],
  },
  async (aws) => {
    const { id } = await givenKey(aws);
    const blob = await sealed(aws, id, { EncryptionContext: { queue: 'q', stage: 's' } });
    const under = (EncryptionContext?: Record<string, string>) => open(aws, blob, { EncryptionContext });
    expect((await under({ stage: 's', queue: 'q' })).Plaintext).toEqual(bytes('secret'));
    const others: (Record<string, string> | undefined)[] = [
      undefined,
      { queue: 'q' },
      { queue: 'Q', stage: 's' },
      { queue: 'q', stage: 's', more: '' },
    ];
    for (const other of others) await refused(under(other), 'InvalidCiphertextException');
  },
);

behaviour(
  'ciphertext that was changed, and what is none, cannot be opened',
  { source: api('Decrypt'), covers: ['kms:Decrypt!InvalidCiphertextException'] },
  async (aws) => {
    const { id } = await givenKey(aws);
    const blob = new Uint8Array(await sealed(aws, id));
    blob[blob.length - 1]! ^= 1;
    await refused(open(aws, blob), 'InvalidCiphertextException');
    await refused(open(aws, bytes('nonsense')), 'InvalidCiphertextException');
  },
);

behaviour(
  'whoever names the key gets no plaintext of another one',
  { source: recorded('test_error_messaging_for_invalid_keys'), covers: ['kms:Decrypt!IncorrectKeyException'] },
  async (aws) => {
    const [one, other] = [await givenKey(aws), await givenKey(aws)];
    await refused(
      open(aws, await sealed(aws, one.id), { KeyId: other.id }),
      'IncorrectKeyException',
      'The key ID in the request does not identify a CMK that can perform this operation.',
    );
  },
);

behaviour(
  'a key that is not there is not found, and one of another region is none of this one',
  {
    source: recorded('test_get_key_does_not_exist, test_get_key_in_different_region, test_get_key_invalid_uuid'),
    covers: ['kms:Encrypt!NotFoundException', 'kms:Decrypt!NotFoundException', 'kms:DescribeKey!NotFoundException'],
  },
  async (aws) => {
    const { id } = await givenKey(aws);
    const far = aws.in('eu-central-1' === aws.region ? 'eu-west-1' : 'eu-central-1');
    const describe = (KeyId: string, region = aws.kms) => region.send(new DescribeKeyCommand({ KeyId }));
    const missing = `Key 'arn:aws:kms:${aws.region}:${aws.account}:key/${NOBODY}' does not exist`;
    await refused(describe(NOBODY), 'NotFoundException', missing);
    await refused(sealed(aws, NOBODY), 'NotFoundException', missing);
    await refused(open(aws, await sealed(aws, id), { KeyId: NOBODY }), 'NotFoundException', missing);
    await refused(describe('fake-key-id'), 'NotFoundException', "Invalid keyId 'fake-key-id'");
    const here = `arn:aws:kms:${aws.region}:${aws.account}`;
    await refused(describe(`${here}:key/${id}`, far.kms), 'NotFoundException', `Invalid arn ${aws.region}`);
    await refused(sealed(aws, 'alias/nobody'), 'NotFoundException', `Alias ${here}:alias/nobody is not found.`);
    const foreign = far.kms.send(new DecryptCommand({ CiphertextBlob: await sealed(aws, id) }));
    await refused(foreign, 'AccessDeniedException', /does not exist in this region/);
  },
);

behaviour(
  '1 to 4,096 bytes are encrypted',
  { source: recorded('test_plaintext_size_for_encrypt'), covers: ['kms:Encrypt'] },
  async (aws) => {
    const { id } = await givenKey(aws);
    await sealed(aws, id, { Plaintext: new Uint8Array(4096) });
    const wrong = (rule: string) =>
      `1 validation error detected: Value at 'plaintext' failed to satisfy constraint: Member must have length ${rule}`;
    const of = (length: number) => sealed(aws, id, { Plaintext: new Uint8Array(length) });
    await refused(of(4097), 'ValidationException', wrong('less than or equal to 4096'));
    await refused(of(0), 'ValidationException', wrong('greater than or equal to 1'));
  },
);

behaviour(
  'the algorithms of asymmetric keys do not go with a symmetric one',
  {
    source: api('Encrypt'),
    covers: ['kms:Encrypt!InvalidKeyUsageException', 'kms:Decrypt!InvalidKeyUsageException'],
  },
  async (aws) => {
    const { id } = await givenKey(aws);
    const EncryptionAlgorithm = 'RSAES_OAEP_SHA_256';
    await refused(sealed(aws, id, { EncryptionAlgorithm }), 'InvalidKeyUsageException');
    const wrong = open(aws, await sealed(aws, id), { KeyId: id, EncryptionAlgorithm });
    await refused(wrong, 'InvalidKeyUsageException');
  },
);

behaviour(
  'a dry run says that it would have succeeded, or why not',
  {
    source: guide('testing-permissions'),
    covers: ['kms:Encrypt!DryRunOperationException', 'kms:Decrypt!DryRunOperationException'],
  },
  async (aws) => {
    const { id } = await givenKey(aws);
    await refused(sealed(aws, id, { DryRun: true }), 'DryRunOperationException', /would have succeeded/);
    await refused(open(aws, await sealed(aws, id), { DryRun: true }), 'DryRunOperationException');
    await refused(sealed(aws, NOBODY, { DryRun: true }), 'NotFoundException');
  },
);

behaviour(
  'keys of other kinds are refused by name',
  {
    source: api('CreateKey'),
    covers: ['kms:CreateKey'],
    notRemote: 'AWS has them',
  },
  async (aws) => {
    const wanted = [
      { MultiRegion: true },
      { KeySpec: 'RSA_2048' },
      { KeyUsage: 'SIGN_VERIFY' },
      { Origin: 'EXTERNAL' },
    ];
    for (const one of wanted as object[]) {
      const asked = aws.kms.send(new CreateKeyCommand(one));
      await refused(asked, 'NotImplemented', new RegExp(Object.keys(one)[0]!));
    }
  },
);
