/** Names of parameters, and selectors of versions (Systems Manager User Guide, "Requirements and constraints for parameter names"). */
import { ServiceError } from '../service.ts';
import {
  findParameter,
  invalid,
  newest,
  type Parameter,
  type Parameters,
  parameterArn,
  type Version,
} from './state.ts';

/** Levels of a hierarchy at most. */
const LEVELS = 15;
/** Characters of a name at most; its ARN takes what is left of 2,048. */
const LONGEST = 1011;

/**
 * Judges the name of a parameter that is to be written.
 * @throws ServiceError `ValidationException`, `AccessDeniedException`, `HierarchyLevelLimitExceededException`
 */
export function checkName(name: string): void {
  if (name.length === 0 || name.length > LONGEST) {
    throw invalid(`Parameter name: must have between 1 and ${LONGEST} characters, not ${name.length}`);
  }
  if (/^\/?aws/i.test(name)) {
    throw new ServiceError('AccessDeniedException', `No access to reserved parameter name: ${name}.`);
  }
  if (/^\/?ssm/i.test(name) || !/^[\w./-]+$/.test(name)) {
    throw invalid(
      'Parameter name: can\'t be prefixed with "ssm" (case-insensitive). If formed as a path, it can consist of sub-paths divided by slash symbol; each sub-path can be formed as a mix of letters, numbers and the following 3 symbols .-_',
    );
  }
  if (name.includes('/') && !name.startsWith('/')) throw invalid('Parameter name must be a fully qualified name.');
  const levels = name.split('/').filter((part) => part !== '').length;
  if (levels > LEVELS) {
    throw new ServiceError(
      'HierarchyLevelLimitExceededException',
      `A hierarchy can have a maximum of ${LEVELS} levels; ${name} has ${levels}.`,
    );
  }
}

/** `name`, `name:3`, `name:label`, or an ARN in place of the name. */
function selectorOf(given: string): { readonly which: string; readonly selector: string | undefined } {
  const parts = /^(arn:[^:]*:[^:]*:[^:]*:[^:]*:[^:]*|[^:]*)(?::(.*))?$/.exec(given);
  return { which: parts?.[1] ?? given, selector: parts?.[2] };
}

/** The ARN of what is asked for by name or ARN, whether it exists or not. */
export function arnOf(where: { readonly region: string; readonly account: string }, given: string): string {
  const { which } = selectorOf(given);
  return which.startsWith('arn:') ? which : parameterArn(where, which);
}

/** @throws ServiceError `ParameterNotFound` */
export function parameterOf(state: Parameters, given: string): Parameter {
  const { which } = selectorOf(given);
  if (!which.startsWith('arn:')) return findParameter(state, which);
  const named = [...state.parameters.values()].find(({ arn }) => arn === which);
  return named ?? findParameter(state, which);
}

/**
 * What a reader means: a parameter and one of its versions, the newest unless a number is given.
 * @throws ServiceError `ParameterNotFound`, `ParameterVersionNotFound`
 */
export function readable(
  state: Parameters,
  given: string,
): { readonly parameter: Parameter; readonly version: Version } {
  const parameter = parameterOf(state, given);
  const { selector } = selectorOf(given);
  if (selector === undefined) return { parameter, version: newest(parameter) };
  const version = parameter.versions.find((one) => String(one.version) === selector);
  if (version) return { parameter, version };
  const what = /^\d+$/.test(selector) ? 'version' : 'version label';
  throw new ServiceError(
    'ParameterVersionNotFound',
    `Systems Manager could not find ${what} ${selector} of ${parameter.name}. Verify the ${what} and try again.`,
  );
}
