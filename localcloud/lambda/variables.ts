/** What an environment finds in `process.env`. */
import type { Context } from '../service.ts';
import type { Credentials } from '../sts/credentials.ts';
import { folderOf } from './configuration.ts';
import type { Environment } from './state.ts';

/** The function's own variables, and those that Lambda defines (Developer Guide, "Defined runtime environment variables"). */
export function environmentVariables(
  context: Context,
  environment: Environment,
  credentials: Credentials,
): Readonly<Record<string, string>> {
  const { version } = environment;
  return {
    ...version.variables,
    AWS_REGION: context.region,
    AWS_DEFAULT_REGION: context.region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken,
    // Not one of Lambda's: it keeps the SDK on this machine.
    AWS_ENDPOINT_URL: context.endpoint,
    AWS_EXECUTION_ENV: `AWS_Lambda_${version.runtime}`,
    AWS_LAMBDA_FUNCTION_NAME: environment.functionName,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(version.memoryMb),
    AWS_LAMBDA_FUNCTION_VERSION: version.version,
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: version.logging.LogGroup!,
    AWS_LAMBDA_LOG_STREAM_NAME: environment.logStream,
    ...(version.logging.LogFormat === 'JSON'
      ? { AWS_LAMBDA_LOG_FORMAT: 'JSON', AWS_LAMBDA_LOG_LEVEL: version.logging.ApplicationLogLevel ?? 'INFO' }
      : {}),
    LAMBDA_TASK_ROOT: folderOf(version.code),
    _HANDLER: version.handler,
    TZ: ':UTC',
    LANG: 'en_US.UTF-8',
  };
}
