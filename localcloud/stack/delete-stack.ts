/** DeleteStack: everything the stack made is deleted, last first. */
import type { DeleteStackInput } from '@aws-sdk/client-cloudformation';
import { type Action, type Context, isServiceError, refuseUnknown } from '../service.ts';
import { tellResource, tellStack } from './events.ts';
import { isRepeated } from './request-rules.ts';
import { removeResource } from './resources.ts';
import { importersOf, type Stack, type StackResource, type Stacks } from './state.ts';
import { invalid } from './template.ts';

/**
 * What stands in the way of a deletion is told as AWS tells it, in the status (`DELETE_FAILED`), since the action only
 * asks for the deletion.
 * @throws ServiceError `ValidationError` for a stack under termination protection
 */
export const deleteStack: Action<Stacks, DeleteStackInput, object> = (input, state, context) => {
  refuseUnknown('DeleteStack', input, ['StackName', 'ClientRequestToken']);
  const stack =
    state.stacks.get(input.StackName ?? '') ?? [...state.stacks.values()].find(({ id }) => id === input.StackName);
  if (!stack) return {};
  const { ClientRequestToken: token } = input;
  if (stack.status === 'UPDATE_IN_PROGRESS') {
    throw invalid(`Stack [${stack.name}] cannot be deleted while in status ${stack.status}`);
  }
  if (isRepeated(state, { token, action: 'DeleteStack', stackName: stack.name })) return {};
  if (stack.terminationProtection) {
    throw invalid(`Stack [${stack.name}] cannot be deleted while TerminationProtection is enabled`);
  }
  if (token !== undefined) stack.token = token;
  tellStack(stack, context, { status: 'DELETE_IN_PROGRESS', reason: 'User Initiated' });
  const held = stack.outputs.flatMap(({ exportName }) => {
    const importers =
      exportName === undefined ? [] : importersOf(state, exportName).filter((name) => name !== stack.name);
    return importers.length === 0
      ? []
      : [`Export ${exportName} cannot be deleted as it is in use by ${importers.join(', ')}`];
  });
  if (held.length > 0) {
    stack.status = 'DELETE_FAILED';
    stack.reason = held.join('; ');
    tellStack(stack, context, { status: stack.status, reason: stack.reason });
    return {};
  }
  removeStack(stack, state, context);
  return {};
};

/** Deletes what a stack holds but for what is to be retained, and the stack unless something could not be deleted. */
export function removeStack(stack: Stack, state: Stacks, context: Context): void {
  const remaining = new Map(stack.resources);
  const failures: string[] = [];
  for (const resource of [...stack.resources.values()].reverse()) {
    const failure = failureToRemove(resource, stack, context);
    if (failure === undefined) remaining.delete(resource.logicalId);
    else {
      failures.push(resource.logicalId);
      remaining.set(resource.logicalId, { ...resource, status: 'DELETE_FAILED', reason: failure });
    }
  }
  stack.resources = remaining;
  if (failures.length > 0) {
    stack.status = 'DELETE_FAILED';
    stack.reason = `The following resource(s) failed to delete: [${failures.join(', ')}].`;
    tellStack(stack, context, { status: stack.status, reason: stack.reason });
    return;
  }
  stack.status = 'DELETE_COMPLETE';
  delete stack.reason;
  stack.deletedAt = context.now;
  tellStack(stack, context, { status: stack.status });
  stack.outputs = [];
  stack.imports = new Set();
  state.stacks.delete(stack.name);
  state.deleted.push(stack);
}

/** Why a resource could not be removed, if it could not; one that is to be retained is left alone. */
function failureToRemove(resource: StackResource, stack: Stack, context: Context): string | undefined {
  const told = { ...resource, reason: undefined };
  if (resource.deletionPolicy.startsWith('Retain')) {
    tellResource(stack, context, { ...told, status: 'DELETE_SKIPPED' });
    return undefined;
  }
  tellResource(stack, context, { ...told, status: 'DELETE_IN_PROGRESS' });
  try {
    removeResource({ stack, context, warnings: new Set() }, resource);
    tellResource(stack, context, { ...told, status: 'DELETE_COMPLETE' });
    return undefined;
  } catch (error) {
    if (!isServiceError(error)) throw error;
    tellResource(stack, context, { ...told, status: 'DELETE_FAILED', reason: error.message });
    return error.message;
  }
}
