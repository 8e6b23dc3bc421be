import type {
  FunctionConfiguration,
  GetFunctionConfigurationRequest,
  GetFunctionRequest,
  GetFunctionResponse,
} from '@aws-sdk/client-lambda';
import { type Action, refuseUnknown } from '../service.ts';
import { describe } from './configuration.ts';
import { findFunction, findVersion, parseFunctionName, qualifiedArn } from './names.ts';
import type { Code, Lambda } from './state.ts';

const MEMBERS = ['FunctionName', 'Qualifier'];

/** GetFunction. `Code.Location` is no URL of a bucket, for the code has never left this machine. */
export const getFunction: Action<Lambda, GetFunctionRequest, GetFunctionResponse> = (input, state, context) => {
  refuseUnknown('lambda:GetFunction', input, MEMBERS);
  const { name, qualifier } = parseFunctionName(input.FunctionName, input.Qualifier);
  const found = findFunction(state, context, name);
  const version = findVersion(found, qualifier);
  return {
    Configuration: describe(found, version, qualifiedArn(found, qualifier)),
    Code: { RepositoryType: 'S3', Location: locationOf(version.code) },
    ...(found.tags.size > 0 ? { Tags: Object.fromEntries(found.tags) } : {}),
    ...(found.reserved === undefined ? {} : { Concurrency: { ReservedConcurrentExecutions: found.reserved } }),
  };
};

const locationOf = (code: Code): string =>
  'folder' in code ? `file://${code.folder}` : `data:application/zip;base64,${code.archive.zip}`;

/** GetFunctionConfiguration. */
export const getFunctionConfiguration: Action<Lambda, GetFunctionConfigurationRequest, FunctionConfiguration> = (
  input,
  state,
  context,
) => {
  refuseUnknown('lambda:GetFunctionConfiguration', input, MEMBERS);
  const { name, qualifier } = parseFunctionName(input.FunctionName, input.Qualifier);
  const found = findFunction(state, context, name);
  return describe(found, findVersion(found, qualifier), qualifiedArn(found, qualifier));
};
