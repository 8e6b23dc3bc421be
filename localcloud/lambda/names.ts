/** The ways to name a function, and to find what the name stands for. */
import { type Context, ServiceError } from '../service.ts';
import type { Lambda, LambdaFunction, Version } from './state.ts';

export interface FunctionName {
  readonly name: string;
  readonly qualifier: string | undefined;
}

const NAME =
  /^(?:arn:aws:lambda:[a-z0-9-]+:\d{12}:function:|\d{12}:function:|function:)?([\w-]{1,64})(?::([\w$-]{1,128}))?$/;

/**
 * Reads a name (`f`), a name with a qualifier (`f:live`), a partial ARN or an ARN.
 * @throws ServiceError `ValidationException` for anything else
 */
export function parseFunctionName(text: string | undefined, qualifier?: string): FunctionName {
  const [, name, inName] = NAME.exec(text ?? '') ?? [];
  if (name === undefined) {
    throw new ServiceError(
      'ValidationException',
      `1 validation error detected: Value '${text}' at 'functionName' failed to satisfy constraint: Member must satisfy regular expression pattern: ${NAME.source}`,
    );
  }
  if (inName !== undefined && qualifier !== undefined && inName !== qualifier) {
    throw new ServiceError(
      'InvalidParameterValueException',
      'The derived qualifier from the function name does not match the specified qualifier.',
    );
  }
  return { name, qualifier: inName ?? qualifier };
}

export const functionArn = (context: Context, name: string): string =>
  `arn:aws:lambda:${context.region}:${context.account}:function:${name}`;

/** @throws ServiceError `ResourceNotFoundException`, 404 */
export function findFunction(state: Lambda, context: Context, name: string): LambdaFunction {
  const found = state.functions.get(name);
  if (found) return found;
  throw new ServiceError('ResourceNotFoundException', `Function not found: ${functionArn(context, name)}`, {
    status: 404,
  });
}

/** The version that a qualifier stands for: `$LATEST`, a number or an alias. */
export function versionOf(found: LambdaFunction, qualifier: string | undefined): Version | undefined {
  if (qualifier === undefined || qualifier === '$LATEST') return found.latest;
  return found.versions.get(found.aliases.get(qualifier)?.version ?? qualifier);
}

/**
 * The same, where there must be one.
 * @throws ServiceError `ResourceNotFoundException`, 404
 */
export function findVersion(found: LambdaFunction, qualifier: string | undefined): Version {
  const version = versionOf(found, qualifier);
  if (version) return version;
  throw new ServiceError('ResourceNotFoundException', `Function not found: ${found.arn}:${qualifier}`, { status: 404 });
}

/** The ARN as AWS repeats it to the function: with the qualifier only if the caller used one. */
export const qualifiedArn = (found: LambdaFunction, qualifier: string | undefined): string =>
  qualifier === undefined ? found.arn : `${found.arn}:${qualifier}`;

export const queueName = (queueArn: string): string => queueArn.slice(queueArn.lastIndexOf(':') + 1);

/** A queue's URL. Its host is the local cloud's: the SDK sends requests to the host of the URL. */
export const queueUrl = (context: Context, queueArn: string): string =>
  `${context.endpoint}/${queueArn.split(':')[4]}/${queueName(queueArn)}`;

export const invalid = (message: string): ServiceError => new ServiceError('InvalidParameterValueException', message);
