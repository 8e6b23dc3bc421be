/**
 * DeployStack, an action of the local cloud's own: creates a stack, or updates the one that stands under the name. It
 * does at once what AWS does in change sets and events: what is unchanged is untouched, what changed is updated or
 * replaced, what left the template is deleted, and a failure takes everything back.
 */
import { type Action, type Context, isServiceError, type Parked, refuseUnknown } from '../service.ts';
import { removeStack } from './delete-stack.ts';
import { type Change, createDeployment, type Deployment, ResourceFailure } from './deployment.ts';
import { discard } from './discard.ts';
import { tellStack } from './events.ts';
import { evaluateOutputs } from './outputs.ts';
import { parameterValues } from './parameters.ts';
import { planResources } from './plan.ts';
import { createScope } from './scope.ts';
import { exportsOf, type Stack, type StackResource, type StackStatus, type Stacks } from './state.ts';
import { invalid, readTemplate, type Template } from './template.ts';
import { advance, cancelAll } from './under-way.ts';

export interface DeployStackRequest {
  readonly StackName: string;
  /** As an object, or as JSON. */
  readonly Template: unknown;
  /** Absolute folders of the assets, by the logical id of the resource that uses them. */
  readonly Assets?: Readonly<Record<string, string>>;
  readonly Parameters?: Readonly<Record<string, string>>;
  readonly Tags?: Stack['tags'];
  readonly EnableTerminationProtection?: boolean;
  readonly ClientRequestToken?: string;
}

export interface DeployStackResult {
  readonly StackId: string;
  readonly StackName: string;
  readonly StackStatus: StackStatus;
  readonly StackStatusReason?: string;
  /** The resource that failed, of a stack that was rolled back. */
  readonly FailedResource?: string;
  readonly Changes: readonly Change[];
  /** What the local cloud does otherwise than AWS would. */
  readonly Warnings: readonly string[];
  readonly Outputs: Readonly<Record<string, string>>;
}

/**
 * @throws ServiceError `ValidationError` or `NotImplemented` when the template cannot be deployed at all. What fails
 * while resources are made is not thrown: the stack is rolled back, and the result says so.
 */
export const deployStack: Action<Stacks, DeployStackRequest, DeployStackResult> = (request, state, context) => {
  const waiting = context.memo.going as { deployment: Deployment; intent: Intent } | undefined;
  if (waiting) {
    waiting.deployment.context = context;
    return goOn(waiting.deployment, waiting.intent);
  }
  refuseUnknown('DeployStack', request, [
    'StackName',
    'Template',
    'Assets',
    'Parameters',
    'Tags',
    'EnableTerminationProtection',
    'ClientRequestToken',
  ]);
  const { StackName: name, Assets: assets = {}, Parameters: given = {} } = request;
  if (!/^[a-zA-Z][-a-zA-Z0-9]{0,127}$/.test(name)) {
    throw invalid(`Value '${name}' at 'stackName' failed to satisfy constraint: [a-zA-Z][-a-zA-Z0-9]*`);
  }
  const template = readTemplate(request.Template);
  const found = state.stacks.get(name);
  if (found?.status === 'DELETE_FAILED' || found?.status.endsWith('IN_PROGRESS')) {
    throw invalid(`Stack:${found.id} is in ${found.status} state and can not be updated.`);
  }
  // A stack whose creation was rolled back cannot be updated; CDK deletes it and begins anew, and so do we.
  const isFailed = found?.status.startsWith('ROLLBACK') ?? false;
  const stack = found && !isFailed ? found : newStack(name, template, context);
  const parameters = parameterValues(template, given);
  const resources = new Map<string, StackResource>();
  const imports = new Set<string>();
  const { region, account } = context;
  const exported = (exportName: string) => importValue(exportName, state, imports);
  const names = { stackName: name, stackId: stack.id, region, account };
  const scope = createScope({ ...names, template, parameters, resources, exported });
  const planned = planResources(template, scope);
  if (found && isFailed) removeStack(found, state, context);
  if (found && isFailed && state.stacks.has(name)) throw invalid(`Stack:${found.id} ${found.reason}`);
  const tags = request.Tags ?? stack.tags;
  const deployment = createDeployment({ stack, state, context, scope, assets, tags, resources, planned });
  return carryOut(deployment, { request, template, parameters, imports, isUpdate: stack === found });
};

