/** What a CloudFormation template may contain, and the refusal by name of what the local cloud would have to ignore. */
import { refuseUnknown, ServiceError } from '../service.ts';

export interface Template {
  readonly AWSTemplateFormatVersion?: string;
  readonly Description?: string;
  readonly Metadata?: unknown;
  readonly Parameters?: Readonly<Record<string, ParameterDefinition>>;
  readonly Mappings?: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
  readonly Conditions?: Readonly<Record<string, unknown>>;
  readonly Rules?: Readonly<Record<string, unknown>>;
  readonly Resources: Readonly<Record<string, ResourceDefinition>>;
  readonly Outputs?: Readonly<Record<string, OutputDefinition>>;
}

export interface ParameterDefinition {
  readonly Type: string;
  readonly Default?: string | number;
  readonly AllowedValues?: readonly (string | number)[];
  readonly AllowedPattern?: string;
  readonly MinLength?: number;
  readonly MaxLength?: number;
  readonly MinValue?: number;
  readonly MaxValue?: number;
  readonly NoEcho?: boolean;
  readonly Description?: string;
  readonly ConstraintDescription?: string;
}

export interface ResourceDefinition {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly Metadata?: Readonly<Record<string, unknown>>;
  readonly DependsOn?: string | readonly string[];
  readonly Condition?: string;
  readonly DeletionPolicy?: 'Delete' | 'Retain' | 'RetainExceptOnCreate' | 'Snapshot';
  readonly UpdateReplacePolicy?: 'Delete' | 'Retain' | 'Snapshot';
  readonly UpdatePolicy?: Readonly<Record<string, unknown>>;
}

export interface OutputDefinition {
  readonly Value: unknown;
  readonly Description?: string;
  readonly Condition?: string;
  readonly Export?: { readonly Name: unknown };
}

const SECTIONS = [
  'AWSTemplateFormatVersion',
  'Description',
  'Metadata',
  'Parameters',
  'Mappings',
  'Conditions',
  'Rules',
  'Resources',
  'Outputs',
];
const MEMBERS = [
  'Type',
  'Properties',
  'Metadata',
  'DependsOn',
  'Condition',
  'DeletionPolicy',
  'UpdateReplacePolicy',
  'UpdatePolicy',
];

/** The rule that CDK's default synthesizer adds to ask whether an account was bootstrapped, which a laptop never is. */
const BOOTSTRAP_RULE = 'CheckBootstrapVersion';

export const invalid = (message: string): ServiceError => new ServiceError('ValidationError', message);

/**
 * Takes a template, given as text or as an object, and refuses sections and resource attributes that have no meaning here.
 * @throws ServiceError `ValidationError`, or `NotImplemented` with the name of what is not supported
 */
export function readTemplate(given: unknown): Template {
  const template = typeof given === 'string' ? parse(given) : given;
  if (typeof template !== 'object' || template === null) throw invalid('Template format error: not an object');
  refuseUnknown('template', template, SECTIONS);
  const { Resources, Rules } = template as Template;
  if (typeof Resources !== 'object' || Object.keys(Resources).length === 0) {
    throw invalid('Template format error: At least one Resources member must be defined.');
  }
  refuseUnknown('template Rules', Rules ?? {}, [BOOTSTRAP_RULE]);
  for (const [id, resource] of Object.entries(Resources)) {
    if (typeof resource?.Type !== 'string') {
      throw invalid(`Template format error: [/Resources/${id}] Every Resources object must contain a Type member.`);
    }
    refuseUnknown(`${resource.Type} ${id}`, resource, MEMBERS);
  }
  return template as Template;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw invalid('Template format error: JSON not well-formed (the local cloud reads JSON templates only).');
  }
}

export const dependsOn = (resource: ResourceDefinition): readonly string[] =>
  typeof resource.DependsOn === 'string' ? [resource.DependsOn] : (resource.DependsOn ?? []);
