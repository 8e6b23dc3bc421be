/** How a program ends on an error: with a sentence where somebody was mistaken or refused, with the stack where it is a bug. */
import { DeclarationError } from '../lib/model/declaration-error.ts';
import { RefusedError, UsageError as UnfitError } from '../lib/operate/target.ts';
import { RefusedDeploymentError } from '../localcloud/drive/deploy-to.ts';
import { DeploymentError } from '../localcloud/stack/deploy.ts';
import { UsageError } from './read-options.ts';
import { PortTakenError } from './start/port.ts';

/** Prints it, and returns the exit code: 2 for a mistake in the words, the pipeline or its configuration, 1 for all else. */
export function endOn(error: unknown, usage: string): 1 | 2 {
  console.error(toldOf(error, usage));
  const mistaken = error instanceof DeclarationError || error instanceof UsageError || error instanceof UnfitError;
  return mistaken && !(error instanceof RefusedError) ? 2 : 1;
}

function toldOf(error: unknown, usage: string): unknown {
  if (error instanceof UsageError) return `${error.message}\n\n${usage}`;
  if (error instanceof DeploymentError || error instanceof RefusedDeploymentError) {
    return `✘ ${error.message}\n  What the local cloud knows of AWS, and what it does not: docs/coverage.md`;
  }
  return plain.some((kind) => error instanceof kind) ? (error as Error).message : error;
}

const plain = [DeclarationError, UnfitError, PortTakenError];
