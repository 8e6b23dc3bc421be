/** One deployment of one stack while it goes on: what was done so far, and how to take it back. */
import { isDeepStrictEqual } from 'node:util';
import { type Context, isServiceError, ServiceError } from '../service.ts';
import { type ResourceHappening, tellResource } from './events.ts';
import { evaluate, type Scope } from './intrinsics.ts';
import type { PlannedResource } from './plan.ts';
import type { ChangeUnderWay, Properties, ResourceType, Standing } from './resource-type.ts';
import { removeResource, resourceContext } from './resources.ts';
import { withStackTags } from './stack-tags.ts';
import type { Stack, StackResource, Stacks } from './state.ts';
import { invalid } from './template.ts';

export interface Change {
  readonly LogicalResourceId: string;
  readonly ResourceType: string;
  readonly PhysicalResourceId: string;
  readonly Change: 'created' | 'updated' | 'replaced' | 'unchanged' | 'deleted' | 'retained';
}

interface DeploymentParts {
  readonly stack: Stack;
  readonly state: Stacks;
  /** Of the present step: one that waits goes on in another. */
  context: Context;
  readonly scope: Scope;
  readonly assets: Readonly<Record<string, string>>;
  /** The stack's, as they are to be. */
  readonly tags: Stack['tags'];
  readonly planned: readonly PlannedResource[];
  /** The resources that stand by now, in the order in which they were placed. The scope reads it. */
  readonly resources: Map<string, StackResource>;
}

export interface Deployment extends DeploymentParts {
  readonly changes: Change[];
  readonly warnings: Set<string>;
  readonly undo: (() => void)[];
  /** What replacements left over, by logical id. */
  readonly replaced: Map<string, StackResource>;
  /** What has not been placed yet, in order. */
  left: readonly PlannedResource[];
  /** Changes that go on, by logical id. */
  readonly underWay: Map<string, { readonly wanted: Wanted; readonly change: ChangeUnderWay }>;
}

export const createDeployment = (parts: DeploymentParts): Deployment => ({
  ...parts,
  changes: [],
  warnings: new Set(),
  undo: [],
  replaced: new Map(),
  left: parts.planned,
  underWay: new Map(),
});

/** A failure that says which resource failed. */
export class ResourceFailure extends ServiceError {
  readonly logicalId: string;
  constructor(logicalId: string, type: string, failed: { to: 'create' | 'update'; cause: ServiceError }) {
    const { to, cause } = failed;
    const why = `${type}: ${cause.message} (${cause.code})`;
    super(cause.code, `The following resource(s) failed to ${to}: [${logicalId}]. ${why}`);
    this.logicalId = logicalId;
  }
}

/**
 * Makes one resource what the template says: leaves it, updates it, replaces it or creates it. An update may go on.
 * @throws ResourceFailure
 */
export const place = (deployment: Deployment, planned: PlannedResource): void =>
  failing(deployment, planned, () => placeResource(deployment, planned));

/** Lets a refusal be the failure of a resource. */
export function failing(deployment: Deployment, planned: PlannedResource, work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!isServiceError(error)) throw error;
    const { logicalId, definition } = planned;
    const before = deployment.stack.resources.get(logicalId);
    const to = before ? 'update' : 'create';
    const reason = `${error.message} (${error.code})`;
    const status = `${to.toUpperCase()}_FAILED`;
    tell(deployment, { logicalId, type: definition.Type, ref: before?.ref, status, reason });
    throw new ResourceFailure(logicalId, definition.Type, { to, cause: error });
  }
}

function placeResource(deployment: Deployment, planned: PlannedResource): void {
  const { stack, scope, assets, tags } = deployment;
  const { logicalId, definition, type } = planned;
  const own = evaluate(definition.Properties ?? {}, scope, `Resources/${logicalId}/Properties`) as Properties;
  const properties = withStackTags(own, type, tags);
  const before = stack.resources.get(logicalId);
  const wanted: Wanted = { ...planned, properties, asset: assets[logicalId] };
  if (before?.type !== type.type) create(deployment, wanted, before);
  else if (isUnchanged(before, wanted)) keep(deployment, wanted, before);
  else if (isReplaced(before, wanted)) create(deployment, wanted, before);
  else update(deployment, wanted, before);
}

export interface Wanted extends PlannedResource {
  readonly properties: Properties;
  readonly asset: string | undefined;
}

const changedProperties = ({ properties: before }: StackResource, { properties: after }: Wanted): string[] =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (name) => !isDeepStrictEqual(before[name], after[name]),
  );

const isUnchanged = (before: StackResource, wanted: Wanted): boolean =>
  changedProperties(before, wanted).length === 0 && before.asset === wanted.asset;

/** @throws ServiceError `ValidationError` when the replacement would need the name of what it replaces */
function isReplaced(before: StackResource, wanted: Wanted): boolean {
  const { type, properties } = wanted;
  const changed = changedProperties(before, wanted);
  if (type.update !== undefined && !changed.some((property) => type.replacement?.includes(property))) return false;
  const name = type.named === undefined ? undefined : properties[type.named];
  if (name === undefined || changed.includes(type.named!)) return true;
  throw invalid(
    `CloudFormation cannot update a stack when a custom-named resource requires replacing. Rename ${name} and update the stack again.`,
  );
}

const tell = ({ stack, context }: Deployment, happening: ResourceHappening): void =>
  tellResource(stack, context, happening);

const NEW = 'Requested update requires the creation of a new physical resource; hence creating one.';

