import { beforeEach, describe, expect, it } from 'vitest';
import { kms } from '../../../localcloud/kms/index.ts';
import { type TestCloud, testCloud } from '../bench-cloud.ts';

const DAY = 86_400_000;
const text = (words: string) => new TextEncoder().encode(words);

let bench: TestCloud;
let id: string;
let arn: string;
const call = (action: string, input: object = {}) => bench.call('kms', action, input);
const seal = (KeyId = id, more: object = {}) => call('Encrypt', { KeyId, Plaintext: text('secret'), ...more });

beforeEach(async () => {
  bench = testCloud([kms]);
  const { KeyMetadata } = await call('CreateKey', { Description: 'events' });
  id = KeyMetadata.KeyId;
  arn = KeyMetadata.Arn;
  await call('CreateAlias', { AliasName: 'alias/events', TargetKeyId: id });
});

describe('encryption', () => {
  it('is undone by the same key, and the ciphertext does not show the plaintext', async () => {
    const { CiphertextBlob, KeyId } = await seal();
    expect(KeyId).toBe(arn);
    expect(Buffer.from(CiphertextBlob).includes('secret')).toBe(false);
    expect(await call('Decrypt', { CiphertextBlob })).toEqual({
      KeyId: arn,
      Plaintext: text('secret'),
      EncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
    });
  });

  it('takes the key by id, ARN, alias and alias ARN', async () => {
    const names = [id, arn, 'alias/events', arn.replace(/:key\/.*/, ':alias/events')];
    for (const name of names) expect((await seal(name)).KeyId).toBe(arn);
    for (const name of names) expect((await call('DescribeKey', { KeyId: name })).KeyMetadata.KeyId).toBe(id);
  });

  it('binds the ciphertext to its context, in whatever order that is written', async () => {
    const { CiphertextBlob } = await seal(id, { EncryptionContext: { queue: 'q', stage: 's' } });
    const open = (EncryptionContext?: object) => call('Decrypt', { CiphertextBlob, EncryptionContext });
    expect((await open({ stage: 's', queue: 'q' })).Plaintext).toEqual(text('secret'));
    await expect(open()).rejects.toMatchObject({ code: 'InvalidCiphertextException' });
    await expect(open({ queue: 'q', stage: 'other' })).rejects.toMatchObject({ code: 'InvalidCiphertextException' });
  });

  it('notices a changed bit anywhere in the blob', async () => {
    const { CiphertextBlob } = await seal();
    for (let at = 0; at < CiphertextBlob.length; at++) {
      const changed = new Uint8Array(CiphertextBlob);
      changed[at]! ^= 1;
      const code = at >= 1 && at <= 16 ? 'AccessDeniedException' : 'InvalidCiphertextException';
      await expect(call('Decrypt', { CiphertextBlob: changed }), `byte ${at}`).rejects.toMatchObject({ code });
    }
    await expect(call('Decrypt', { CiphertextBlob: text('x') })).rejects.toMatchObject({
      code: 'InvalidCiphertextException',
    });
  });

  it('never gives the same ciphertext twice, but the same in a run of the same seed', async () => {
    const [first, second] = [await seal(), await seal()];
    expect(first.CiphertextBlob).not.toEqual(second.CiphertextBlob);
    const other = testCloud([kms]);
    await other.call('kms', 'CreateKey', { Description: 'events' });
    const again = await other.call('kms', 'Encrypt', { KeyId: id, Plaintext: text('secret') });
    expect(again.CiphertextBlob).toEqual(first.CiphertextBlob);
  });

  it('does not reach another region', async () => {
    const { CiphertextBlob } = await seal();
    const there = bench.call('kms', 'Decrypt', { CiphertextBlob }, { region: 'eu-central-1' });
    await expect(there).rejects.toMatchObject({ code: 'AccessDeniedException' });
    const named = bench.call('kms', 'DescribeKey', { KeyId: arn }, { region: 'eu-central-1' });
    await expect(named).rejects.toMatchObject({ code: 'NotFoundException' });
  });

  it('refuses another key than the one expected', async () => {
    const other = (await call('CreateKey')).KeyMetadata.KeyId;
    const { CiphertextBlob } = await seal();
    await expect(call('Decrypt', { CiphertextBlob, KeyId: other })).rejects.toMatchObject({
      code: 'IncorrectKeyException',
    });
    expect((await call('Decrypt', { CiphertextBlob, KeyId: 'alias/events' })).Plaintext).toEqual(text('secret'));
  });

  it('moves from key to key without showing the plaintext', async () => {
    const other = (await call('CreateKey')).KeyMetadata.KeyId;
    const { CiphertextBlob } = await seal(id, { EncryptionContext: { a: '1' } });
    const moved = await call('ReEncrypt', {
      CiphertextBlob,
      SourceEncryptionContext: { a: '1' },
      DestinationKeyId: other,
      DestinationEncryptionContext: { b: '2' },
    });
    expect(moved.SourceKeyId).toBe(arn);
    await call('DisableKey', { KeyId: id });
    const opened = await call('Decrypt', { CiphertextBlob: moved.CiphertextBlob, EncryptionContext: { b: '2' } });
    expect(opened.Plaintext).toEqual(text('secret'));
  });

  it('takes 1 to 4,096 bytes', async () => {
    await seal(id, { Plaintext: new Uint8Array(4096) });
    await expect(seal(id, { Plaintext: new Uint8Array(4097) })).rejects.toMatchObject({ code: 'ValidationException' });
    await expect(seal(id, { Plaintext: new Uint8Array(0) })).rejects.toMatchObject({ code: 'ValidationException' });
  });
});

