import {
  DecryptCommand,
  DisableKeyCommand,
  DisableKeyRotationCommand,
  EnableKeyRotationCommand,
  GetKeyRotationStatusCommand,
  ListResourceTagsCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-kms';
import { expect } from 'vitest';
import { type Aws, behaviour, refused } from '../contract.ts';
import { api, bytes, givenAlias, givenDoomedKey, givenKey, guide, NOBODY, sealed } from './given.ts';

const DAY = 86_400_000;

const tag = (aws: Aws, KeyId: string, tags: Record<string, string> = { a: '1' }) => {
  const Tags = Object.entries(tags).map(([TagKey, TagValue]) => ({ TagKey, TagValue }));
  return aws.kms.send(new TagResourceCommand({ KeyId, Tags }));
};
const untag = (aws: Aws, KeyId: string, TagKeys = ['a']) => aws.kms.send(new UntagResourceCommand({ KeyId, TagKeys }));
const tags = (aws: Aws, KeyId: string, more: object = {}) =>
  aws.kms.send(new ListResourceTagsCommand({ KeyId, ...more }));
const rotate = (aws: Aws, KeyId: string, RotationPeriodInDays?: number) =>
  aws.kms.send(new EnableKeyRotationCommand({ KeyId, RotationPeriodInDays }));
const stop = (aws: Aws, KeyId: string) => aws.kms.send(new DisableKeyRotationCommand({ KeyId }));
const status = (aws: Aws, KeyId: string) => aws.kms.send(new GetKeyRotationStatusCommand({ KeyId }));

behaviour(
  'tags are put on, changed, taken off and listed in pages',
  {
    source: guide('tagging-keys'),
    covers: [
      'kms:TagResource',
      'kms:UntagResource',
      'kms:ListResourceTags',
      'kms:ListResourceTags!InvalidMarkerException',
    ],
  },
  async (aws) => {
    const { id } = await givenKey(aws);
    await tag(aws, id, { a: '1', b: '2', c: '' });
    await tag(aws, id, { a: '3' });
    await untag(aws, id, ['b', 'never there']);
    const first = await tags(aws, id, { Limit: 1 });
    expect(first.Truncated).toBe(true);
    const rest = await tags(aws, id, { Limit: 1, Marker: first.NextMarker });
    expect(Object.fromEntries([...first.Tags!, ...rest.Tags!].map((one) => [one.TagKey, one.TagValue]))).toEqual({
      a: '3',
      c: '',
    });
    await refused(tags(aws, id, { Marker: 'nonsense' }), 'InvalidMarkerException');
  },
);

behaviour(
  'a tag has the form of one, and a key has fifty of them',
  {
    source: api('TagResource'),
    covers: [
      'kms:TagResource!TagException',
      'kms:TagResource!LimitExceededException',
      'kms:UntagResource!TagException',
    ],
  },
  async (aws) => {
    const { id } = await givenKey(aws);
    await refused(tag(aws, id, { 'aws:a': '1' }), 'TagException');
    await refused(untag(aws, id, ['aws:a']), 'TagException');
    const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, at) => [`k${at}`, 'v']));
    await tag(aws, id, many(50));
    await refused(tag(aws, id, { one: 'more' }), 'LimitExceededException');
  },
);

behaviour(
  'tags are those of keys that are there and stay, by id or ARN',
  {
    source: guide('key-state'),
    covers: [
      'kms:TagResource!NotFoundException',
      'kms:TagResource!InvalidArnException',
      'kms:TagResource!KMSInvalidStateException',
      'kms:UntagResource!NotFoundException',
      'kms:UntagResource!InvalidArnException',
      'kms:UntagResource!KMSInvalidStateException',
      'kms:ListResourceTags!NotFoundException',
      'kms:ListResourceTags!InvalidArnException',
    ],
  },
  async (aws) => {
    const doomed = await givenDoomedKey(aws);
    const alias = await givenAlias(aws, (await givenKey(aws)).id);
    for (const act of [tag, untag]) {
      await refused(act(aws, doomed.id), 'KMSInvalidStateException', `${doomed.arn} is pending deletion.`);
      await refused(act(aws, alias), 'InvalidArnException');
      await refused(act(aws, NOBODY), 'NotFoundException');
    }
    expect((await tags(aws, doomed.id)).Tags).toEqual([]);
    await refused(tags(aws, alias), 'InvalidArnException');
    await refused(tags(aws, NOBODY), 'NotFoundException');
  },
);

