/** What a stack's functions may look up: parameters, pseudo parameters, conditions, other stacks' exports, resources that stand. */
import { NO_VALUE, type Scope, truth } from './intrinsics.ts';
import type { Standing } from './resource-type.ts';
import { invalid, type Template } from './template.ts';

export interface ScopeSources {
  readonly template: Template;
  readonly stackId: string;
  readonly stackName: string;
  readonly region: string;
  readonly account: string;
  readonly parameters: ReadonlyMap<string, unknown>;
  /** The resources that stand so far, by logical id. */
  readonly resources: ReadonlyMap<string, Standing>;
  readonly exported: (name: string) => string;
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html */
export const PSEUDO_PARAMETERS = [
  'AWS::AccountId',
  'AWS::NotificationARNs',
  'AWS::NoValue',
  'AWS::Partition',
  'AWS::Region',
  'AWS::StackId',
  'AWS::StackName',
  'AWS::URLSuffix',
];

export function createScope(sources: ScopeSources): Scope {
  const pseudo = new Map<string, unknown>([
    ['AWS::AccountId', sources.account],
    ['AWS::NotificationARNs', []],
    ['AWS::NoValue', NO_VALUE],
    ['AWS::Partition', 'aws'],
    ['AWS::Region', sources.region],
    ['AWS::StackId', sources.stackId],
    ['AWS::StackName', sources.stackName],
    ['AWS::URLSuffix', 'amazonaws.com'],
  ]);
  const standing = (logicalId: string): Standing => {
    const found = sources.resources.get(logicalId);
    if (found) return found;
    throw invalid(
      `Template format error: Unresolved resource dependencies [${logicalId}] in the Resources block of the template`,
    );
  };
  const scope: Scope = {
    mappings: sources.template.Mappings ?? {},
    exported: sources.exported,
    condition: conditions(sources.template, () => scope),
    ref: (name) => {
      if (pseudo.has(name)) return pseudo.get(name);
      if (sources.parameters.has(name)) return sources.parameters.get(name);
      return standing(name).ref;
    },
    attribute: (logicalId, name) => {
      const { attributes } = standing(logicalId);
      if (Object.hasOwn(attributes, name)) return attributes[name];
      throw invalid(`Template error: resource ${logicalId} does not support attribute type ${name} in Fn::GetAtt`);
    },
  };
  return scope;
}

/** The template's conditions, each evaluated once and only when asked for. */
function conditions(template: Template, scope: () => Scope): (name: string) => boolean {
  const known = new Map<string, boolean>();
  const open: string[] = [];
  return (name) => {
    const found = known.get(name);
    if (found !== undefined) return found;
    const definition = template.Conditions?.[name];
    if (definition === undefined) throw invalid(`Template format error: Unresolved condition ${name}`);
    if (open.includes(name)) throw invalid(`Circular dependency between conditions: [${open.join(', ')}]`);
    open.push(name);
    const value = truth(definition, scope(), `Conditions/${name}`);
    open.pop();
    known.set(name, value);
    return value;
  };
}
