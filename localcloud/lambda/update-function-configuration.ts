import type { FunctionConfiguration, UpdateFunctionConfigurationRequest } from '@aws-sdk/client-lambda';
import { type Action, refuseUnknown } from '../service.ts';
import { applySettings, describe, SETTINGS } from './configuration.ts';
import { retireEnvironments } from './environments.ts';
import { findFunction, parseFunctionName } from './names.ts';
import { checkRevision } from './revisions.ts';
import type { Lambda } from './state.ts';

const MEMBERS = ['FunctionName', 'RevisionId', ...SETTINGS];

/** UpdateFunctionConfiguration. Environments that were started under the old configuration end when they are idle. */
export const updateFunctionConfiguration: Action<Lambda, UpdateFunctionConfigurationRequest, FunctionConfiguration> = (
  input,
  state,
  context,
) => {
  refuseUnknown('lambda:UpdateFunctionConfiguration', input, MEMBERS);
  const { name } = parseFunctionName(input.FunctionName);
  const found = findFunction(state, context, name);
  checkRevision(input.RevisionId, found.latest.revisionId);
  applySettings(found.latest, input, { context, name });
  retireEnvironments(state, context, name);
  return describe(found, found.latest, found.arn);
};
