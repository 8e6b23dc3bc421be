/**
 * What KMS asks of policies: the key's own must allow, alone or by leaving it to the account's IAM policies (KMS Developer
 * Guide, "Key policies"). And what the other services ask of it when they keep something under a customer's key.
 */

import type { Asked, Authorisation, Demand, Denied, Needs, Requirement } from '../policy/demand.ts';
import type { Principal } from '../service.ts';
import { ServiceError } from '../service.ts';
import { keyIdIn } from './envelope.ts';
import { keyOf } from './resolve.ts';
import type { Keys, StoredKey } from './state.ts';

/** Why a key cannot be used for somebody: the service that needs it says so in its own words. */
export interface KeyProblem {
  readonly kind: 'denied' | 'disabled' | 'pending deletion' | 'missing';
  readonly message: string;
}

/** A service's use of a key, on its caller's part or on its own. */
export interface KeyUse {
  /** Id, ARN, alias or alias ARN. */
  readonly key: string;
  /** For example `GenerateDataKey`. */
  readonly operations: readonly string[];
  /** The service between caller and key, for `kms:ViaService`; none where the service uses the key by itself. */
  readonly via?: string;
  readonly bound?: Readonly<Record<string, string>>;
  readonly as?: Principal;
  /** Where the key is used, if not in the call's region. */
  readonly region?: string;
  /** Undefined: the call goes on without. */
  readonly refuse: (problem: KeyProblem) => ServiceError | undefined;
}

