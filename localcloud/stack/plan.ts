/**
 * What a template asks for, judged whole before anything is made: every unknown type, property, attribute and name is
 * found here, so that a template the local cloud cannot honour leaves nothing behind.
 */
import { ServiceError } from '../service.ts';
import type { Scope } from './intrinsics.ts';
import { dependencies, references, sortByDependency } from './order.ts';
import type { ResourceType } from './resource-type.ts';
import { PSEUDO_PARAMETERS } from './scope.ts';
import { invalid, type ResourceDefinition, type Template } from './template.ts';
import { resourceTypes } from './types/index.ts';

export interface PlannedResource {
  readonly logicalId: string;
  readonly definition: ResourceDefinition;
  readonly type: ResourceType;
  /** Logical ids of what must stand before. */
  readonly needs: ReadonlySet<string>;
}

/**
 * The resources whose conditions hold, each after all that it needs.
 * @throws ServiceError `NotImplemented` or `ValidationError`, with everything that is wrong
 */
export function planResources(template: Template, scope: Scope): PlannedResource[] {
  const wanted = new Map(
    Object.entries(template.Resources).filter(
      ([, { Condition }]) => Condition === undefined || scope.condition(Condition),
    ),
  );
  refuseUnsupported(wanted);
  refuseUnresolved(template, wanted, scope);
  const needs = dependencies(wanted, scope.condition);
  return sortByDependency(needs).map((logicalId) => {
    const definition = wanted.get(logicalId)!;
    return { logicalId, definition, type: resourceTypes.get(definition.Type)!, needs: needs.get(logicalId)! };
  });
}

function refuseUnsupported(resources: ReadonlyMap<string, ResourceDefinition>): void {
  const problems: string[] = [];
  for (const [id, { Type, Properties, UpdatePolicy }] of resources) {
    const type = resourceTypes.get(Type);
    if (!type) {
      problems.push(`${Type} ${id}: the local cloud does not support this type`);
      continue;
    }
    for (const policy of Object.keys(UpdatePolicy ?? {})) {
      if (policy !== type.gradually?.policy) problems.push(`${Type} ${id}: the local cloud does not support ${policy}`);
    }
    for (const property of Object.keys(Properties ?? {})) {
      if (type.properties.includes(property)) continue;
      problems.push(
        `${Type} ${id}: the local cloud does not support property ${property}; it knows ${type.properties.join(', ')}`,
      );
    }
  }
  // Once, for there are dozens.
  if (problems.some((problem) => problem.endsWith(' this type')))
    problems.push(`types that it knows: ${[...resourceTypes.keys()].join(', ')}`);
  if (problems.length > 0) throw new ServiceError('NotImplemented', problems.join('\n'), { status: 501 });
}

function refuseUnresolved(template: Template, resources: ReadonlyMap<string, ResourceDefinition>, scope: Scope): void {
  const outputs = Object.entries(template.Outputs ?? {}).filter(
    ([, { Condition }]) => Condition === undefined || scope.condition(Condition),
  );
  const mentioned = [
    ...[...resources].flatMap(([id, { Properties, UpdatePolicy }]) => [
      ...references(Properties ?? {}, scope.condition, `Resources/${id}/Properties`),
      ...references(UpdatePolicy ?? {}, scope.condition, `Resources/${id}/UpdatePolicy`),
    ]),
    ...outputs.flatMap(([id, output]) => references(output, scope.condition, `Outputs/${id}`)),
  ];
  const isKnown = (name: string) =>
    resources.has(name) || PSEUDO_PARAMETERS.includes(name) || template.Parameters?.[name] !== undefined;
  const depended = [...resources.values()].flatMap(({ DependsOn }) => DependsOn ?? []);
  const unresolved = [
    ...mentioned.map(({ name }) => name).filter((name) => !isKnown(name)),
    ...depended.filter((name) => template.Resources[name] === undefined),
  ];
  if (unresolved.length > 0) {
    const names = [...new Set(unresolved)].join(', ');
    throw invalid(
      `Template format error: Unresolved resource dependencies [${names}] in the Resources block of the template`,
    );
  }
  for (const { name, attribute, path } of mentioned) {
    const definition = resources.get(name);
    if (attribute === undefined || !definition) continue;
    if (resourceTypes.get(definition.Type)!.attributes.includes(attribute)) continue;
    throw invalid(
      `Template error: resource ${name} does not support attribute type ${attribute} in Fn::GetAtt (at ${path})`,
    );
  }
}
