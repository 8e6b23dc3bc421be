import { GetKeyPolicyCommand, PutKeyPolicyCommand } from '@aws-sdk/client-kms';
import { expect } from 'vitest';
import { type Aws, behaviour, refused } from '../contract.ts';
import { api, givenAlias, givenDoomedKey, givenKey, guide, NOBODY, recorded } from './given.ts';

const document = (aws: Aws, statement: object = {}) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: {
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${aws.account}:root` },
      Action: 'kms:*',
      Resource: '*',
      ...statement,
    },
  });
const put = (aws: Aws, KeyId: string, Policy: string, more: object = {}) =>
  aws.kms.send(new PutKeyPolicyCommand({ KeyId, PolicyName: 'default', Policy, ...more }));
const get = async (aws: Aws, KeyId: string) =>
  (await aws.kms.send(new GetKeyPolicyCommand({ KeyId, PolicyName: 'default' }))).Policy!;

behaviour(
  'a key without a policy of its own leaves everything to the account',
  { source: recorded('test_replicate_key'), covers: ['kms:GetKeyPolicy'] },
  async (aws) => {
    const { id } = await givenKey(aws);
    expect(JSON.parse(await get(aws, id))).toEqual({
      Version: '2012-10-17',
      Id: 'key-default-1',
      Statement: [
        {
          Sid: 'Enable IAM User Permissions',
          Effect: 'Allow',
          Principal: { AWS: `arn:aws:iam::${aws.account}:root` },
          Action: 'kms:*',
          Resource: '*',
        },
      ],
    });
  },
);

behaviour(
  'a policy is replaced whole, in whatever state the key is',
  { source: guide('key-policy-modifying'), covers: ['kms:PutKeyPolicy', 'kms:GetKeyPolicy'] },
  async (aws) => {
    for (const { id } of [await givenKey(aws), await givenDoomedKey(aws)]) {
      await put(aws, id, document(aws, { Sid: 'all' }));
      expect(JSON.parse(await get(aws, id)).Statement).toMatchObject({ Sid: 'all' });
    }
  },
);

behaviour(
  'a policy must be one, and not too long',
  {
    source: api('PutKeyPolicy'),
    covers: ['kms:PutKeyPolicy!MalformedPolicyDocumentException', 'kms:PutKeyPolicy!LimitExceededException'],
  },
  async (aws) => {
    const { id } = await givenKey(aws);
    const before = await get(aws, id);
    await refused(put(aws, id, '{'), 'MalformedPolicyDocumentException');
    await refused(put(aws, id, document(aws, { Effect: 'Maybe' })), 'MalformedPolicyDocumentException');
    await refused(put(aws, id, document(aws, { Principal: undefined })), 'MalformedPolicyDocumentException');
    await refused(put(aws, id, document(aws).padEnd(32_769)), 'LimitExceededException');
    expect(await get(aws, id)).toBe(before);
  },
);

behaviour(
  'nobody locks himself out of a key, unless he insists',
  { source: guide('key-policy-default'), covers: ['kms:PutKeyPolicy!MalformedPolicyDocumentException'] },
  async (aws) => {
    const { id } = await givenKey(aws);
    const lockout = 'The new key policy will not allow you to update the key policy in the future.';
    for (const statement of [
      { Action: 'kms:Decrypt' },
      { Effect: 'Deny' },
      { NotAction: 'kms:Put*', Action: undefined },
    ])
      await refused(put(aws, id, document(aws, statement)), 'MalformedPolicyDocumentException', lockout);
    await put(aws, id, document(aws, { Action: ['kms:Decrypt', 'kms:Put*', 'kms:ScheduleKeyDeletion'] }));
  },
);

behaviour(
  'who insists may lock himself out',
  {
    source: api('PutKeyPolicy'),
    covers: ['kms:PutKeyPolicy'],
    notRemote: 'the key could not be deleted any more, and would cost for ever',
  },
  async (aws) => {
    const { id } = await givenKey(aws);
    await put(aws, id, document(aws, { Action: 'kms:GetKeyPolicy' }), { BypassPolicyLockoutSafetyCheck: true });
    expect(JSON.parse(await get(aws, id)).Statement.Action).toBe('kms:GetKeyPolicy');
  },
);

behaviour(
  'policies are those of keys that are there, by id or ARN',
  {
    source: api('GetKeyPolicy'),
    covers: [
      'kms:GetKeyPolicy!NotFoundException',
      'kms:GetKeyPolicy!InvalidArnException',
      'kms:PutKeyPolicy!NotFoundException',
      'kms:PutKeyPolicy!InvalidArnException',
    ],
  },
  async (aws) => {
    const { id } = await givenKey(aws);
    const alias = await givenAlias(aws, id);
    const supported = 'Key Aliases are not supported for this operation.';
    await refused(get(aws, alias), 'InvalidArnException', supported);
    await refused(put(aws, alias, document(aws)), 'InvalidArnException', supported);
    await refused(get(aws, NOBODY), 'NotFoundException');
    await refused(put(aws, NOBODY, document(aws)), 'NotFoundException');
    await refused(aws.kms.send(new GetKeyPolicyCommand({ KeyId: id, PolicyName: 'other' })), 'NotFoundException');
  },
);
