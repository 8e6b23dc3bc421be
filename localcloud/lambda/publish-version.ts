import type {
  FunctionConfiguration,
  ListVersionsByFunctionRequest,
  ListVersionsByFunctionResponse,
  PublishVersionRequest,
} from '@aws-sdk/client-lambda';
import { type Action, type Context, refuseUnknown } from '../service.ts';
import { describe, sha256Of } from './configuration.ts';
import { findFunction, invalid, parseFunctionName, qualifiedArn } from './names.ts';
import { page } from './page.ts';
import { checkRevision } from './revisions.ts';
import type { Lambda, LambdaFunction, Version } from './state.ts';

/** PublishVersion: freezes `$LATEST` under the next number; if nothing has changed since the last one, AWS answers with that. */
export const publishVersion: Action<Lambda, PublishVersionRequest, FunctionConfiguration> = (input, state, context) => {
  refuseUnknown('lambda:PublishVersion', input, ['FunctionName', 'Description', 'CodeSha256', 'RevisionId']);
  const { name } = parseFunctionName(input.FunctionName);
  const found = findFunction(state, context, name);
  checkRevision(input.RevisionId, found.latest.revisionId);
  const sha256 = sha256Of(found.latest.code);
  if (input.CodeSha256 !== undefined && input.CodeSha256 !== sha256) {
    throw invalid(
      `CodeSHA256 (${input.CodeSha256}) is different from current CodeSHA256 in $LATEST (${sha256}). Please try again with the CodeSHA256 in $LATEST.`,
    );
  }
  const version = publish(found, input.Description, context);
  return describe(found, version, qualifiedArn(found, version.version));
};

/** ListVersionsByFunction: `$LATEST` first, then the numbers. */
export const listVersionsByFunction: Action<Lambda, ListVersionsByFunctionRequest, ListVersionsByFunctionResponse> = (
  input,
  state,
  context,
) => {
  refuseUnknown('lambda:ListVersionsByFunction', input, ['FunctionName', 'Marker', 'MaxItems']);
  const found = findFunction(state, context, parseFunctionName(input.FunctionName).name);
  const { items, next } = page([found.latest, ...found.versions.values()], input);
  return {
    Versions: items.map((version) => describe(found, version, qualifiedArn(found, version.version))),
    ...(next === undefined ? {} : { NextMarker: next }),
  };
};

/** Publishes what `$LATEST` is now. */
export function publish(found: LambdaFunction, description: string | undefined, context: Context): Version {
  const last = [...found.versions.values()].at(-1);
  if (last !== undefined && sameButForNames(last, found.latest)) return last;
  const version: Version = {
    ...found.latest,
    version: String(++found.lastPublished),
    ...(description === undefined ? {} : { description }),
    lastModified: context.now,
    revisionId: context.dice.uuid('lambda', 'revision', context.region, found.name),
  };
  found.versions.set(version.version, version);
  return version;
}

function sameButForNames(a: Version, b: Version): boolean {
  const essence = ({ version: _v, revisionId: _r, lastModified: _l, description: _d, ...rest }: Version) =>
    JSON.stringify(rest);
  return essence(a) === essence(b);
}
