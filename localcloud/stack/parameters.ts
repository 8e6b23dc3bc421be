/** The values of a template's parameters: what was given, else the default, held against the declared constraints. */
import { ServiceError } from '../service.ts';
import { invalid, type ParameterDefinition, type Template } from './template.ts';

/** CDK's bootstrap version is looked up in Systems Manager on AWS. Only the bootstrap rule reads it, and that rule is not evaluated here. */
const BOOTSTRAP_PARAMETER = 'BootstrapVersion';

type Values = Readonly<Record<string, string>>;

/**
 * @throws ServiceError `ValidationError` when a value is missing, unknown or outside its constraints
 */
export function parameterValues(template: Template, given: Values): Map<string, unknown> {
  const declared = Object.entries(template.Parameters ?? {});
  const unknown = Object.keys(given).filter((name) => !template.Parameters?.[name]);
  if (unknown.length > 0) throw invalid(`Parameters: [${unknown.join(', ')}] do not exist in the template`);
  const missing = declared.filter(([name, { Default }]) => given[name] === undefined && Default === undefined);
  if (missing.length > 0) throw invalid(`Parameters: [${missing.map(([name]) => name).join(', ')}] must have values`);
  return new Map(
    declared.map(([name, definition]) => {
      const text = String(given[name] ?? definition.Default);
      return [name, convert(name, definition, text)];
    }),
  );
}

function convert(name: string, definition: ParameterDefinition, text: string): unknown {
  check(name, definition, text);
  switch (definition.Type) {
    case 'String':
      return text;
    case 'Number':
      return Number(text);
    case 'CommaDelimitedList':
      return text.split(',').map((item) => item.trim());
    case 'List<Number>':
      return text.split(',').map(Number);
    default:
      if (name === BOOTSTRAP_PARAMETER) return text;
      throw new ServiceError(
        'NotImplemented',
        `parameter ${name}: the local cloud does not support the type ${definition.Type}`,
        {
          status: 501,
        },
      );
  }
}

function check(name: string, definition: ParameterDefinition, text: string): void {
  const { AllowedValues, AllowedPattern, MinLength, MaxLength, MinValue, MaxValue, ConstraintDescription } = definition;
  const refuse = (why: string) => {
    throw invalid(
      `Parameter '${name}' ${ConstraintDescription ? `failed to satisfy constraint: ${ConstraintDescription}` : why}`,
    );
  };
  if (definition.Type === 'Number' && (text.trim() === '' || Number.isNaN(Number(text)))) refuse('must be a number.');
  if (AllowedValues && !AllowedValues.map(String).includes(text))
    refuse(`must be one of AllowedValues: ${AllowedValues.join(', ')}`);
  if (AllowedPattern && !new RegExp(`^(?:${AllowedPattern})$`).test(text))
    refuse(`must match pattern ${AllowedPattern}`);
  if (MinLength !== undefined && text.length < MinLength) refuse(`must contain at least ${MinLength} characters`);
  if (MaxLength !== undefined && text.length > MaxLength) refuse(`must contain at most ${MaxLength} characters`);
  if (MinValue !== undefined && Number(text) < MinValue) refuse(`must be a number not less than ${MinValue}`);
  if (MaxValue !== undefined && Number(text) > MaxValue) refuse(`must be a number not greater than ${MaxValue}`);
}
