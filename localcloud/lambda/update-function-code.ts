import type { FunctionConfiguration, UpdateFunctionCodeRequest } from '@aws-sdk/client-lambda';
import { type Action, refuseUnknown } from '../service.ts';
import { codeOf, describe, type GivenCode, touch } from './configuration.ts';
import { retireEnvironments } from './environments.ts';
import { findFunction, parseFunctionName, qualifiedArn } from './names.ts';
import { publish } from './publish-version.ts';
import { checkRevision } from './revisions.ts';
import type { Lambda } from './state.ts';

const MEMBERS = ['FunctionName', 'ZipFile', 'LocalPath', 'Publish', 'DryRun', 'RevisionId', 'Architectures'];

/** UpdateFunctionCode, from a ZIP file or, in place of a bucket, from `LocalPath`. Environments with the old code end when they are idle. */
export const updateFunctionCode: Action<Lambda, UpdateFunctionCodeRequest & GivenCode, FunctionConfiguration> = (
  input,
  state,
  context,
) => {
  refuseUnknown('lambda:UpdateFunctionCode', input, MEMBERS);
  const { name } = parseFunctionName(input.FunctionName);
  const found = findFunction(state, context, name);
  checkRevision(input.RevisionId, found.latest.revisionId);
  const code = codeOf({ ZipFile: input.ZipFile, LocalPath: input.LocalPath });
  if (input.DryRun) return describe(found, found.latest, found.arn);
  found.latest.code = code;
  if (input.Architectures) found.latest.architectures = [...input.Architectures];
  touch(found.latest, context, name);
  retireEnvironments(state, context, name);
  if (!input.Publish) return describe(found, found.latest, found.arn);
  const version = publish(found, undefined, context);
  return describe(found, version, qualifiedArn(found, version.version));
};
