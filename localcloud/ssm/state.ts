/** What Systems Manager remembers in one region: of all that it does, Parameter Store. */
import { ServiceError } from '../service.ts';

/** One version of a parameter; it never changes. */
export interface Version {
  readonly version: number;
  readonly value: string;
  /** Milliseconds since 1970. */
  readonly modifiedAt: number;
  /** The ARN of whoever wrote it. */
  readonly modifiedBy: string;
  readonly description?: string;
  readonly allowedPattern?: string;
}

export interface Parameter {
  readonly name: string;
  readonly arn: string;
  readonly type: string;
  /** The newest last, at most a hundred. */
  readonly versions: Version[];
  readonly tags: Map<string, string>;
}

export interface Parameters {
  readonly region: string;
  readonly account: string;
  /** By name. */
  readonly parameters: Map<string, Parameter>;
}

export const createParameters = (region: string, account: string): Parameters => ({
  region,
  account,
  parameters: new Map(),
});

/** In an ARN a name has no slash in front: `parameter/a/b` is `/a/b`, and `parameter/a` is `a`. */
export const parameterArn = (where: { readonly region: string; readonly account: string }, name: string): string =>
  `arn:aws:ssm:${where.region}:${where.account}:parameter/${name.replace(/^\//, '')}`;

/** @throws ServiceError `ParameterNotFound` */
export function findParameter({ parameters }: Parameters, name: string): Parameter {
  const found = parameters.get(name);
  if (found) return found;
  throw new ServiceError('ParameterNotFound', `Parameter ${name} not found.`);
}

export const newest = ({ versions }: Parameter): Version => versions.at(-1)!;

export const invalid = (message: string): ServiceError => new ServiceError('ValidationException', message);

export const unsupported = (what: string): ServiceError =>
  new ServiceError('NotImplemented', `ssm: the local cloud does not support ${what}`, { status: 501 });
