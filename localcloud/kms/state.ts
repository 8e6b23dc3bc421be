import { ServiceError } from '../service.ts';

/** A symmetric key. */
export interface StoredKey {
  readonly id: string;
  readonly arn: string;
  /** Milliseconds since 1970. */
  readonly created: number;
  /** 32 bytes for AES-256. */
  readonly material: Uint8Array;
  description: string;
  state: 'Enabled' | 'Disabled' | 'PendingDeletion';
  /** When a key that waits for its deletion goes, in milliseconds since 1970. */
  deletion: number | undefined;
  /** The key policy, as it was given. */
  policy: string;
  /** Days between rotations, or undefined while rotation is off. */
  rotation: { readonly days: number; readonly since: number } | undefined;
  readonly tags: Map<string, string>;
}

export interface StoredAlias {
  /** With its prefix: `alias/events`. */
  readonly name: string;
  readonly arn: string;
  readonly created: number;
  updated: number;
  target: string;
}

/** What KMS remembers in a region. */
export interface Keys {
  readonly region: string;
  readonly account: string;
  /** By id. */
  readonly keys: Map<string, StoredKey>;
  /** By name. */
  readonly aliases: Map<string, StoredAlias>;
}

export const createKeys = (region: string, account: string): Keys => ({
  region,
  account,
  keys: new Map(),
  aliases: new Map(),
});

export const arnOf = (state: Keys, resource: string) => `arn:aws:kms:${state.region}:${state.account}:${resource}`;
export const notFound = (message: string) => new ServiceError('NotFoundException', message);
export const invalid = (message: string) => new ServiceError('ValidationException', message);
export const invalidState = (message: string) => new ServiceError('KMSInvalidStateException', message);
