import { type Action, refuseUnknown, ServiceError } from '../service.ts';
import { usableKey } from './resolve.ts';
import type { Keys } from './state.ts';

export interface UseKeyRequest {
  readonly KeyId: string;
  /** For example `Decrypt`. */
  readonly Operations: readonly string[];
  readonly EncryptionContext?: Readonly<Record<string, string>>;
}

/**
 * The cloud's own action, not one of AWS: how a service that keeps its data in the clear here uses a key all the same, so
 * that policies and the key's state are heard. It encrypts nothing.
 * @throws ServiceError `NotFoundException`, `DisabledException`, `KMSInvalidStateException`
 */
export const useKey: Action<Keys, UseKeyRequest, { KeyId: string }> = (input, state, context) => {
  if (context.principal.kind === 'admin') {
    throw new ServiceError('AccessDeniedException', 'UseKey is for the services of the cloud', { status: 403 });
  }
  refuseUnknown('kms:UseKey', input, ['KeyId', 'Operations', 'EncryptionContext']);
  return { KeyId: usableKey(state, input.KeyId, context.now).arn };
};