const newStack = (name: string, template: Template, { region, account, dice, now }: Context): Stack => ({
  id: `arn:aws:cloudformation:${region}:${account}:stack/${name}/${dice.uuid('cloudformation', region, name)}`,
  name,
  status: 'CREATE_COMPLETE',
  template,
  parameters: {},
  tags: [],
  templateText: '',
  terminationProtection: false,
  events: [],
  resources: new Map(),
  outputs: [],
  imports: new Set(),
  createdAt: now,
});

function importValue(name: string, state: Stacks, imports: Set<string>): string {
  const found = exportsOf(state).find((exported) => exported.name === name);
  if (!found) throw invalid(`No export named ${name} found.`);
  imports.add(name);
  return found.value;
}

interface Intent {
  readonly request: DeployStackRequest;
  readonly template: Template;
  readonly parameters: ReadonlyMap<string, unknown>;
  readonly imports: ReadonlySet<string>;
  readonly isUpdate: boolean;
}

function carryOut(deployment: Deployment, intent: Intent): DeployStackResult | Parked {
  const { stack, state, context } = deployment;
  state.stacks.set(stack.name, stack);
  const doing = intent.isUpdate ? 'UPDATE' : 'CREATE';
  if (intent.request.ClientRequestToken === undefined) delete stack.token;
  else stack.token = intent.request.ClientRequestToken;
  tellStack(stack, context, { status: `${doing}_IN_PROGRESS`, reason: 'User Initiated' });
  return goOn(deployment, intent);
}

/** Goes as far as it can. What waits goes on in another step, and meanwhile nobody else may touch the stack. */
function goOn(deployment: Deployment, intent: Intent): DeployStackResult | Parked {
  const { stack, context } = deployment;
  try {
    const key = advance(deployment);
    if (key !== undefined) {
      stack.status = 'UPDATE_IN_PROGRESS';
      context.memo.going = { deployment, intent };
      return context.park(key, Number.POSITIVE_INFINITY);
    }
    stack.outputs = evaluateOutputs(intent.template, deployment);
  } catch (error) {
    if (!isServiceError(error)) throw error;
    return rollBack(deployment, intent, error);
  }
  return complete(deployment, intent);
}

function complete(deployment: Deployment, intent: Intent): DeployStackResult {
  const { stack, context } = deployment;
  const doing = intent.isUpdate ? 'UPDATE' : 'CREATE';
  if (intent.isUpdate) tellStack(stack, context, { status: 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS' });
  discard(deployment);
  const { request, template, parameters, imports, isUpdate } = intent;
  stack.status = `${doing}_COMPLETE`;
  tellStack(stack, context, { status: stack.status });
  delete stack.reason;
  stack.template = template;
  stack.templateText = textOf(intent);
  stack.parameters = Object.fromEntries([...parameters].map(([key, value]) => [key, String(value)]));
  stack.tags = deployment.tags;
  stack.terminationProtection = request.EnableTerminationProtection ?? stack.terminationProtection;
  stack.resources = deployment.resources;
  stack.imports = imports;
  if (isUpdate) stack.updatedAt = context.now;
  return resultOf(deployment);
}

const textOf = ({ request, template }: Intent): string =>
  typeof request.Template === 'string' ? request.Template : JSON.stringify(template);

/** Takes back what was done, last first. */
function rollBack(deployment: Deployment, intent: Intent, cause: Error): DeployStackResult {
  const { stack } = deployment;
  const prefix = intent.isUpdate ? 'UPDATE_ROLLBACK' : 'ROLLBACK';
  stack.reason = cause.message;
  stack.status = `${prefix}_COMPLETE`;
  tellStack(stack, deployment.context, { status: `${prefix}_IN_PROGRESS`, reason: cause.message });
  cancelAll(deployment);
  for (const undo of deployment.undo.reverse()) {
    try {
      undo();
    } catch (error) {
      if (!isServiceError(error)) throw error;
      stack.status = `${prefix}_FAILED`;
      stack.reason += ` The rollback failed: ${error.message}`;
    }
  }
  stack.resources = new Map([...stack.resources, ...deployment.resources]);
  if (!intent.isUpdate) stack.templateText = textOf(intent);
  tellStack(stack, deployment.context, { status: stack.status });
  return { ...resultOf(deployment), ...(cause instanceof ResourceFailure ? { FailedResource: cause.logicalId } : {}) };
}

const resultOf = ({ stack, changes, warnings }: Deployment): DeployStackResult => ({
  StackId: stack.id,
  StackName: stack.name,
  StackStatus: stack.status,
  ...(stack.reason === undefined ? {} : { StackStatusReason: stack.reason }),
  Changes: changes,
  Warnings: [...warnings],
  Outputs: Object.fromEntries(stack.outputs.map(({ key, value }) => [key, value])),
});
