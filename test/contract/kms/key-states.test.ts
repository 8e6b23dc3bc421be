import {
  CancelKeyDeletionCommand,
  DecryptCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  EnableKeyCommand,
  EncryptCommand,
  ListAliasesCommand,
  ScheduleKeyDeletionCommand,
} from '@aws-sdk/client-kms';
import { expect } from 'vitest';
import { type Aws, behaviour, refused } from '../contract.ts';
import { api, bytes, givenAlias, givenDoomedKey, givenKey, guide, NOBODY, sealed } from './given.ts';

const DAY = 86_400_000;

const encrypt = (aws: Aws, KeyId: string) => aws.kms.send(new EncryptCommand({ KeyId, Plaintext: bytes('x') }));
const decrypt = (aws: Aws, CiphertextBlob: Uint8Array) => aws.kms.send(new DecryptCommand({ CiphertextBlob }));
const disable = (aws: Aws, KeyId: string) => aws.kms.send(new DisableKeyCommand({ KeyId }));
const enable = (aws: Aws, KeyId: string) => aws.kms.send(new EnableKeyCommand({ KeyId }));
const cancel = (aws: Aws, KeyId: string) => aws.kms.send(new CancelKeyDeletionCommand({ KeyId }));
const doom = (aws: Aws, KeyId: string, PendingWindowInDays?: number) =>
  aws.kms.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays }));
const state = async (aws: Aws, KeyId: string) => (await aws.kms.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata!;

behaviour(
  'a disabled key does nothing until it is enabled again',
  {
    source: guide('enabling-keys'),
    covers: ['kms:DisableKey', 'kms:EnableKey', 'kms:Encrypt!DisabledException', 'kms:Decrypt!DisabledException'],
  },
  async (aws) => {
    const { id, arn } = await givenKey(aws);
    const blob = await sealed(aws, id);
    await disable(aws, id);
    expect(await state(aws, id)).toMatchObject({ KeyState: 'Disabled', Enabled: false });
    await refused(encrypt(aws, id), 'DisabledException', `${arn} is disabled.`);
    await refused(decrypt(aws, blob), 'DisabledException', `${arn} is disabled.`);
    await enable(aws, id);
    expect((await decrypt(aws, blob)).Plaintext).toEqual(bytes('secret'));
  },
);

behaviour(
  'a key that is to be deleted does nothing, and comes back disabled if that is called off',
  {
    source: guide('deleting-keys'),
    covers: [
      'kms:ScheduleKeyDeletion',
      'kms:CancelKeyDeletion',
      'kms:Encrypt!KMSInvalidStateException',
      'kms:Decrypt!KMSInvalidStateException',
      'kms:EnableKey!KMSInvalidStateException',
      'kms:DisableKey!KMSInvalidStateException',
      'kms:ScheduleKeyDeletion!KMSInvalidStateException',
      'kms:CancelKeyDeletion!KMSInvalidStateException',
    ],
  },
  async (aws) => {
    const { id, arn } = await givenKey(aws);
    const blob = await sealed(aws, id);
    const said = await doom(aws, id);
    expect(said).toMatchObject({ KeyId: arn, KeyState: 'PendingDeletion', PendingWindowInDays: 30 });
    const told = await state(aws, id);
    expect(told).toMatchObject({ KeyState: 'PendingDeletion', Enabled: false });
    expect(told.DeletionDate).toEqual(said.DeletionDate);
    const pending = `${arn} is pending deletion.`;
    await refused(encrypt(aws, id), 'KMSInvalidStateException', pending);
    await refused(decrypt(aws, blob), 'KMSInvalidStateException', pending);
    for (const act of [enable, disable, doom]) await refused(act(aws, id), 'KMSInvalidStateException', pending);
    expect((await cancel(aws, id)).KeyId).toBe(arn);
    expect(await state(aws, id)).toMatchObject({ KeyState: 'Disabled' });
    await refused(cancel(aws, id), 'KMSInvalidStateException', `${arn} is not pending deletion.`);
    await enable(aws, id);
    expect((await decrypt(aws, blob)).Plaintext).toEqual(bytes('secret'));
  },
);

behaviour(
  'the waiting period is of 7 to 30 days',
  { source: api('ScheduleKeyDeletion'), covers: ['kms:ScheduleKeyDeletion'] },
  async (aws) => {
    const { id } = await givenKey(aws);
    for (const days of [6, 31]) await refused(doom(aws, id, days), 'ValidationException');
    expect((await state(aws, id)).KeyState).toBe('Enabled');
  },
);

behaviour(
  'when the waiting period is over, the key is gone and its aliases with it',
  {
    source: guide('deleting-keys'),
    covers: ['kms:ScheduleKeyDeletion', 'kms:CancelKeyDeletion!NotFoundException'],
    notRemote: 'it takes seven days',
  },
  async (aws) => {
    const { id } = await givenKey(aws);
    const alias = await givenAlias(aws, id);
    const blob = await sealed(aws, id);
    await doom(aws, id, 7);
    await aws.pass(7 * DAY - 60_000);
    expect((await state(aws, alias)).KeyState).toBe('PendingDeletion');
    await aws.pass(60_000);
    await refused(state(aws, id), 'NotFoundException');
    await refused(cancel(aws, id), 'NotFoundException');
    await refused(decrypt(aws, blob), 'AccessDeniedException');
    expect((await aws.kms.send(new ListAliasesCommand({}))).Aliases).toEqual([]);
  },
);

behaviour(
  'the state of a key is changed by its id or ARN, and by no alias',
  {
    source: 'https://github.com/hashicorp/terraform/issues/20813',
    covers: [
      'kms:EnableKey!InvalidArnException',
      'kms:EnableKey!NotFoundException',
      'kms:DisableKey!InvalidArnException',
      'kms:DisableKey!NotFoundException',
      'kms:ScheduleKeyDeletion!InvalidArnException',
      'kms:ScheduleKeyDeletion!NotFoundException',
      'kms:CancelKeyDeletion!InvalidArnException',
      'kms:CancelKeyDeletion!NotFoundException',
    ],
  },
  async (aws) => {
    const alias = await givenAlias(aws, (await givenKey(aws)).id);
    for (const act of [enable, disable, doom, cancel]) {
      await refused(act(aws, alias), 'InvalidArnException', 'Key Aliases are not supported for this operation.');
      await refused(act(aws, NOBODY), 'NotFoundException', /^Key '.*' does not exist$/);
    }
  },
);

behaviour(
  'a key that is to be deleted can still be looked at',
  { source: guide('key-state'), covers: ['kms:DescribeKey'] },
  async (aws) => {
    const doomed = await givenDoomedKey(aws);
    expect((await state(aws, doomed.arn)).KeyState).toBe('PendingDeletion');
  },
);
