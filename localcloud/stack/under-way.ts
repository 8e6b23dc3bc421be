/**
 * Changes that take longer than a step, such as the gradual shift of an alias. A deployment begins them side by side,
 * goes on with what does not need them, and waits for the rest.
 */
import { isServiceError } from '../service.ts';
import { type Deployment, failing, place, updated } from './deployment.ts';
import { resourceContext } from './resources.ts';

/**
 * Places all that can be placed.
 * @returns what to wait for, or undefined when all is done
 * @throws ResourceFailure
 */
export function advance(deployment: Deployment): string | undefined {
  settle(deployment);
  placeWhatCanBe(deployment);
  const [first] = deployment.underWay.values();
  return first?.change.key;
}

/** All but what needs something that is under way, directly or not. What is left is in order, so one look is enough. */
function placeWhatCanBe(deployment: Deployment): void {
  const { left, underWay } = deployment;
  const missing = new Set(underWay.keys());
  deployment.left = left.filter((planned) => {
    const { logicalId, needs } = planned;
    const waits = [...needs].some((name) => missing.has(name));
    if (!waits) place(deployment, planned);
    if (waits || underWay.has(logicalId)) missing.add(logicalId);
    return waits;
  });
}

/** Takes in what has ended. */
function settle(deployment: Deployment): void {
  for (const [logicalId, { wanted, change }] of [...deployment.underWay]) {
    failing(deployment, wanted, () => {
      const standing = change.outcome(resourceContext(deployment, logicalId, wanted.asset));
      if (standing === undefined) return;
      deployment.underWay.delete(logicalId);
      updated(deployment, wanted, standing);
    });
  }
}

/** Ends what is under way, because something else has failed. What cannot be ended has ended. */
export function cancelAll(deployment: Deployment): void {
  for (const [logicalId, { wanted, change }] of deployment.underWay) {
    try {
      change.cancel(resourceContext(deployment, logicalId, wanted.asset));
    } catch (error) {
      if (!isServiceError(error)) throw error;
    }
  }
  deployment.underWay.clear();
}
