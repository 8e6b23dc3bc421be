/**
 * The words every service of the local cloud is written in. A service is a state and a table of actions; an action is
 * a step: the request, the state and a context in, the response out. It may change its state and ask the context for
 * more, but it never reads a clock, draws a number, waits, or touches disk or network.
 */
import type { Dice } from './world.ts';

/** Who asks. */
export type Principal =
  | { readonly kind: 'admin'; readonly account: string; readonly arn: string }
  | {
      readonly kind: 'role';
      readonly account: string;
      /** The session: `arn:aws:sts::<account>:assumed-role/<role>/<session>`. */
      readonly arn: string;
      readonly role: string;
      readonly session: string;
    }
  | {
      readonly kind: 'service';
      readonly account: string;
      /** For example `events.amazonaws.com`. */
      readonly service: string;
      /** What the service acts for: the value of `aws:SourceArn`. */
      readonly sourceArn?: string;
    };

/** One request to one action of one service in one region. */
export interface Call {
  /** The signing name: `sqs`, `events`, `dynamodb`, `lambda`, `kms`, `monitoring`, `logs`, `sns`, `ssm`, `sts`, `iam`, `cloudformation`, `codedeploy`. */
  readonly service: string;
  readonly region: string;
  /** The region of the service that calls another; absent for a request, whoever makes it. */
  readonly from?: string;
  /** AWS's name of the action, for example `SendMessage`; for a step that only the cloud takes, a name in the service's `internal` table. */
  readonly action: string;
  readonly input: unknown;
  readonly principal: Principal;
  /** The Lambda request id of the invocation that made the call, where one did. */
  readonly invocation?: string;
}

/** Part of a Call: what an action says when it calls another. The rest is inherited from its own call. */
export interface InnerCall {
  readonly service: string;
  readonly action: string;
  readonly input: unknown;
  /** Default: the caller's region. */
  readonly region?: string;
  /** Default: the caller's principal. */
  readonly as?: Principal;
}

/** What a step may ask of the cloud. */
export interface Context {
  /** Milliseconds since 1970; the same throughout a step. */
  readonly now: number;
  readonly region: string;
  readonly account: string;
  readonly principal: Principal;
  readonly invocation?: string;
  readonly dice: Dice;
  /** The base of URLs that the cloud hands out, for example `http://127.0.0.1:4566`. */
  readonly endpoint: string;
  /** The regions that exist by now. */
  readonly regions: () => readonly string[];
  /** Whether a call to another region would arrive there (`links.ts`). */
  readonly reaches: (region: string) => boolean;

  /**
   * Calls an action, of this or another service, at once and in process: policies, faults and the journal apply as to
   * a call from outside.
   * @throws ServiceError when the action refuses; `RegionUnreachable`, 503, when the call does not reach its region
   */
  call<Output = any>(call: InnerCall): Output;

  /** Takes one of this service's own `internal` steps at a later time (or at `now`, after the present step). */
  later(when: number, step: string, input: unknown): void;

  /**
   * Leaves the present call unanswered until somebody wakes `key` or the time `until` comes; then the action runs
   * anew with the same input and the same `memo`. Return what it returns: `return context.park(…)`. Keys are shared by
   * all services of a region and begin with the owner's name: SQS wakes `sqs:<queue name>` whenever a message of that
   * queue may have become receivable. `until` may be infinite.
   */
  park(key: string, until: number): Parked;

  /** Lets every call that is parked under `key` in this region, by whatever service, run anew, after the present step. */
  wake(key: string): void;

  /** What a parked call remembers between its runs. Empty at the first. */
  readonly memo: Record<string, unknown>;

  /** Writes into the journal what happened without being a call: a message moved to its dead-letter queue, a rule that matched. */
  note(what: string, facts: Readonly<Record<string, unknown>>): void;

  /** Asks the driver to do what no pure step can: run code. Done after the step has committed. */
  ask(effect: Effect): void;
}

/** The answer of a call that waits. */
export interface Parked {
  readonly parked: string;
  readonly until: number;
}

export const isParked = (answer: unknown): answer is Parked =>
  typeof answer === 'object' && answer !== null && 'parked' in answer && 'until' in answer;

/** One AWS action, or one internal step. Type it by the AWS SDK: `Action<Queues, SendMessageRequest, SendMessageResult>`. */
export type Action<State, Input = any, Output = any> = (
  input: Input,
  state: State,
  context: Context,
) => Output | Parked;

/** One AWS service. Its state exists once a region, or once in all for the few global ones. */
export interface Service<State = any> {
  readonly name: string;
  readonly global?: boolean;
  readonly create: (region: string, account: string) => State;
  readonly actions: Readonly<Record<string, Action<State>>>;
  /**
   * Steps that only the cloud takes. Two of them the kernel takes where a service has them: `RegionLost`, the last before its
   * region is lost, and `RegionReturned`, the first after it has returned.
   */
  readonly internal?: Readonly<Record<string, Action<State>>>;
  /** Actions whose successes are not worth a line of the journal, such as metric data and log lines. */
  readonly unrecorded?: readonly string[];
}

/** What the driver of the cloud does for Lambda: load code, run it, end it. The answers come back as steps of the `lambda` service. */
export type Effect =
  | {
      readonly kind: 'start';
      readonly region: string;
      /** The execution environment's id, unique in the cloud. */
      readonly environment: string;
      readonly functionName: string;
      /** Absolute path of the folder that holds the code. */
      readonly code: string;
      /** The code itself, by path in that folder, where it was uploaded: then there is no such folder. */
      readonly files?: Readonly<Record<string, string>>;
      /** `index.handler`. */
      readonly handler: string;
      readonly variables: Readonly<Record<string, string>>;
      readonly memoryMb: number;
    }
  | {
      readonly kind: 'invoke';
      readonly region: string;
      readonly environment: string;
      readonly requestId: string;
      readonly functionName: string;
      readonly functionArn: string;
      readonly memoryMb: number;
      readonly logGroup: string;
      readonly logStream: string;
      readonly payload: string;
      /** Milliseconds since 1970 at which the function's time is up. */
      readonly deadline: number;
    }
  | { readonly kind: 'stop'; readonly region: string; readonly environment: string };

/**
 * A refusal, with AWS's own code and message. `status` is the HTTP status, 400 unless said otherwise; `fields` are
 * further members of the error, as `CancellationReasons` of a cancelled transaction.
 */
export class ServiceError extends Error {
  readonly code: string;
  readonly status: number;
  readonly fields: Readonly<Record<string, unknown>>;
  constructor(code: string, message: string, options: { status?: number; fields?: Record<string, unknown> } = {}) {
    super(message);
    this.name = code;
    this.code = code;
    this.status = options.status ?? 400;
    this.fields = options.fields ?? {};
  }
}

export const isServiceError = (error: unknown): error is ServiceError =>
  error instanceof Error && 'code' in error && 'fields' in error && 'status' in error;

/**
 * Refuses members of a request that the local cloud does not know, by name, so that nothing is ever ignored in silence.
 * @throws ServiceError `NotImplemented`, 501
 */
export function refuseUnknown(where: string, input: object, known: readonly string[]): void {
  for (const member in input) {
    if (known.includes(member) || (input as Record<string, unknown>)[member] === undefined) continue;
    throw new ServiceError(
      'NotImplemented',
      `${where}: the local cloud does not support ${member}; it knows ${known.join(', ')}`,
      {
        status: 501,
      },
    );
  }
}
