import type { FunctionConfiguration, UpdateFunctionCodeRequest } from '@aws-sdk/client-lambda';
import { type Action, refuseUnknown } from '../service.ts';
import { describe, type LocalCode, localPath, touch } from './configuration.ts';
import { retireEnvironments } from './environments.ts';
import { findFunction, parseFunctionName, qualifiedArn } from './names.ts';
import { publish } from './publish-version.ts';
import type { Lambda } from './state.ts';

const MEMBERS = ['FunctionName', 'LocalPath', 'Publish', 'DryRun', 'RevisionId', 'Architectures'];

/** UpdateFunctionCode, with `LocalPath` in place of a ZIP file. Environments with the old code end when they are idle. */
export const updateFunctionCode: Action<Lambda, UpdateFunctionCodeRequest & LocalCode, FunctionConfiguration> = (
  input,
  state,
  context,
) => {
  refuseUnknown('lambda:UpdateFunctionCode', input, MEMBERS);
  const { name } = parseFunctionName(input.FunctionName);
  const found = findFunction(state, context, name);
  const code = localPath({ LocalPath: input.LocalPath });
  if (input.DryRun) return describe(found, found.latest, found.arn);
  found.latest.code = code;
  if (input.Architectures) found.latest.architectures = [...input.Architectures];
  touch(found.latest, context, name);
  retireEnvironments(state, context, name);
  if (!input.Publish) return describe(found, found.latest, found.arn);
  const version = publish(found, undefined, context);
  return describe(found, version, qualifiedArn(found, version.version));
};
