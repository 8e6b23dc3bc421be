/** Which key a request means: by id, ARN, alias name or alias ARN; and whether it may be used. */
import { ServiceError } from '../service.ts';
import { arnOf, invalid, invalidState, type Keys, notFound, type StoredKey } from './state.ts';

/**
 * The key itself, named by id or ARN: what management actions take.
 * @throws ServiceError `NotFoundException`, or `InvalidArnException` for an alias
 */
export function keyById(state: Keys, name: string | undefined, now: number): StoredKey {
  const resource = local(state, name);
  if (resource.startsWith('alias/')) {
    throw new ServiceError('InvalidArnException', 'Key Aliases are not supported for this operation.');
  }
  return existing(state, resource.replace(/^key\//, ''), now);
}

/**
 * The key, named by id, ARN, alias name or alias ARN: what DescribeKey and the cryptographic actions take.
 * @throws ServiceError `NotFoundException`
 */
export function keyOf(state: Keys, name: string | undefined, now: number): StoredKey {
  const resource = local(state, name);
  if (!resource.startsWith('alias/')) return keyById(state, name, now);
  const alias = state.aliases.get(resource);
  if (!alias) throw notFound(`Alias ${arnOf(state, resource)} is not found.`);
  return existing(state, alias.target, now);
}

/**
 * The key, if it may encrypt and decrypt at present.
 * @throws ServiceError `NotFoundException`, `DisabledException`, `KMSInvalidStateException`
 */
export function usableKey(state: Keys, name: string | undefined, now: number): StoredKey {
  const key = keyOf(state, name, now);
  refuseDisabled(key);
  return key;
}

/** @throws ServiceError `DisabledException`, `KMSInvalidStateException` (KMS Developer Guide, "Key states of AWS KMS keys") */
export function refuseDisabled(key: StoredKey): void {
  refusePending(key);
  if (key.state === 'Disabled') throw new ServiceError('DisabledException', `${key.arn} is disabled.`);
}

/** @throws ServiceError `KMSInvalidStateException` */
export function refusePending(key: StoredKey): void {
  if (key.state === 'PendingDeletion') throw invalidState(`${key.arn} is pending deletion.`);
}

/** `key/<id>`, `alias/<name>` or an id, without the ARN's head, which must be of this region and account. */
function local(state: Keys, name = ''): string {
  if (name === '')
    throw invalid(
      "1 validation error detected: Value at 'keyId' failed to satisfy constraint: Member must not be null",
    );
  if (!name.startsWith('arn:')) return name;
  const head = arnOf(state, '');
  if (!name.startsWith(head)) throw notFound(`Invalid arn ${name.split(':')[3]}`);
  return name.slice(head.length);
}

const ID = /^(mrk-[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i;

/** Deletion falls due when somebody looks: a waiting period of up to 30 days needs no place on the agenda. */
function existing(state: Keys, id: string, now: number): StoredKey {
  if (!ID.test(id)) throw notFound(`Invalid keyId '${id}'`);
  const key = state.keys.get(id);
  if (key?.deletion !== undefined && key.deletion <= now) forget(state, key);
  else if (key) return key;
  throw notFound(`Key '${arnOf(state, `key/${id}`)}' does not exist`);
}

/** Removes every key whose waiting period is over. */
export function forgetDeleted(state: Keys, now: number): void {
  for (const key of state.keys.values()) if (key.deletion !== undefined && key.deletion <= now) forget(state, key);
}

/** A deleted key takes its aliases along. */
function forget(state: Keys, key: StoredKey): void {
  state.keys.delete(key.id);
  for (const alias of state.aliases.values()) if (alias.target === key.id) state.aliases.delete(alias.name);
}
