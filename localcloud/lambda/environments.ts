/**
 * Execution environments: where code runs, one invocation at a time. An invocation takes an idle one, or waits for one to
 * be started. What an environment really is, a worker thread or a sandbox, only the driver knows.
 */
import { type Action, type Context, isServiceError, ServiceError } from '../service.ts';
import { type Credentials, issueCredentials } from '../sts/credentials.ts';
import { asLambda, environmentPrincipal } from './acting.ts';
import { folderOf } from './configuration.ts';
import { failInvocation, runInvocation } from './invocations.ts';
import { flushLines } from './log-lines.ts';
import { functionArn } from './names.ts';
import type { Environment, FunctionError, Lambda, LogLine, Version } from './state.ts';
import { environmentVariables } from './variables.ts';

/** AWS ends idle environments when it likes, after some minutes; the dice decide. */
const IDLE_MINUTES = [5, 15] as const;

/** How long an environment may take to load its code: AWS gives 10 s (Lambda Developer Guide, "Init phase"); a busy laptop gets more. */
const START_LIMIT = 30_000;

/** Gives the function's waiting invocations to idle environments, and asks for new ones as long as there is room. */
export function dispatch(state: Lambda, context: Context, name: string): void {
  const found = state.functions.get(name);
  if (!found) return;
  for (const requestId of [...found.waiting]) {
    const invocation = state.invocations.get(requestId)!;
    const idle = environmentsOf(state, name)
      .filter((environment) => environment.status === 'idle' && fits(environment, invocation.version))
      // The one that worked last: so the others grow old and end, as on AWS.
      .sort((a, b) => b.idleSince - a.idleSince)[0];
    if (!idle) continue;
    found.waiting.splice(found.waiting.indexOf(requestId), 1);
    runInvocation(state, context, { environment: idle, invocation });
  }
  const starting = environmentsOf(state, name).filter(({ status }) => status === 'starting');
  for (const requestId of found.waiting) {
    const { version } = state.invocations.get(requestId)!;
    const coming = starting.findIndex((environment) => fits(environment, version));
    if (coming >= 0) starting.splice(coming, 1);
    else if (makeRoom(state, context, name)) startEnvironment(state, context, { name, version });
    else return;
  }
}

const environmentsOf = (state: Lambda, name: string): Environment[] =>
  [...state.environments.values()].filter(({ functionName }) => functionName === name);

const fits = (environment: Environment, version: Version): boolean =>
  environment.version === version && environment.revisionId === version.revisionId;

/** Whether the function may have one more environment, if need be in place of one that idles (for another version). */
function makeRoom(state: Lambda, context: Context, name: string): boolean {
  const environments = environmentsOf(state, name);
  const limit = Math.min(
    state.environmentsPerFunction,
    state.functions.get(name)?.reserved ?? Number.POSITIVE_INFINITY,
  );
  if (environments.length < limit) return true;
  const idle = environments.find(({ status }) => status === 'idle');
  if (idle) stopEnvironment(state, context, idle);
  return idle !== undefined;
}

function startEnvironment(state: Lambda, context: Context, of: { name: string; version: Version }): void {
  const { name, version } = of;
  // At most 64 characters: the id is the session's name too.
  const id = `${name.slice(0, 55)}.${context.dice.hex(8, 'lambda', 'environment', context.region, name)}`;
  const day = new Date(context.now).toISOString().slice(0, 10).replaceAll('-', '/');
  const environment: Environment = {
    id,
    functionName: name,
    version,
    revisionId: version.revisionId,
    logStream: `${day}/[${version.version}]${context.dice.hex(32, 'lambda', 'stream', id)}`,
    startedAt: context.now,
    status: 'starting',
    readyAt: undefined,
    requestId: undefined,
    idleSince: context.now,
    served: 0,
    logging: false,
    lines: [],
  };
  state.environments.set(id, environment);
  const credentials = credentialsFor(environment, context);
  if (isServiceError(credentials)) {
    const { code, message, status } = credentials;
    const error = { errorType: code, errorMessage: message, ...(code.startsWith('KMS') ? { status } : {}) };
    context.later(context.now, 'EnvironmentFailed', { environment: id, error });
    return;
  }
  context.later(context.now + START_LIMIT, 'EnvironmentLate', { environment: id });
  context.ask({
    kind: 'start',
    region: context.region,
    environment: id,
    functionName: name,
    code: folderOf(version.code),
    ...('archive' in version.code ? { files: version.code.archive.files } : {}),
    handler: version.handler,
    variables: environmentVariables(context, environment, credentials),
    memoryMb: version.memoryMb,
  });
}

/**
 * Takes on the function's role and decrypts its variables in the role's name; or says why it cannot. AWS also makes a grant
 * for the role when the function is made; here the role's policy and the key's must allow it by themselves.
 */
function credentialsFor({ id, functionName, version }: Environment, context: Context): Credentials | ServiceError {
  try {
    const credentials = issueCredentials(context, { role: version.role, session: id });
    if (version.kmsKeyArn && Object.keys(version.variables).length > 0) {
      const EncryptionContext = { 'aws:lambda:FunctionArn': functionArn(context, functionName) };
      const input = { KeyId: version.kmsKeyArn, Operations: ['Decrypt'], EncryptionContext };
      context.call({ service: 'kms', action: 'UseKey', input, as: environmentPrincipal(context, version.role, id) });
    }
    return credentials;
  } catch (error) {
    if (!isServiceError(error) || error.status === 501) throw error;
    // STS says AccessDenied, KMS anything else.
    return error.code === 'AccessDenied' ? error : decryptionError(error);
  }
}

