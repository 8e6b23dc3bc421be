/** A function's configuration: what may be said of it, and how it is shown. */
import { createHash } from 'node:crypto';
import type { FunctionConfiguration, UpdateFunctionConfigurationRequest } from '@aws-sdk/client-lambda';
import { type Context, refuseUnknown, ServiceError } from '../service.ts';
import { readArchive } from './archive.ts';
import { invalid } from './names.ts';
import type { Code, LambdaFunction, Version } from './state.ts';

/** What may be said of the code: AWS's ZIP file, or the local cloud's own way in place of a bucket. */
export interface GivenCode {
  readonly ZipFile?: Uint8Array | undefined;
  /** Absolute path of a folder with the bundle, for example `index.js`. */
  readonly LocalPath?: string | undefined;
}

/** Members of CreateFunction and UpdateFunctionConfiguration that say how a function runs. */
export type Settings = Pick<
  UpdateFunctionConfigurationRequest,
  | 'Runtime'
  | 'Handler'
  | 'Role'
  | 'Description'
  | 'Timeout'
  | 'MemorySize'
  | 'Environment'
  | 'LoggingConfig'
  | 'TracingConfig'
  | 'KMSKeyArn'
  | 'EphemeralStorage'
>;
export const SETTINGS: readonly (keyof Settings)[] = [
  'Runtime',
  'Handler',
  'Role',
  'Description',
  'Timeout',
  'MemorySize',
  'Environment',
  'LoggingConfig',
  'TracingConfig',
  'KMSKeyArn',
  'EphemeralStorage',
];

/** Variables that Lambda sets and nobody else may (Lambda Developer Guide, "Defined runtime environment variables"). */
const RESERVED_VARIABLES =
  /^(_HANDLER|_X_AMZN_TRACE_ID|AWS_(DEFAULT_)?REGION|AWS_EXECUTION_ENV|AWS_LAMBDA_(FUNCTION_(NAME|MEMORY_SIZE|VERSION)|INITIALIZATION_TYPE|LOG_(GROUP|STREAM)_NAME|RUNTIME_API)|AWS_(ACCESS_KEY(_ID)?|SECRET_ACCESS_KEY|SESSION_TOKEN)|LAMBDA_(TASK_ROOT|RUNTIME_DIR))$/;

export function initialVersion(
  settings: Settings,
  code: GivenCode | undefined,
  context: Context,
  name: string,
): Version {
  return applySettings(
    {
      version: '$LATEST',
      code: codeOf(code),
      runtime: 'nodejs24.x',
      handler: 'index.handler',
      role: '',
      description: '',
      timeoutSeconds: 3,
      memoryMb: 128,
      variables: {},
      architectures: ['x86_64'],
      logging: { LogFormat: 'Text', LogGroup: `/aws/lambda/${name}` },
      tracing: { Mode: 'PassThrough' },
      ephemeralMb: 512,
      lastModified: 0,
      revisionId: '',
    },
    settings,
    { context, name },
  );
}

/** Changes a version by what `settings` says and leaves the rest. @throws ServiceError `InvalidParameterValueException` */
export function applySettings(version: Version, settings: Settings, to: { context: Context; name: string }): Version {
  const { Runtime, Handler, Role, Timeout, MemorySize, Environment, LoggingConfig, EphemeralStorage } = settings;
  if (Runtime !== undefined) version.runtime = nodeRuntime(Runtime);
  if (Handler !== undefined) version.handler = Handler;
  if (Role !== undefined) version.role = roleArn(Role);
  if (settings.Description !== undefined) version.description = settings.Description;
  if (Timeout !== undefined) version.timeoutSeconds = within('timeout', Timeout, [1, 900]);
  if (MemorySize !== undefined) version.memoryMb = within('memorySize', MemorySize, [128, 10_240]);
  if (Environment !== undefined) version.variables = variables(Environment.Variables ?? {});
  if (LoggingConfig !== undefined)
    version.logging = { LogFormat: 'Text', LogGroup: `/aws/lambda/${to.name}`, ...LoggingConfig };
  if (settings.TracingConfig !== undefined) version.tracing = { Mode: settings.TracingConfig.Mode ?? 'PassThrough' };
  if (settings.KMSKeyArn !== undefined) version.kmsKeyArn = settings.KMSKeyArn;
  if (EphemeralStorage?.Size !== undefined)
    version.ephemeralMb = within('ephemeralStorage', EphemeralStorage.Size, [512, 10_240]);
  touch(version, to.context, to.name);
  return version;
}

/** Marks a version as changed, so that environments that hold it as it was are given up. */
export function touch(version: Version, context: Context, name: string): void {
  version.lastModified = context.now;
  version.revisionId = context.dice.uuid('lambda', 'revision', context.region, name);
}

