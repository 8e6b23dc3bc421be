/** In which order resources are made: each after what it refers to or depends on. */
import { attributeNamed, intrinsicOf, PLACEHOLDER, substitution } from './intrinsics.ts';
import { dependsOn, invalid, type ResourceDefinition } from './template.ts';

/** A name that a value mentions, and the attribute that it asks for, if it does. */
export interface Reference {
  readonly name: string;
  readonly attribute?: string;
  readonly path: string;
}

/** Everything a value refers to; of an `Fn::If` only the branch that counts, where `condition` can tell. */
export function references(value: unknown, condition: (name: string) => boolean, path: string): Reference[] {
  const within = (inner: unknown, at: string) => references(inner, condition, at);
  if (Array.isArray(value)) return value.flatMap((item, index) => within(item, `${path}/${index}`));
  if (typeof value !== 'object' || value === null) return [];
  const name = intrinsicOf(value, path);
  if (name === undefined) return Object.entries(value).flatMap(([key, member]) => within(member, `${path}/${key}`));
  const argument = (value as Record<string, unknown>)[name];
  const at = `${path}/${name}`;
  switch (name) {
    case 'Ref':
      return [{ name: String(argument), path: at }];
    case 'Fn::GetAtt': {
      const { logicalId, name: attribute } = attributeNamed(argument, at);
      if (typeof attribute === 'string') return [{ name: logicalId, attribute, path: at }];
      return [{ name: logicalId, path: at }, ...within(attribute, at)];
    }
    case 'Fn::Sub': {
      const { text, values } = substitution(argument, at);
      return [...substituted(text, values, at), ...Object.values(values).flatMap((inner) => within(inner, at))];
    }
    case 'Fn::If': {
      const [test, yes, no] = argument as unknown[];
      return within(condition(String(test)) ? yes : no, at);
    }
    default:
      return within(argument, at);
  }
}

function substituted(text: string, values: Record<string, unknown>, path: string): Reference[] {
  return [...text.matchAll(PLACEHOLDER)]
    .map((match) => match[1]!)
    .filter((name) => !name.startsWith('!') && !Object.hasOwn(values, name))
    .map((name) => {
      if (!name.includes('.')) return { name, path };
      const { logicalId, name: attribute } = attributeNamed(name, path);
      return { name: logicalId, attribute: attribute as string, path };
    });
}

/** Which of `resources` each of them needs, by logical id. */
export function dependencies(
  resources: ReadonlyMap<string, ResourceDefinition>,
  condition: (name: string) => boolean,
): Map<string, Set<string>> {
  const needs = new Map<string, Set<string>>();
  for (const [id, resource] of resources) {
    const mentioned = [resource.Properties ?? {}, resource.UpdatePolicy ?? {}];
    const named = references(mentioned, condition, `Resources/${id}`).map(({ name }) => name);
    // A DependsOn may name a resource that its condition leaves out; CloudFormation then ignores it.
    const all = [...named, ...dependsOn(resource)];
    needs.set(id, new Set(all.filter((name) => resources.has(name))));
  }
  return needs;
}

/**
 * Logical ids so that each comes after all that it needs, otherwise in the order of the template.
 * @throws ServiceError `ValidationError` that names the members of a circle
 */
export function sortByDependency(needs: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const sorted = new Set<string>();
  const path: string[] = [];
  const visit = (id: string) => {
    if (sorted.has(id)) return;
    if (path.includes(id)) {
      const circle = path.slice(path.indexOf(id));
      throw invalid(`Circular dependency between resources: [${circle.join(', ')}]`);
    }
    path.push(id);
    for (const needed of needs.get(id) ?? []) visit(needed);
    path.pop();
    sorted.add(id);
  };
  for (const id of needs.keys()) visit(id);
  return [...sorted];
}
