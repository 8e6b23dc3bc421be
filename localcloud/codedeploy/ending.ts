/** How a deployment ends, and how traffic goes back where it must. */
import type { AutoRollbackEvent, ErrorInformation } from '@aws-sdk/client-codedeploy';
import { type Context, isServiceError } from '../service.ts';
import { asRole } from '../sts/take-on-role.ts';
import { codedeployFor } from './acting.ts';
import { appSpecOf } from './app-spec.ts';
import { newId } from './new-id.ts';
import { type Deployment, type Deployments, ENDED, type Group, isOver } from './state.ts';

export interface Ending {
  readonly deployment: Deployment;
  readonly status: 'Failed' | 'Stopped';
  readonly occasion: AutoRollbackEvent;
  readonly error: ErrorInformation;
  /** Default: what the deployment's configuration says of the occasion. */
  readonly rollBack?: boolean;
}

export const groupOf = ({ applications }: Deployments, { application, group }: Deployment): Group | undefined =>
  applications.get(application)?.groups.get(group);

/**
 * Calls an action in the name of the group's role.
 * @throws ServiceError when the role cannot be taken on, or may not, or the action refuses
 */
export function inItsName<Output = any>(
  { role, arn }: Pick<Group, 'role' | 'arn'>,
  context: Context,
  call: { readonly service: string; readonly action: string; readonly input: object },
): Output {
  const acting = codedeployFor(arn, context.account);
  return context.call<Output>({ ...call, as: asRole(context, { role, session: 'codedeploy' }, acting) });
}

/** Gives all traffic of the alias to one version. */
export const giveAll = ({ target }: Deployment, version: string) => ({
  service: 'lambda',
  action: 'UpdateAlias',
  input: {
    FunctionName: target.function,
    Name: target.alias,
    FunctionVersion: version,
    RoutingConfig: { AdditionalVersionWeights: {} },
  },
});

export function succeed(deployment: Deployment, context: Context): void {
  deployment.status = 'Succeeded';
  over(deployment, context);
}

/** Ends a deployment before its time. Where it is rolled back, that is over as well: it is a single step. */
export function end(state: Deployments, context: Context, ending: Ending): void {
  const { deployment, status, occasion, error } = ending;
  if (isOver(deployment)) return;
  deployment.status = status;
  deployment.error = error;
  const { enabled = false, events = [] } = deployment.rollback;
  if (ending.rollBack ?? (enabled && events.includes(occasion))) rollBack(state, context, deployment);
  over(deployment, context);
}

function over(deployment: Deployment, context: Context): void {
  deployment.endedAt = context.now;
  delete deployment.waitsFor;
  const { id, target, status, error } = deployment;
  context.note('DeploymentEnded', { deployment: id, ...target, status, ...(error ? { error: error.message } : {}) });
  context.wake(ENDED);
}

/** A deployment of its own, back to the version of before (user guide, "Redeploy and roll back a deployment"). */
function rollBack(state: Deployments, context: Context, failed: Deployment): void {
  const group = groupOf(state, failed);
  const back = { ...failed.target, from: failed.target.to, to: failed.target.from };
  const id = newId(context, failed.group);
  const told = {
    rollbackDeploymentId: id,
    rollbackTriggeringDeploymentId: failed.id,
    rollbackMessage: `Deployment ${failed.id} ${failed.status === 'Stopped' ? 'stopped' : 'failed'}, and traffic went back.`,
  };
  const { error: _, rollbackInfo: _info, waitsFor: _hook, ...same } = failed;
  const rollback: Deployment = {
    ...same,
    id,
    target: back,
    hooks: {},
    revision: appSpecOf({ target: back, hooks: {} }),
    creator: 'codeDeployRollback',
    createdAt: context.now,
    startedAt: context.now,
    endedAt: context.now,
    status: 'Succeeded',
    rollbackInfo: told,
    answered: new Set(),
  };
  try {
    if (group === undefined) throw new Error(`the group ${failed.group} is no more`);
    inItsName(group, context, giveAll(rollback, back.to));
  } catch (error) {
    if (!isServiceError(error) && group !== undefined) throw error;
    rollback.status = 'Failed';
    rollback.error = { code: 'INTERNAL_ERROR', message: (error as Error).message };
  }
  failed.rollbackInfo = told;
  state.deployments.set(id, rollback);
}
