/** Names for keys. */
import type {
  AliasListEntry,
  CreateAliasRequest,
  DeleteAliasRequest,
  ListAliasesRequest,
  ListAliasesResponse,
  UpdateAliasRequest,
} from '@aws-sdk/client-kms';
import { type Action, refuseUnknown, ServiceError } from '../service.ts';
import { PAGE, page } from './pages.ts';
import { forgetDeleted, keyById, refusePending } from './resolve.ts';
import { arnOf, invalid, type Keys, notFound, type StoredAlias, type StoredKey } from './state.ts';

export const createAlias: Action<Keys, CreateAliasRequest, object> = (input, state, context) => {
  refuseUnknown('kms:CreateAlias', input, ['AliasName', 'TargetKeyId']);
  const name = checkAlias(input.AliasName);
  const key = targetKey(state, input.TargetKeyId, context.now);
  forgetDeleted(state, context.now);
  const arn = arnOf(state, name);
  if (state.aliases.has(name))
    throw new ServiceError('AlreadyExistsException', `An alias with the name ${arn} already exists`);
  refuseMore(state, key);
  state.aliases.set(name, { name, arn, created: context.now, updated: context.now, target: key.id });
  return {};
};

export const updateAlias: Action<Keys, UpdateAliasRequest, object> = (input, state, context) => {
  refuseUnknown('kms:UpdateAlias', input, ['AliasName', 'TargetKeyId']);
  forgetDeleted(state, context.now);
  const alias = aliasNamed(state, checkAlias(input.AliasName));
  const key = targetKey(state, input.TargetKeyId, context.now);
  if (alias.target !== key.id) refuseMore(state, key);
  alias.target = key.id;
  alias.updated = context.now;
  return {};
};

export const deleteAlias: Action<Keys, DeleteAliasRequest, object> = (input, state, context) => {
  refuseUnknown('kms:DeleteAlias', input, ['AliasName']);
  forgetDeleted(state, context.now);
  state.aliases.delete(aliasNamed(state, checkAlias(input.AliasName)).name);
  return {};
};

export const listAliases: Action<Keys, ListAliasesRequest, ListAliasesResponse> = (input, state, context) => {
  refuseUnknown('kms:ListAliases', input, ['KeyId', ...PAGE]);
  forgetDeleted(state, context.now);
  const only = input.KeyId === undefined ? undefined : keyById(state, input.KeyId, context.now).id;
  const wanted = [...state.aliases.values()].filter((alias) => only === undefined || alias.target === only);
  const { items, rest } = page(wanted, input, 50);
  return { Aliases: items.map(entry), ...rest };
};

const entry = (alias: StoredAlias): AliasListEntry => ({
  AliasName: alias.name,
  AliasArn: alias.arn,
  TargetKeyId: alias.target,
  CreationDate: new Date(alias.created),
  LastUpdatedDate: new Date(alias.updated),
});

/** @throws ServiceError `ValidationException` for an alias of an alias, `NotFoundException`, `KMSInvalidStateException` */
function targetKey(state: Keys, id: string | undefined, now: number): StoredKey {
  if (/(^|:)alias\//.test(id ?? '')) throw invalid('Aliases must refer to keys. Not aliases');
  const key = keyById(state, id, now);
  refusePending(key);
  return key;
}

/** A key has at most 50 aliases (KMS quotas, "Aliases per KMS key"). */
function refuseMore(state: Keys, key: StoredKey): void {
  if ([...state.aliases.values()].filter(({ target }) => target === key.id).length < 50) return;
  throw new ServiceError('LimitExceededException', `The key ${key.arn} has 50 aliases, and cannot have more`);
}

function aliasNamed(state: Keys, name: string): StoredAlias {
  const alias = state.aliases.get(name);
  if (alias) return alias;
  throw notFound(`Alias ${arnOf(state, name)} is not found.`);
}

/** Names begin with `alias/`; those under `alias/aws/` are AWS's own. */
function checkAlias(name = ''): string {
  if (!name.startsWith('alias/')) throw invalid(`Invalid identifier ${name}: an alias begins with alias/`);
  if (name.startsWith('alias/aws/')) throw new ServiceError('NotAuthorizedException', '');
  if (!/^alias\/[\w/-]{1,250}$/.test(name)) {
    throw new ServiceError('InvalidAliasNameException', `Alias ${name} contains invalid characters`);
  }
  return name;
}
