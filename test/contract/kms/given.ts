/** What the behaviours of KMS begin with. */
import {
  CreateAliasCommand,
  CreateKeyCommand,
  type CreateKeyCommandInput,
  DeleteAliasCommand,
  EncryptCommand,
  type EncryptCommandInput,
  ScheduleKeyDeletionCommand,
} from '@aws-sdk/client-kms';
import type { Aws } from '../contract.ts';

/** A page of the API reference of KMS. */
export const api = (action: string): string => `https://docs.aws.amazon.com/kms/latest/APIReference/API_${action}.html`;

/** A page of the developer guide of KMS. */
export const guide = (page: string): string => `https://docs.aws.amazon.com/kms/latest/developerguide/${page}.html`;

/** Recordings of AWS: the answers stand in the snapshot beside the tests. */
export const recorded = (test: string): string =>
  `https://github.com/localstack/localstack/blob/0d4768330f496af9f630890e34e8b62238c2c429/tests/aws/services/kms/test_kms.snapshot.json, ${test}`;

/** An id that no key has. */
export const NOBODY = '11111111-2222-4333-8444-555555555555';

export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

export interface GivenKey {
  readonly id: string;
  readonly arn: string;
}

/** A symmetric key; it is deleted after the test, as soon as KMS deletes any. */
export async function givenKey(aws: Aws, input: CreateKeyCommandInput = {}): Promise<GivenKey> {
  const { KeyMetadata } = await aws.kms.send(new CreateKeyCommand(input));
  const KeyId = KeyMetadata!.KeyId!;
  aws.afterwards(() => aws.kms.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 })));
  return { id: KeyId, arn: KeyMetadata!.Arn! };
}

/** A key of whose deletion somebody has thought better or worse: it is pending. */
export async function givenDoomedKey(aws: Aws): Promise<GivenKey> {
  const { KeyMetadata } = await aws.kms.send(new CreateKeyCommand({}));
  const key = { id: KeyMetadata!.KeyId!, arn: KeyMetadata!.Arn! };
  await aws.kms.send(new ScheduleKeyDeletionCommand({ KeyId: key.id, PendingWindowInDays: 7 }));
  return key;
}

export async function givenAlias(aws: Aws, TargetKeyId: string): Promise<string> {
  const AliasName = `alias/${aws.name('contract')}`;
  await aws.kms.send(new CreateAliasCommand({ AliasName, TargetKeyId }));
  aws.afterwards(() => aws.kms.send(new DeleteAliasCommand({ AliasName })));
  return AliasName;
}

/** Encrypts the word `secret`. */
export async function sealed(aws: Aws, KeyId: string, more: Partial<EncryptCommandInput> = {}): Promise<Uint8Array> {
  const request = new EncryptCommand({ KeyId, Plaintext: bytes('secret'), ...more });
  return (await aws.kms.send(request)).CiphertextBlob!;
}
