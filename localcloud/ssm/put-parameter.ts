import type { PutParameterRequest, PutParameterResult } from '@aws-sdk/client-ssm';
import { type Action, type Context, refuseUnknown, ServiceError } from '../service.ts';
import { checkName } from './names.ts';
import { invalid, newest, type Parameter, type Parameters, parameterArn, unsupported, type Version } from './state.ts';
import { tag } from './tags.ts';

const MEMBERS = ['Name', 'Value', 'Type', 'Description', 'Overwrite', 'AllowedPattern', 'Tags', 'Tier', 'DataType'];
const TYPES = ['String', 'StringList', 'SecureString'];
const TIERS = ['Standard', 'Advanced', 'Intelligent-Tiering'];
/** Of the standard tier (Systems Manager User Guide, "Managing parameter tiers"). */
const LONGEST_VALUE = 4096;
const VERSIONS = 100;

/** PutParameter: a new parameter, or with `Overwrite` a new version. The hundred newest are kept. */
export const putParameter: Action<Parameters, PutParameterRequest, PutParameterResult> = (input, state, context) => {
  refuseUnknown('ssm:PutParameter', input, MEMBERS);
  const { Name: name = '', Value: value = '', Tags: tags = [] } = input;
  checkName(name);
  checkKind(input);
  checkValue(value, input.AllowedPattern);
  const existing = state.parameters.get(name);
  if (!existing) {
    if (input.Type === undefined) throw invalid('A parameter type is required when you create a parameter.');
    const parameter: Parameter = {
      name,
      arn: parameterArn(state, name),
      type: input.Type,
      versions: [versionOf(input, 1, context)],
      tags: new Map(),
    };
    tag(parameter, tags);
    state.parameters.set(name, parameter);
    return { Version: 1, Tier: 'Standard' };
  }
  if (input.Overwrite !== true) {
    throw new ServiceError(
      'ParameterAlreadyExists',
      'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
    );
  }
  if (tags.length > 0) {
    throw invalid(
      "Invalid request: tags and overwrite can't be used together. To create a parameter with tags, please remove overwrite flag. To update tags for an existing parameter, please use AddTagsToResource or RemoveTagsFromResource.",
    );
  }
  if (input.Type !== undefined && input.Type !== existing.type) {
    throw new ServiceError(
      'HierarchyTypeMismatchException',
      `The parameter ${name} is a ${existing.type} and cannot become a ${input.Type}; create another.`,
    );
  }
  const before = newest(existing);
  // What a new version does not say of its description, the one before said.
  const description = input.Description ?? before.description;
  const next = versionOf(
    { ...input, ...(description === undefined ? {} : { Description: description }) },
    before.version + 1,
    context,
  );
  existing.versions.push(next);
  if (existing.versions.length > VERSIONS) existing.versions.shift();
  return { Version: next.version, Tier: 'Standard' };
};

function versionOf(input: Partial<PutParameterRequest>, version: number, { now, principal }: Context): Version {
  return {
    version,
    value: input.Value!,
    modifiedAt: now,
    modifiedBy: principal.kind === 'service' ? principal.service : principal.arn,
    ...(input.Description === undefined ? {} : { description: input.Description }),
    ...(input.AllowedPattern === undefined ? {} : { allowedPattern: input.AllowedPattern }),
  };
}

function checkKind({ Type, Tier = 'Standard', DataType = 'text' }: PutParameterRequest): void {
  if (Type !== undefined && !TYPES.includes(Type)) {
    throw new ServiceError(
      'UnsupportedParameterType',
      `The parameter type ${Type} is not supported; it can be ${TYPES.join(', ')}.`,
    );
  }
  if (Type === 'SecureString') throw unsupported('parameters of type SecureString; it knows String and StringList');
  if (!TIERS.includes(Tier)) {
    throw invalid(
      `1 validation error detected: Value '${Tier}' at 'tier' failed to satisfy constraint: Member must satisfy enum value set: [${TIERS.join(', ')}]`,
    );
  }
  if (Tier !== 'Standard') throw unsupported(`parameters of the tier ${Tier}; it knows Standard`);
  if (DataType !== 'text') throw unsupported(`parameters of the data type ${DataType}; it knows text`);
}

function checkValue(value: string, pattern: string | undefined): void {
  if (value === '') {
    throw invalid(
      "1 validation error detected: Value '' at 'value' failed to satisfy constraint: Member must have length greater than or equal to 1",
    );
  }
  if (value.length > LONGEST_VALUE) {
    throw invalid(
      `Standard tier parameters support a maximum parameter value of ${LONGEST_VALUE} characters. To create a larger parameter value, upgrade the parameter to use the advanced-parameter tier. For more information, see https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html`,
    );
  }
  if (pattern !== undefined && !expression(pattern).test(value)) {
    throw new ServiceError(
      'ParameterPatternMismatchException',
      `Parameter value, cannot be validated against allowedPattern: ${pattern}`,
    );
  }
}

function expression(pattern: string): RegExp {
  try {
    return new RegExp(pattern);
  } catch (error) {
    throw new ServiceError(
      'InvalidAllowedPatternException',
      `The request does not meet the regular expression requirement: ${(error as Error).message}`,
    );
  }
}