describe('data keys', () => {
  it('come in the clear and encrypted, in the size asked for', async () => {
    const made = await call('GenerateDataKey', { KeyId: id, KeySpec: 'AES_256', EncryptionContext: { a: '1' } });
    expect(made.Plaintext).toHaveLength(32);
    const { CiphertextBlob } = made;
    expect((await call('Decrypt', { CiphertextBlob, EncryptionContext: { a: '1' } })).Plaintext).toEqual(
      made.Plaintext,
    );
    expect((await call('GenerateDataKey', { KeyId: id, NumberOfBytes: 7 })).Plaintext).toHaveLength(7);
    expect(await call('GenerateDataKeyWithoutPlaintext', { KeyId: id, KeySpec: 'AES_128' })).not.toHaveProperty(
      'Plaintext',
    );
  });

  it('need a size, and only one', async () => {
    for (const size of [{}, { KeySpec: 'AES_256', NumberOfBytes: 32 }, { NumberOfBytes: 1025 }]) {
      await expect(call('GenerateDataKey', { KeyId: id, ...size })).rejects.toMatchObject({
        code: 'ValidationException',
      });
    }
  });
});

describe('the life of a key', () => {
  it('pauses while it is disabled', async () => {
    const { CiphertextBlob } = await seal();
    await call('DisableKey', { KeyId: id });
    await expect(seal()).rejects.toMatchObject({ code: 'DisabledException' });
    await expect(call('Decrypt', { CiphertextBlob })).rejects.toMatchObject({ code: 'DisabledException' });
    await call('EnableKey', { KeyId: id });
    expect((await call('Decrypt', { CiphertextBlob })).Plaintext).toEqual(text('secret'));
  });

  it('ends after a waiting period, in which it can be saved', async () => {
    await call('ScheduleKeyDeletion', { KeyId: id, PendingWindowInDays: 7 });
    await expect(seal()).rejects.toMatchObject({ code: 'KMSInvalidStateException' });
    await expect(call('EnableKey', { KeyId: id })).rejects.toMatchObject({ code: 'KMSInvalidStateException' });
    await bench.pass(7 * DAY - 1);
    await call('CancelKeyDeletion', { KeyId: id });
    expect((await call('DescribeKey', { KeyId: id })).KeyMetadata).toMatchObject({
      KeyState: 'Disabled',
      Enabled: false,
    });
    await call('ScheduleKeyDeletion', { KeyId: id, PendingWindowInDays: 7 });
    await bench.pass(7 * DAY);
    await expect(call('DescribeKey', { KeyId: id })).rejects.toMatchObject({ code: 'NotFoundException' });
    expect((await call('ListAliases')).Aliases).toEqual([]);
    expect((await call('ListKeys')).Keys).toEqual([]);
  });

  it('has a policy: the account may do everything, until another is put', async () => {
    expect(JSON.parse((await call('GetKeyPolicy', { KeyId: id })).Policy).Statement[0].Principal).toEqual({
      AWS: 'arn:aws:iam::123456789012:root',
    });
    const Policy = JSON.stringify({
      Version: '2012-10-17',
      Statement: { Effect: 'Allow', Principal: '*', Action: 'kms:*', Resource: '*' },
    });
    await call('PutKeyPolicy', { KeyId: id, PolicyName: 'default', Policy });
    expect((await call('GetKeyPolicy', { KeyId: id })).Policy).toBe(Policy);
    await expect(call('PutKeyPolicy', { KeyId: id, Policy: '{"Version":"2012-10-17"}' })).rejects.toMatchObject({
      code: 'MalformedPolicyDocumentException',
    });
  });

  it('rotates by the calendar', async () => {
    expect(await call('GetKeyRotationStatus', { KeyId: id })).toMatchObject({ KeyRotationEnabled: false });
    await call('EnableKeyRotation', { KeyId: id });
    const start = bench.cloud.now();
    await bench.pass(400 * DAY);
    const status = await call('GetKeyRotationStatus', { KeyId: id });
    expect(status).toMatchObject({ KeyRotationEnabled: true, RotationPeriodInDays: 365 });
    expect(status.NextRotationDate.getTime()).toBe(start + 730 * DAY);
    await call('DisableKeyRotation', { KeyId: id });
    expect(await call('GetKeyRotationStatus', { KeyId: id })).toMatchObject({ KeyRotationEnabled: false });
  });

  it('carries tags', async () => {
    await call('TagResource', {
      KeyId: id,
      Tags: [
        { TagKey: 'a', TagValue: '1' },
        { TagKey: 'b', TagValue: '2' },
      ],
    });
    await call('UntagResource', { KeyId: id, TagKeys: ['a'] });
    expect((await call('ListResourceTags', { KeyId: id })).Tags).toEqual([{ TagKey: 'b', TagValue: '2' }]);
  });

  it.each([{ MultiRegion: true }, { KeySpec: 'RSA_2048' }, { XksKeyId: 'x' }])(
    'is refused by name with %j',
    async (input) => {
      await expect(call('CreateKey', input)).rejects.toMatchObject({
        code: 'NotImplemented',
        message: expect.stringContaining(Object.keys(input)[0]!),
      });
    },
  );
});