export function describe(found: LambdaFunction, version: Version, arn: string): FunctionConfiguration {
  return {
    FunctionName: found.name,
    FunctionArn: arn,
    Runtime: version.runtime,
    Role: version.role,
    Handler: version.handler,
    CodeSize: 'archive' in version.code ? version.code.archive.size : 0,
    Description: version.description,
    Timeout: version.timeoutSeconds,
    MemorySize: version.memoryMb,
    LastModified: new Date(version.lastModified).toISOString().replace('Z', '+0000'),
    CodeSha256: sha256Of(version.code),
    Version: version.version,
    ...(Object.keys(version.variables).length > 0 ? { Environment: { Variables: { ...version.variables } } } : {}),
    ...(version.kmsKeyArn === undefined ? {} : { KMSKeyArn: version.kmsKeyArn }),
    TracingConfig: version.tracing,
    RevisionId: version.revisionId,
    State: 'Active',
    LastUpdateStatus: 'Successful',
    PackageType: 'Zip',
    Architectures: [...version.architectures],
    EphemeralStorage: { Size: version.ephemeralMb },
    SnapStart: { ApplyOn: 'None', OptimizationStatus: 'Off' },
    LoggingConfig: version.logging,
  };
}

/** @throws ServiceError unless the code is a `ZipFile` or a `LocalPath`, and can be read */
export function codeOf(code: GivenCode | undefined): Code {
  refuseUnknown('lambda: Code', code ?? {}, ['ZipFile', 'LocalPath']);
  const { ZipFile, LocalPath } = code ?? {};
  if (ZipFile instanceof Uint8Array) return { archive: readArchive(ZipFile) };
  if (typeof LocalPath === 'string' && LocalPath !== '') return { folder: LocalPath };
  throw invalid('Please provide a source for function code: a ZipFile, or LocalPath, the absolute path of a folder.');
}

export function sha256Of(code: Code): string {
  if ('archive' in code) return code.archive.sha256;
  // A core does no I/O. An asset's folder is named after the hash of its content, so its path changes when its content does.
  return createHash('sha256').update(code.folder.split(/[\\/]/).at(-1)!).digest('base64');
}

/** Where a function finds its code. */
export const folderOf = (code: Code): string => ('folder' in code ? code.folder : '/var/task');

/** The runtimes of Node.js that functions can still be created with (Lambda Developer Guide, "Lambda runtimes"). */
const NODE = ['nodejs20.x', 'nodejs22.x', 'nodejs24.x'];

function nodeRuntime(runtime: NonNullable<Settings['Runtime']>): NonNullable<Settings['Runtime']> {
  if (NODE.includes(runtime)) return runtime;
  if (!/^(dotnet|java|provided|python|ruby)/.test(runtime)) {
    throw invalid(
      `Value ${runtime} at 'runtime' failed to satisfy constraint: Member must satisfy enum value set: [${NODE.join(', ')}] or be a valid ARN`,
    );
  }
  throw new ServiceError('NotImplemented', `lambda: the local cloud runs nodejs functions only, not ${runtime}`, {
    status: 501,
  });
}

function roleArn(role: string): string {
  if (/^arn:aws[a-zA-Z-]*:iam::\d{12}:role\/?[a-zA-Z_0-9+=,.@\-_/]+$/.test(role)) return role;
  throw new ServiceError(
    'ValidationException',
    `1 validation error detected: Value '${role}' at 'role' failed to satisfy constraint: Member must satisfy regular expression pattern: arn:(aws[a-zA-Z-]*)?:iam::\\d{12}:role/?[a-zA-Z_0-9+=,.@\\-_/]+`,
  );
}

function within(member: string, value: number, [low, high]: readonly [number, number]): number {
  if (Number.isInteger(value) && value >= low && value <= high) return value;
  const bound = value < low ? `greater than or equal to ${low}` : `less than or equal to ${high}`;
  throw new ServiceError(
    'ValidationException',
    `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: Member must have value ${bound}`,
  );
}

function variables(given: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const odd = Object.keys(given).find((name) => !/^[a-zA-Z]([a-zA-Z0-9_])+$/.test(name) && !name.startsWith('_'));
  if (odd !== undefined) {
    throw new ServiceError(
      'ValidationException',
      "1 validation error detected: Value at 'environment.variables' failed to satisfy constraint: Map keys must satisfy constraint: [Member must satisfy regular expression pattern: [a-zA-Z]([a-zA-Z0-9_])+]",
    );
  }
  const text = JSON.stringify(given);
  if (Buffer.byteLength(text) > 4096) {
    throw invalid(
      `Lambda was unable to configure your environment variables because the environment variables you have provided exceeded the 4KB limit. String measured: ${text}`,
    );
  }
  const reserved = Object.keys(given).filter((name) => RESERVED_VARIABLES.test(name));
  if (reserved.length === 0) return { ...given };
  throw invalid(
    `Lambda was unable to configure your environment variables because the environment variables you have provided contains reserved keys that are currently not supported for modification. Reserved keys used in this request: ${reserved.join(', ')}`,
  );
}
