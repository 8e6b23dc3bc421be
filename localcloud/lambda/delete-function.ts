import type { DeleteFunctionRequest } from '@aws-sdk/client-lambda';
import { type Action, refuseUnknown, ServiceError } from '../service.ts';
import { asLambda } from './acting.ts';
import { stopEnvironment } from './environments.ts';
import { abandon } from './invocations.ts';
import { findFunction, findVersion, parseFunctionName } from './names.ts';
import type { Lambda } from './state.ts';

/** DeleteFunction: a whole function, or one published version. Event source mappings stay, as on AWS, and find no function. */
export const deleteFunction: Action<Lambda, DeleteFunctionRequest, object> = (input, state, context) => {
  refuseUnknown('lambda:DeleteFunction', input, ['FunctionName', 'Qualifier']);
  const { name, qualifier } = parseFunctionName(input.FunctionName, input.Qualifier);
  const found = findFunction(state, context, name);
  if (qualifier !== undefined) {
    const { version } = findVersion(found, qualifier);
    const holder = [...found.aliases.values()].find((alias) => alias.version === version);
    if (version === '$LATEST' || holder !== undefined) {
      throw new ServiceError(
        'ResourceConflictException',
        `Function ${found.arn}:${version} cannot be deleted while it is in use.`,
        {
          status: 409,
        },
      );
    }
    found.versions.delete(version);
  } else {
    state.functions.delete(name);
    for (const requestId of found.waiting.splice(0)) abandon(state, asLambda(context), requestId);
  }
  for (const environment of [...state.environments.values()]) {
    const gone = qualifier === undefined || environment.version.version === qualifier;
    if (environment.functionName === name && gone) stopEnvironment(state, context, environment);
  }
  return {};
};