behaviour(
  'rotation is on or off, every 365 days unless another period of 90 to 2,560 is asked for',
  {
    source: guide('rotating-keys-enable-disable'),
    covers: ['kms:EnableKeyRotation', 'kms:DisableKeyRotation', 'kms:GetKeyRotationStatus'],
  },
  async (aws) => {
    const { id } = await givenKey(aws);
    expect((await status(aws, id)).KeyRotationEnabled).toBe(false);
    await rotate(aws, id);
    const on = await status(aws, id);
    expect(on).toMatchObject({ KeyRotationEnabled: true, RotationPeriodInDays: 365 });
    await rotate(aws, id, 90);
    const soon = await status(aws, id);
    expect(soon.RotationPeriodInDays).toBe(90);
    expect(on.NextRotationDate!.getTime() - soon.NextRotationDate!.getTime()).toBeGreaterThan(270 * DAY);
    for (const days of [89, 2561]) await refused(rotate(aws, id, days), 'ValidationException');
    await stop(aws, id);
    expect((await status(aws, id)).KeyRotationEnabled).toBe(false);
  },
);

behaviour(
  'after a rotation, what was encrypted before can be read',
  {
    source: guide('rotate-keys'),
    covers: ['kms:EnableKeyRotation', 'kms:GetKeyRotationStatus'],
    notRemote: 'it takes ninety days',
  },
  async (aws) => {
    const { id } = await givenKey(aws);
    const CiphertextBlob = await sealed(aws, id);
    await rotate(aws, id, 90);
    const first = (await status(aws, id)).NextRotationDate!;
    await aws.pass(91 * DAY);
    const second = (await status(aws, id)).NextRotationDate!;
    expect(second.getTime() - first.getTime()).toBe(90 * DAY);
    expect((await aws.kms.send(new DecryptCommand({ CiphertextBlob }))).Plaintext).toEqual(bytes('secret'));
  },
);

behaviour(
  'only a key at work is made to rotate, by its id or ARN',
  {
    source: guide('key-state'),
    covers: [
      'kms:EnableKeyRotation!DisabledException',
      'kms:EnableKeyRotation!InvalidArnException',
      'kms:EnableKeyRotation!KMSInvalidStateException',
      'kms:EnableKeyRotation!NotFoundException',
      'kms:DisableKeyRotation!DisabledException',
      'kms:DisableKeyRotation!InvalidArnException',
      'kms:DisableKeyRotation!KMSInvalidStateException',
      'kms:DisableKeyRotation!NotFoundException',
      'kms:GetKeyRotationStatus!InvalidArnException',
      'kms:GetKeyRotationStatus!KMSInvalidStateException',
      'kms:GetKeyRotationStatus!NotFoundException',
    ],
  },
  async (aws) => {
    const [{ id, arn }, doomed] = [await givenKey(aws), await givenDoomedKey(aws)];
    const alias = await givenAlias(aws, id);
    for (const act of [rotate, stop, status]) {
      await refused(act(aws, doomed.id), 'KMSInvalidStateException', `${doomed.arn} is pending deletion.`);
      await refused(act(aws, alias), 'InvalidArnException');
      await refused(act(aws, NOBODY), 'NotFoundException');
    }
    await aws.kms.send(new DisableKeyCommand({ KeyId: id }));
    for (const act of [rotate, stop]) await refused(act(aws, id), 'DisabledException', `${arn} is disabled.`);
    expect((await status(aws, id)).KeyRotationEnabled).toBe(false);
  },
);