/** What a use of a key needs. Keys that AWS manages for a service are open to all who come by way of the service. */
export function keyNeeds(use: KeyUse, { cloud, region: here }: Asked): readonly Requirement[] {
  const region = use.region ?? here;
  if (/(^|:)alias\/aws\//.test(use.key)) return [];
  const keys = cloud.state<Keys>('kms', region);
  const found = find(use.key, keys, cloud.now());
  if (typeof found === 'string') return obstacle(use, { kind: 'missing', message: found });
  const via = use.via === undefined ? undefined : `${use.via}.${region}.amazonaws.com`;
  const demands = use.operations.map((operation) => ({
    ...demandOn(found, operation, { via, bound: use.bound, keys }),
    ...(use.as === undefined ? {} : { as: use.as }),
    refuse: (message: string, _denied: Denied) => use.refuse({ kind: 'denied', message }),
  }));
  return [...demands, ...unusable(found, use)];
}

function unusable(key: StoredKey, use: KeyUse): readonly Requirement[] {
  if (key.state === 'Enabled') return [];
  const kind = key.state === 'Disabled' ? 'disabled' : 'pending deletion';
  return obstacle(use, { kind, message: `${key.arn} is ${kind}.` });
}

function obstacle(use: KeyUse, problem: KeyProblem): readonly Requirement[] {
  const refusal = use.refuse(problem);
  return refusal === undefined ? [] : [{ refusal }];
}

/** The key, or why there is none. */
function find(name: string, keys: Keys, now: number): StoredKey | string {
  try {
    return keyOf(keys, name, now);
  } catch (error) {
    return (error as Error).message;
  }
}

interface How {
  readonly via?: string | undefined;
  readonly bound?: Readonly<Record<string, string>> | undefined;
  /** Of the key's region. */
  readonly keys: Keys;
}

function demandOn(key: StoredKey, operation: string, { via, bound = {}, keys }: How): Demand {
  const names = Object.keys(bound);
  return {
    action: `kms:${operation}`,
    resource: key.arn,
    policy: key.policy,
    policyMustAllow: true,
    keys: {
      'kms:viaservice': via,
      'kms:resourcealiases': aliasesOf(key, keys),
      'kms:calleraccount': key.arn.split(':')[4],
      'kms:grantisforawsresource': operation === 'CreateGrant' ? String(via !== undefined) : undefined,
      'kms:encryptioncontextkeys': names.length > 0 ? names : undefined,
      ...Object.fromEntries(names.map((name) => [`kms:encryptioncontext:${name.toLowerCase()}`, bound[name]])),
    },
  };
}

/** Undefined where it has none: the condition key is then absent. */
function aliasesOf({ id }: StoredKey, { aliases }: Keys): readonly string[] | undefined {
  const names = [...aliases].flatMap(([name, { target }]) => (target === id ? [name] : []));
  return names.length > 0 ? names : undefined;
}

const onKey =
  (action: string, name: (input: any) => string | undefined): Needs =>
  ({ cloud, region, input }) => {
    const keys = cloud.state<Keys>('kms', region);
    const found = find(name(input) ?? '', keys, cloud.now());
    // What does not exist the action itself refuses, in its own words.
    return typeof found === 'string' ? [] : [demandOn(found, action, { bound: input.EncryptionContext, keys })];
  };

const byId = (input: { KeyId?: string }) => input.KeyId;

const idIn = (blob: Uint8Array | undefined): string | undefined => {
  try {
    return blob && keyIdIn(blob);
  } catch {
    return undefined;
  }
};

/** Aliases and the keys that they stand for are both judged (KMS Developer Guide, "Controlling access to aliases"). */
const onAlias =
  (action: string): Needs =>
  (asked) => {
    const { cloud, region, account, input } = asked;
    const keys = cloud.state<Keys>('kms', region);
    const old = keys.aliases.get(input.AliasName)?.target;
    const targets = [action === 'CreateAlias' ? undefined : old, input.TargetKeyId].filter((id) => id !== undefined);
    return [
      { action: `kms:${action}`, resource: `arn:aws:kms:${region}:${account}:${input.AliasName}` },
      ...targets.flatMap((id) => onKey(action, () => id)(asked)),
    ];
  };

const nothingInParticular =
  (action: string): Needs =>
  () => [{ action: `kms:${action}`, resource: '*' }];

const management = [
  ...['CancelKeyDeletion', 'DescribeKey', 'DisableKey', 'DisableKeyRotation', 'EnableKey', 'EnableKeyRotation'],
  ...['GetKeyPolicy', 'GetKeyRotationStatus', 'ListResourceTags', 'PutKeyPolicy', 'ScheduleKeyDeletion'],
  ...['TagResource', 'UntagResource', 'UpdateKeyDescription'],
];
const use = ['Encrypt', 'GenerateDataKey', 'GenerateDataKeyWithoutPlaintext'];

export const kmsAuthorisation: Authorisation = {
  needs: {
    ...Object.fromEntries([...management, ...use].map((action) => [action, onKey(action, byId)])),
    ...Object.fromEntries(['CreateAlias', 'DeleteAlias', 'UpdateAlias'].map((action) => [action, onAlias(action)])),
    ...Object.fromEntries(['CreateKey', 'ListAliases', 'ListKeys'].map((name) => [name, nothingInParticular(name)])),
    Decrypt: onKey('Decrypt', ({ CiphertextBlob }) => idIn(CiphertextBlob)),
    ReEncrypt: (asked) => {
      const { input } = asked;
      const bound = { EncryptionContext: input.SourceEncryptionContext };
      const from = onKey('ReEncryptFrom', () => idIn(input.CiphertextBlob));
      const to = onKey('ReEncryptTo', () => input.DestinationKeyId);
      return [
        ...from({ ...asked, input: bound }),
        ...to({ ...asked, input: { EncryptionContext: input.DestinationEncryptionContext } }),
      ];
    },
    UseKey: (asked) => {
      const { KeyId, Operations, EncryptionContext } = asked.input;
      // Of the key's state the action tells, in KMS's own words.
      const refuse = ({ kind, message }: KeyProblem) =>
        kind === 'denied' ? new ServiceError('AccessDeniedException', message) : undefined;
      return keyNeeds({ key: KeyId, operations: Operations, bound: EncryptionContext, refuse }, asked);
    },
  },
  refuse: (message) => new ServiceError('AccessDeniedException', message),
};