describe('aliases', () => {
  it('move from key to key', async () => {
    const other = (await call('CreateKey')).KeyMetadata.KeyId;
    await call('UpdateAlias', { AliasName: 'alias/events', TargetKeyId: other });
    expect((await call('DescribeKey', { KeyId: 'alias/events' })).KeyMetadata.KeyId).toBe(other);
    expect((await call('ListAliases', { KeyId: id })).Aliases).toEqual([]);
    expect((await call('ListAliases', { KeyId: other })).Aliases).toMatchObject([{ AliasName: 'alias/events' }]);
    await call('DeleteAlias', { AliasName: 'alias/events' });
    await expect(call('DescribeKey', { KeyId: 'alias/events' })).rejects.toMatchObject({ code: 'NotFoundException' });
  });

  it.each([
    ['alias/events', 'AlreadyExistsException'],
    ['events', 'ValidationException'],
    ['alias/aws/sqs', 'NotAuthorizedException'],
    ['alias/a b', 'InvalidAliasNameException'],
  ])('named %s are refused with %s', async (AliasName, code) => {
    await expect(call('CreateAlias', { AliasName, TargetKeyId: id })).rejects.toMatchObject({ code });
  });

  it('do not stand for their key where the key itself is managed', async () => {
    await expect(call('DisableKey', { KeyId: 'alias/events' })).rejects.toMatchObject({ code: 'InvalidArnException' });
  });
});
