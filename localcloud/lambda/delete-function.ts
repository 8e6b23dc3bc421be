import type { DeleteFunctionRequest } from '@aws-sdk/client-lambda';
import { type Action, refuseUnknown, ServiceError } from '../service.ts';
import { asLambda } from './acting.ts';
import { retireEnvironments } from './environments.ts';
import { abandon } from './invocations.ts';
import { findFunction, invalid, parseFunctionName } from './names.ts';
import type { Lambda, LambdaFunction } from './state.ts';

function deleteVersion(found: LambdaFunction, version: string): void {
  if (version === '$LATEST') throw invalid('$LATEST version cannot be deleted without deleting the function.');
  if (!/^\d+$/.test(version)) throw invalid('Deletion of aliases is not supported.');
  const holders = [...found.aliases.values()]
    .filter((alias) => alias.version === version || alias.second?.version === version)
    .map(({ name }) => name);
  if (holders.length > 0) {
    throw new ServiceError(
      'ResourceConflictException',
      `Unable to delete version because the following aliases reference it: [${holders.join(', ')}]`,
      { status: 409 },
    );
  }
  found.versions.delete(version);
}

/**
 * DeleteFunction: a whole function, or one published version. What runs goes on until it ends; what waits has failed. Event
 * source mappings stay, as on AWS, and find no function.
 */
export const deleteFunction: Action<Lambda, DeleteFunctionRequest, object> = (input, state, context) => {
  refuseUnknown('lambda:DeleteFunction', input, ['FunctionName', 'Qualifier']);
  const { name, qualifier } = parseFunctionName(input.FunctionName, input.Qualifier);
  const found = findFunction(state, context, name);
  if (qualifier !== undefined) deleteVersion(found, qualifier);
  else state.functions.delete(name);
  const forGood = (requestId: string) =>
    qualifier === undefined || state.invocations.get(requestId)?.version.version === qualifier;
  for (const requestId of found.waiting.filter(forGood)) {
    found.waiting.splice(found.waiting.indexOf(requestId), 1);
    abandon(state, asLambda(context), requestId);
  }
  retireEnvironments(state, context, name);
  return {};
};
