/** What Lambda remembers in one region. */
import type {
  Architecture,
  FunctionResponseType,
  LoggingConfig,
  RecursiveLoop,
  Runtime,
  TracingConfigResponse,
} from '@aws-sdk/client-lambda';
import type { Archive } from './archive.ts';
import type { Share } from './routing.ts';

export interface Lambda {
  /** How many execution environments a function may have here; what waits for one waits, it is not throttled. */
  readonly environmentsPerFunction: number;
  /** By name. */
  readonly functions: Map<string, LambdaFunction>;
  /** By UUID. */
  readonly mappings: Map<string, EventSourceMapping>;
  /** Execution environments that start, work or wait for work, by id. */
  readonly environments: Map<string, Environment>;
  /** Invocations that have not ended, by request id. */
  readonly invocations: Map<string, Invocation>;
  /** How the invocations ended whose callers have not fetched the answer yet, by request id. */
  readonly results: Map<string, Result>;
}

/** Where the code is: in a folder of this machine, by its absolute path, or in the ZIP file that was uploaded. */
export type Code = { readonly folder: string } | { readonly archive: Archive };

/** What a version of a function consists of; `$LATEST` may change, a published version never does. */
export interface Version {
  readonly version: string;
  code: Code;
  runtime: Runtime;
  handler: string;
  role: string;
  description: string;
  timeoutSeconds: number;
  memoryMb: number;
  variables: Readonly<Record<string, string>>;
  architectures: Architecture[];
  logging: LoggingConfig;
  tracing: TracingConfigResponse;
  kmsKeyArn?: string;
  ephemeralMb: number;
  /** Milliseconds since 1970. */
  lastModified: number;
  revisionId: string;
}

export interface Alias {
  name: string;
  version: string;
  /** A second version, with its share of the invocations. */
  second: Share | undefined;
  description: string;
  revisionId: string;
}

/** A statement of a function's own policy, and what it is attached to: the function, a version or an alias. */
export interface Permission {
  readonly qualifier: string | undefined;
  readonly statement: { readonly Sid: string } & Readonly<Record<string, unknown>>;
}

export interface LambdaFunction {
  readonly name: string;
  readonly arn: string;
  readonly latest: Version;
  /** Published versions, by number. */
  readonly versions: Map<string, Version>;
  /** The number of the newest version there ever was: numbers are not used twice. */
  lastPublished: number;
  readonly aliases: Map<string, Alias>;
  readonly policy: Permission[];
  /** Of each policy, by what it is attached to; `undefined` is the function itself. */
  readonly policyRevisions: Map<string | undefined, string>;
  readonly tags: Map<string, string>;
  /** Invocations at once; undefined where the function has no reservation, 0 where it is switched off. */
  reserved: number | undefined;
  recursiveLoop: RecursiveLoop;
  /** Request ids of invocations that wait for an environment, oldest first. */
  readonly waiting: string[];
}

export type EnvironmentStatus = 'starting' | 'idle' | 'busy';

export interface Environment {
  /** Also the name of the session that its credentials stand for. */
  readonly id: string;
  readonly functionName: string;
  readonly version: Version;
  /** Which state of the version it was started from: a later one must not run in it. */
  readonly revisionId: string;
  readonly logStream: string;
  readonly startedAt: number;
  status: EnvironmentStatus;
  /** When it became ready; undefined before. */
  readyAt: number | undefined;
  /** The invocation it is busy with. */
  requestId: string | undefined;
  /** When it became idle last. */
  idleSince: number;
  /** How many invocations it has served or serves. */
  served: number;
  /** Whether its log stream is known to exist. */
  logging: boolean;
  /** Lines that have not been written to its log stream yet. */
  readonly lines: LogLine[];
}

export interface LogLine {
  /** Milliseconds since 1970. */
  readonly timestamp: number;
  readonly message: string;
}

export interface Invocation {
  readonly requestId: string;
  readonly functionName: string;
  /** The function's ARN as it was called, with a qualifier if it was called by one. */
  readonly functionArn: string;
  readonly version: Version;
  readonly payload: string;
  readonly origin: Origin;
  environment: string | undefined;
  startedAt: number;
  deadline: number;
  coldStart: boolean;
}

/** Who asked for an invocation, and so who is told how it ended. */
export type Origin =
  | { readonly kind: 'request' }
  | { readonly kind: 'event'; readonly attempt: number; readonly acceptedAt: number }
  | { readonly kind: 'queue'; readonly mapping: string; readonly records: readonly BatchRecord[] };

export interface BatchRecord {
  readonly messageId: string;
  readonly receiptHandle: string;
}

/** The error of a function, as AWS puts it into the payload. */
export interface FunctionError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
}

/** Why a function could not be started at all: not its own error, but Lambda's, under an HTTP status. */
export interface Refusal extends FunctionError {
  readonly status: number;
}

export interface Result {
  /** What the function returned, as JSON; or its error, as JSON. */
  readonly payload: string;
  readonly failed: boolean;
  readonly version: string;
  /** What was written to the log from START to REPORT. */
  readonly log: string;
  /** Where the function could not be started: Invoke is refused with it. */
  readonly refusal?: Refusal;
}

export interface EventSourceMapping {
  readonly uuid: string;
  readonly arn: string;
  readonly queueArn: string;
  /** The ARN that is invoked: with a qualifier where the mapping was made with one. */
  functionArn: string;
  functionName: string;
  qualifier: string | undefined;
  batchSize: number;
  windowSeconds: number;
  maximumConcurrency: number | undefined;
  responseTypes: FunctionResponseType[];
  enabled: boolean;
  readonly tags: Map<string, string>;
  lastModified: number;
  /** As GetEventSourceMapping shows it: `No records processed`, `OK`, or `PROBLEM: …`. */
  lastResult: string;
  /** Rises when the mapping is switched on or off, so that a poller of before knows that it is no longer wanted. */
  generation: number;
  /** Batches that are being worked on. */
  inFlight: number;
  /** Whether a poller is at work or parked; if not, the end of an invocation sends one out again. */
  polling: boolean;
  /** Refusals in a row, by the queue or because the function was throttled. */
  failures: number;
  /** What a batching window has gathered so far. */
  gathered: unknown[];
  gatherUntil: number;
  /** Until when its poller holds on to what it has received, where something keeps it. */
  heldUntil: number;
}

/** Limits of the local Lambda. */
export interface LambdaOptions {
  /** See {@link Lambda.environmentsPerFunction}. Default 2: a laptop has few cores, and each environment holds tens of megabytes. */
  readonly environmentsPerFunction?: number;
}

export const createState = (options: LambdaOptions = {}): Lambda => ({
  environmentsPerFunction: options.environmentsPerFunction ?? 2,
  functions: new Map(),
  mappings: new Map(),
  environments: new Map(),
  invocations: new Map(),
  results: new Map(),
});
