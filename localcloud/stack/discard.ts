/** What a deployment deletes once everything else has succeeded. */
import { isServiceError } from '../service.ts';
import { type Deployment, note } from './deployment.ts';
import { tellResource } from './events.ts';
import { removeResource } from './resources.ts';

/** Deletes, last first, what was replaced and what the template no longer has. A failure here undoes nothing. */
export function discard(deployment: Deployment): void {
  const { stack, context, resources, replaced, warnings } = deployment;
  const gone = [...stack.resources.values()].filter(
    ({ logicalId }) => replaced.has(logicalId) || !resources.has(logicalId),
  );
  for (const resource of gone.reverse()) {
    const policy = replaced.has(resource.logicalId) ? resource.updateReplacePolicy : resource.deletionPolicy;
    if (policy.startsWith('Retain')) {
      tellResource(stack, context, { ...resource, status: 'DELETE_SKIPPED', reason: undefined });
      note(deployment, resource, 'retained');
      continue;
    }
    try {
      tellResource(stack, context, { ...resource, status: 'DELETE_IN_PROGRESS', reason: undefined });
      removeResource(deployment, resource);
      tellResource(stack, context, { ...resource, status: 'DELETE_COMPLETE', reason: undefined });
      note(deployment, resource, 'deleted');
    } catch (error) {
      if (!isServiceError(error)) throw error;
      tellResource(stack, context, { ...resource, status: 'DELETE_FAILED', reason: error.message });
      warnings.add(`${resource.type} ${resource.logicalId}: ${resource.ref} could not be deleted: ${error.message}`);
    }
  }
}