/** Lambda's name for what KMS refused (API reference, Invoke). */
function decryptionError({ code, message }: ServiceError): ServiceError {
  const names: Readonly<Record<string, string>> = {
    AccessDeniedException: 'KMSAccessDeniedException',
    DisabledException: 'KMSDisabledException',
    KMSInvalidStateException: 'KMSInvalidStateException',
    NotFoundException: 'KMSNotFoundException',
  };
  const words = `Lambda was unable to decrypt the environment variables. KMS Exception: ${code} KMS Message: ${message}`;
  return new ServiceError(names[code] ?? code, words, { status: 502 });
}

/** The driver's word that the code is loaded. */
export const environmentStarted: Action<Lambda, { environment: string; lines?: LogLine[] }> = (input, state, outer) => {
  const context = asLambda(outer);
  const environment = state.environments.get(input.environment);
  if (environment?.status !== 'starting') return;
  environment.lines.push(...(input.lines ?? []));
  environment.readyAt = context.now;
  becomeIdle(state, context, environment);
  expireLater(context, environment);
};

/** Whether an environment runs what its function no longer is: its version was changed, or deleted. */
function isStale(state: Lambda, { functionName, version, revisionId }: Environment): boolean {
  const found = state.functions.get(functionName);
  const current = version.version === '$LATEST' ? found?.latest : found?.versions.get(version.version);
  return current !== version || version.revisionId !== revisionId;
}

/** The environment is free: it ends if its version has changed or gone meanwhile, else it takes what waits. */
export function becomeIdle(state: Lambda, context: Context, environment: Environment): void {
  environment.status = 'idle';
  environment.requestId = undefined;
  environment.idleSince = context.now;
  if (isStale(state, environment)) stopEnvironment(state, context, environment);
  dispatch(state, context, environment.functionName);
}

/** The driver's word that the code could not be loaded: the invocation it was started for has failed with that error. */
export const environmentFailed: Action<Lambda, { environment: string; error: FunctionError; lines?: LogLine[] }> = (
  input,
  state,
  outer,
) => {
  const context = asLambda(outer);
  const environment = state.environments.get(input.environment);
  if (environment?.status !== 'starting') return;
  environment.lines.push(...(input.lines ?? []));
  const waiting = state.functions.get(environment.functionName)?.waiting ?? [];
  const at = waiting.findIndex((id) => state.invocations.get(id)?.version === environment.version);
  const [requestId] = at < 0 ? [] : waiting.splice(at, 1);
  if (requestId !== undefined) failInvocation(state, context, { requestId, environment, error: input.error });
  dropEnvironment(state, context, environment);
  dispatch(state, context, environment.functionName);
};

export const environmentLate: Action<Lambda, { environment: string }> = ({ environment: id }, state, context) => {
  if (state.environments.get(id)?.status !== 'starting') return;
  context.ask({ kind: 'stop', region: context.region, environment: id });
  const error = { errorType: 'Sandbox.Timedout', errorMessage: `Init timed out after ${START_LIMIT / 1000} seconds` };
  environmentFailed({ environment: id, error }, state, context);
};

/** The driver's word that an environment is no more: a process that exited, ran out of memory or was killed. */
export const environmentExited: Action<Lambda, { environment: string; error: FunctionError; lines?: LogLine[] }> = (
  input,
  state,
  outer,
) => {
  const context = asLambda(outer);
  const environment = state.environments.get(input.environment);
  if (!environment) return;
  if (environment.status === 'starting') {
    environmentFailed(input, state, outer);
    return;
  }
  environment.lines.push(...(input.lines ?? []));
  const { requestId } = environment;
  if (requestId !== undefined) failInvocation(state, context, { requestId, environment, error: input.error });
  dropEnvironment(state, context, environment);
  dispatch(state, context, environment.functionName);
};

function expireLater(context: Context, environment: Environment): void {
  const idle = 60_000 * context.dice.between(...IDLE_MINUTES, 'lambda', 'idle', environment.id);
  context.later(context.now + idle, 'ExpireEnvironment', { environment: environment.id, idle });
}

/** Ends an environment that had nothing to do for `idle` milliseconds; otherwise looks again when that may be so. */
export const expireEnvironment: Action<Lambda, { environment: string; idle: number }> = (input, state, context) => {
  const environment = state.environments.get(input.environment);
  if (!environment) return;
  const due = environment.status === 'idle' ? environment.idleSince + input.idle : context.now + input.idle;
  if (due <= context.now) stopEnvironment(state, asLambda(context), environment);
  else context.later(due, 'ExpireEnvironment', input);
};

/** Ends what runs an old state of the function: idle environments now, the others when they become idle. */
export function retireEnvironments(state: Lambda, context: Context, name: string): void {
  for (const environment of environmentsOf(state, name)) {
    if (isStale(state, environment) && environment.status !== 'busy') stopEnvironment(state, context, environment);
  }
  dispatch(state, asLambda(context), name);
}

export function stopEnvironment(state: Lambda, context: Context, environment: Environment): void {
  dropEnvironment(state, asLambda(context), environment);
  context.ask({ kind: 'stop', region: context.region, environment: environment.id });
}

/** Forgets an environment; its last lines are written. */
export function dropEnvironment(state: Lambda, context: Context, environment: Environment): void {
  state.environments.delete(environment.id);
  flushLines(context, environment);
}
