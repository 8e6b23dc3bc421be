import {
  CreateKeyCommand,
  DescribeKeyCommand,
  ListKeysCommand,
  ListResourceTagsCommand,
  UpdateKeyDescriptionCommand,
} from '@aws-sdk/client-kms';
import { expect } from 'vitest';
import { type Aws, behaviour, refused } from '../contract.ts';
import { api, givenAlias, givenDoomedKey, givenKey, NOBODY, recorded } from './given.ts';

const describe = async (aws: Aws, KeyId: string) =>
  (await aws.kms.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata!;

behaviour(
  'a key is told with all that it is',
  { source: recorded('test_create_key'), covers: ['kms:CreateKey', 'kms:DescribeKey'] },
  async (aws) => {
    const { id } = await givenKey(aws, { Description: 'test key 123' });
    const { CreationDate, ...told } = await describe(aws, id);
    expect(CreationDate).toBeInstanceOf(Date);
    expect(told).toMatchObject({
      AWSAccountId: aws.account,
      Arn: `arn:aws:kms:${aws.region}:${aws.account}:key/${id}`,
      CustomerMasterKeySpec: 'SYMMETRIC_DEFAULT',
      Description: 'test key 123',
      Enabled: true,
      EncryptionAlgorithms: ['SYMMETRIC_DEFAULT'],
      KeyId: id,
      KeyManager: 'CUSTOMER',
      KeySpec: 'SYMMETRIC_DEFAULT',
      KeyState: 'Enabled',
      KeyUsage: 'ENCRYPT_DECRYPT',
      MultiRegion: false,
      Origin: 'AWS_KMS',
    });
    expect(told).not.toHaveProperty('DeletionDate');
  },
);

behaviour(
  'keys are listed in pages',
  { source: api('ListKeys'), covers: ['kms:ListKeys', 'kms:ListKeys!InvalidMarkerException'] },
  async (aws) => {
    const mine = [await givenKey(aws), await givenKey(aws)];
    const seen: (string | undefined)[] = [];
    let Marker: string | undefined;
    do {
      const page = await aws.kms.send(new ListKeysCommand({ Limit: 1, Marker }));
      seen.push(...page.Keys!.map(({ KeyArn }) => KeyArn));
      expect(page.NextMarker !== undefined).toBe(page.Truncated);
      Marker = page.NextMarker;
    } while (Marker !== undefined);
    expect(seen).toEqual(expect.arrayContaining(mine.map(({ arn }) => arn)));
    await refused(aws.kms.send(new ListKeysCommand({ Marker: 'nonsense' })), 'InvalidMarkerException');
  },
);

behaviour(
  'a description can be changed, though not of a key that is to go',
  {
    source: api('UpdateKeyDescription'),
    covers: [
      'kms:UpdateKeyDescription',
      'kms:UpdateKeyDescription!InvalidArnException',
      'kms:UpdateKeyDescription!KMSInvalidStateException',
      'kms:UpdateKeyDescription!NotFoundException',
    ],
  },
  async (aws) => {
    const [{ id }, doomed] = [await givenKey(aws, { Description: 'before' }), await givenDoomedKey(aws)];
    const say = (KeyId: string) => aws.kms.send(new UpdateKeyDescriptionCommand({ KeyId, Description: 'after' }));
    await say(id);
    expect((await describe(aws, id)).Description).toBe('after');
    await refused(say(await givenAlias(aws, id)), 'InvalidArnException');
    await refused(say(doomed.id), 'KMSInvalidStateException');
    await refused(say(NOBODY), 'NotFoundException');
  },
);

behaviour(
  'a key can have tags and a policy from the start, if they are right',
  {
    source: api('CreateKey'),
    covers: [
      'kms:CreateKey!TagException',
      'kms:CreateKey!MalformedPolicyDocumentException',
      'kms:CreateKey!LimitExceededException',
    ],
  },
  async (aws) => {
    const Tags = [{ TagKey: 'team', TagValue: 'x' }];
    const { id } = await givenKey(aws, { Tags });
    const { Tags: told } = await aws.kms.send(new ListResourceTagsCommand({ KeyId: id }));
    expect(told).toEqual(Tags);
    const ask = (input: object) => aws.kms.send(new CreateKeyCommand(input));
    await refused(ask({ Tags: [{ TagKey: 'aws:team', TagValue: 'x' }] }), 'TagException');
    await refused(ask({ Tags: [...Tags, ...Tags] }), 'TagException');
    await refused(ask({ Policy: '{' }), 'MalformedPolicyDocumentException');
    await refused(ask({ Policy: ' '.repeat(32_769) }), 'LimitExceededException');
  },
);
