import type { CreateKeyRequest, CreateKeyResponse } from '@aws-sdk/client-kms';
import { type Action, refuseUnknown, ServiceError } from '../service.ts';
import { checkDescription, describe } from './keys.ts';
import { checkPolicy, defaultPolicy } from './policy.ts';
import { arnOf, type Keys, type StoredKey } from './state.ts';
import { addTags } from './tags.ts';

const MEMBERS = [
  'Policy',
  'Description',
  'KeyUsage',
  'KeySpec',
  'CustomerMasterKeySpec',
  'Origin',
  'BypassPolicyLockoutSafetyCheck',
  'Tags',
  'MultiRegion',
];

/** The only values known: symmetric keys of one region, whose material KMS made. */
const ONLY = {
  KeyUsage: 'ENCRYPT_DECRYPT',
  KeySpec: 'SYMMETRIC_DEFAULT',
  CustomerMasterKeySpec: 'SYMMETRIC_DEFAULT',
  Origin: 'AWS_KMS',
  MultiRegion: false,
} as const;

export const createKey: Action<Keys, CreateKeyRequest, CreateKeyResponse> = (input, state, context) => {
  refuseUnknown('kms:CreateKey', input, MEMBERS);
  for (const [member, only] of Object.entries(ONLY)) {
    const value = input[member as keyof typeof ONLY];
    if (value === undefined || value === only) continue;
    throw new ServiceError(
      'NotImplemented',
      `kms:CreateKey: the local cloud does not support ${member} ${value}; only ${only}`,
      {
        status: 501,
      },
    );
  }
  const id = context.dice.uuid('kms', 'key', state.region);
  const key: StoredKey = {
    id,
    arn: arnOf(state, `key/${id}`),
    created: context.now,
    material: new Uint8Array(Buffer.from(context.dice.hex(64, 'kms', 'material', id), 'hex')),
    description: checkDescription(input.Description),
    state: 'Enabled',
    deletion: undefined,
    policy:
      input.Policy === undefined
        ? defaultPolicy(state.account)
        : checkPolicy(input.Policy, { context, isLockoutFine: input.BypassPolicyLockoutSafetyCheck }),
    rotation: undefined,
    tags: new Map(),
  };
  addTags(key.tags, input.Tags);
  state.keys.set(id, key);
  return { KeyMetadata: describe(state, key) };
};