function create(deployment: Deployment, wanted: Wanted, before: StackResource | undefined): void {
  const { logicalId, type, properties } = wanted;
  const doing = before ? 'UPDATE' : 'CREATE';
  const told = { logicalId, type: type.type, properties };
  tell(deployment, { ...told, ref: before?.ref, status: `${doing}_IN_PROGRESS`, reason: before ? NEW : undefined });
  refuseTaken(deployment, type, properties);
  let standing: Standing | undefined;
  deployment.undo.push(() => {
    // "Retain" keeps a resource even when its creation is rolled back; "RetainExceptOnCreate" exists for that reason.
    const made = standing && recordOf(deployment, wanted, standing);
    if (made && made.deletionPolicy !== 'Retain') {
      tell(deployment, { ...told, ref: made.ref, status: 'DELETE_IN_PROGRESS' });
      removeResource(deployment, made);
      tell(deployment, { ...told, ref: made.ref, status: 'DELETE_COMPLETE' });
    }
    deployment.resources.delete(logicalId);
    if (before) deployment.resources.set(logicalId, before);
  });
  const context = resourceContext(deployment, logicalId, wanted.asset);
  standing = type.create(properties, {
    ...context,
    made: (begun) => {
      standing = begun;
    },
  });
  const made = recordOf(deployment, wanted, standing);
  deployment.resources.set(logicalId, made);
  const [initiated, ref] = ['Resource creation Initiated', made.ref];
  tell(deployment, { ...told, ref, status: `${doing}_IN_PROGRESS`, reason: initiated });
  tell(deployment, { ...told, ref, status: `${doing}_COMPLETE` });
  if (before) deployment.replaced.set(logicalId, before);
  note(deployment, made, before ? 'replaced' : 'created');
}

function update(deployment: Deployment, wanted: Wanted, before: StackResource): void {
  const { logicalId, type, properties } = wanted;
  const told = { logicalId, type: type.type, ref: before.ref };
  tell(deployment, { ...told, properties, status: 'UPDATE_IN_PROGRESS' });
  // Pushed first: an update that fails half-way has changed something too.
  deployment.undo.push(() => {
    const now = deployment.resources.get(logicalId) ?? { ...before, properties };
    type.update!(before.properties, now, resourceContext(deployment, logicalId, before.asset));
    deployment.resources.set(logicalId, before);
    tell(deployment, { ...told, properties: before.properties, status: 'UPDATE_COMPLETE' });
  });
  const context = resourceContext(deployment, logicalId, wanted.asset);
  const change = beginGradually(deployment, wanted, before);
  if (change) deployment.underWay.set(logicalId, { wanted, change });
  else updated(deployment, wanted, type.update!(properties, before, context));
}

function beginGradually(deployment: Deployment, wanted: Wanted, existing: StackResource): ChangeUnderWay | undefined {
  const { type, logicalId, definition, properties, asset } = wanted;
  const policies = evaluate(definition.UpdatePolicy ?? {}, deployment.scope, `Resources/${logicalId}/UpdatePolicy`);
  const policy = type.gradually && (policies as Properties)[type.gradually.policy];
  if (!policy) return undefined;
  return type.gradually!.begin({ properties, existing, policy }, resourceContext(deployment, logicalId, asset));
}

/** Takes in an update that has been made. */
export function updated(deployment: Deployment, wanted: Wanted, standing: Standing): void {
  const { logicalId, type, properties } = wanted;
  const made: StackResource = { ...recordOf(deployment, wanted, standing), status: 'UPDATE_COMPLETE' };
  deployment.resources.set(logicalId, made);
  tell(deployment, { logicalId, type: type.type, properties, ref: made.ref, status: 'UPDATE_COMPLETE' });
  note(deployment, made, 'updated');
}

function keep(deployment: Deployment, wanted: Wanted, before: StackResource): void {
  const { DeletionPolicy, UpdateReplacePolicy } = wanted.definition;
  const kept = {
    ...before,
    deletionPolicy: DeletionPolicy ?? 'Delete',
    updateReplacePolicy: UpdateReplacePolicy ?? 'Delete',
  };
  deployment.resources.set(wanted.logicalId, kept);
  note(deployment, kept, 'unchanged');
}

const recordOf = (
  { context }: Deployment,
  { logicalId, type, definition, properties, asset }: Wanted,
  standing: Standing,
): StackResource => ({
  ...standing,
  logicalId,
  type: type.type,
  properties,
  ...(asset === undefined ? {} : { asset }),
  deletionPolicy: definition.DeletionPolicy ?? 'Delete',
  updateReplacePolicy: definition.UpdateReplacePolicy ?? 'Delete',
  changedAt: context.now,
  status: 'CREATE_COMPLETE',
});

/** Adds to the report what became of a resource. */
export function note({ changes }: Deployment, { logicalId, type, ref }: StackResource, change: Change['Change']): void {
  changes.push({ LogicalResourceId: logicalId, ResourceType: type, PhysicalResourceId: ref, Change: change });
}

/** Many AWS create actions succeed on a name that exists already; CloudFormation does not let two resources share one. */
function refuseTaken({ state, stack, resources }: Deployment, type: ResourceType, properties: Properties): void {
  const name = type.named === undefined ? undefined : properties[type.named];
  if (name === undefined) return;
  const others = [...state.stacks.values()].map((other) => (other === stack ? { ...other, resources } : other));
  for (const other of others) {
    for (const resource of other.resources.values()) {
      if (resource.type !== type.type || resource.properties[type.named!] !== name) continue;
      throw new ServiceError('AlreadyExistsException', `${name} already exists in stack ${other.id}`);
    }
  }
}
