/** Names that stand for a version and can be moved to another. */
import type {
  AliasConfiguration,
  CreateAliasRequest,
  DeleteAliasRequest,
  GetAliasRequest,
  ListAliasesRequest,
  ListAliasesResponse,
  UpdateAliasRequest,
} from '@aws-sdk/client-lambda';
import { type Action, type Context, refuseUnknown, ServiceError } from '../service.ts';
import { findFunction, findVersion, parseFunctionName } from './names.ts';
import { page } from './page.ts';
import { checkRevision } from './revisions.ts';
import { describeRouting, readRouting } from './routing.ts';
import type { Alias, Lambda, LambdaFunction } from './state.ts';

const MEMBERS = ['FunctionName', 'Name', 'FunctionVersion', 'Description', 'RoutingConfig'];

export const createAlias: Action<Lambda, CreateAliasRequest, AliasConfiguration> = (input, state, context) => {
  refuseUnknown('lambda:CreateAlias', input, MEMBERS);
  const found = functionOf(input, state, context);
  const name = input.Name ?? '';
  if (!/^(?!^[0-9]+$)[a-zA-Z0-9-_]{1,128}$/.test(name)) {
    throw new ServiceError(
      'ValidationException',
      `1 validation error detected: Value '${name}' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: (?!^[0-9]+$)([a-zA-Z0-9-_]+)`,
    );
  }
  if (found.aliases.has(name)) {
    throw new ServiceError('ResourceConflictException', `Alias already exists: ${found.arn}:${name}`, { status: 409 });
  }
  const { version } = findVersion(found, input.FunctionVersion);
  const second = readRouting(found, version, input.RoutingConfig);
  const described = { description: input.Description ?? '', revisionId: revision(found, context) };
  const alias: Alias = { name, version, second, ...described };
  found.aliases.set(name, alias);
  return describeAlias(found, alias);
};

export const getAlias: Action<Lambda, GetAliasRequest, AliasConfiguration> = (input, state, context) => {
  refuseUnknown('lambda:GetAlias', input, ['FunctionName', 'Name']);
  const found = functionOf(input, state, context);
  return describeAlias(found, findAlias(found, input.Name));
};

export const updateAlias: Action<Lambda, UpdateAliasRequest, AliasConfiguration> = (input, state, context) => {
  refuseUnknown('lambda:UpdateAlias', input, [...MEMBERS, 'RevisionId']);
  const found = functionOf(input, state, context);
  const alias = findAlias(found, input.Name);
  checkRevision(input.RevisionId, alias.revisionId);
  const { version } = input.FunctionVersion === undefined ? alias : findVersion(found, input.FunctionVersion);
  // Judged before anything is changed. Not mentioned, the weights stay.
  alias.second = input.RoutingConfig ? readRouting(found, version, input.RoutingConfig) : alias.second;
  alias.version = version;
  if (input.Description !== undefined) alias.description = input.Description;
  alias.revisionId = revision(found, context);
  return describeAlias(found, alias);
};

export const deleteAlias: Action<Lambda, DeleteAliasRequest, object> = (input, state, context) => {
  refuseUnknown('lambda:DeleteAlias', input, ['FunctionName', 'Name']);
  functionOf(input, state, context).aliases.delete(input.Name ?? '');
  return {};
};

export const listAliases: Action<Lambda, ListAliasesRequest, ListAliasesResponse> = (input, state, context) => {
  refuseUnknown('lambda:ListAliases', input, ['FunctionName', 'FunctionVersion', 'Marker', 'MaxItems']);
  const found = functionOf(input, state, context);
  const wanted = [...found.aliases.values()].filter(
    ({ version }) => input.FunctionVersion === undefined || version === input.FunctionVersion,
  );
  const { items, next } = page(wanted, input);
  return {
    Aliases: items.map((alias) => describeAlias(found, alias)),
    ...(next === undefined ? {} : { NextMarker: next }),
  };
};

const functionOf = (input: { FunctionName: string | undefined }, state: Lambda, context: Context) =>
  findFunction(state, context, parseFunctionName(input.FunctionName).name);

function findAlias(found: LambdaFunction, name: string | undefined): Alias {
  const alias = found.aliases.get(name ?? '');
  if (alias) return alias;
  throw new ServiceError('ResourceNotFoundException', `Cannot find alias arn: ${found.arn}:${name}`, { status: 404 });
}

const revision = (found: LambdaFunction, context: Context) =>
  context.dice.uuid('lambda', 'alias', context.region, found.name);

const describeAlias = (found: LambdaFunction, alias: Alias): AliasConfiguration => ({
  AliasArn: `${found.arn}:${alias.name}`,
  Name: alias.name,
  FunctionVersion: alias.version,
  Description: alias.description,
  ...describeRouting(alias),
  RevisionId: alias.revisionId,
});
