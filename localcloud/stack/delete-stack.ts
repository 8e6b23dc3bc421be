/** DeleteStack: everything the stack made is deleted, last first. */
import type { DeleteStackInput } from '@aws-sdk/client-cloudformation';
import { type Action, type Context, isServiceError, refuseUnknown } from '../service.ts';
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
  if (stack.terminationProtection) {
    throw invalid(`Stack [${stack.name}] cannot be deleted while TerminationProtection is enabled`);
  }
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
    return {};
  }
  removeStack(stack, state, context);
  return {};
};

/** Deletes what a stack holds, and the stack unless something could not be deleted. */
export function removeStack(stack: Stack, state: Stacks, context: Context): void {
  const remaining = new Map(stack.resources);
  const failures: string[] = [];
  for (const resource of [...stack.resources.values()].reverse()) {
    const failure = resource.deletionPolicy.startsWith('Retain')
      ? undefined
      : failureToRemove(resource, stack, context);
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
    return;
  }
  stack.status = 'DELETE_COMPLETE';
  delete stack.reason;
  stack.deletedAt = context.now;
  stack.outputs = [];
  stack.imports = new Set();
  state.stacks.delete(stack.name);
  state.deleted.push(stack);
}

function failureToRemove(resource: StackResource, stack: Stack, context: Context): string | undefined {
  try {
    removeResource({ stack, context, warnings: new Set() }, resource);
    return undefined;
  } catch (error) {
    if (!isServiceError(error)) throw error;
    return error.message;
  }
}
