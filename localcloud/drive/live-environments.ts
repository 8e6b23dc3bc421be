/** What the live driver asks of execution environments, however they are isolated from each other and from the cloud. */
import type { FunctionError } from '../lambda/state.ts';
import type { Effect } from '../service.ts';
import { createProcessEnvironments } from './process-environments.ts';
import { createThreadEnvironments } from './thread-environments.ts';

/** `thread`: starts in a tenth of the time. `process`: as on AWS, with the Runtime API between function and cloud. */
export type Isolation = 'thread' | 'process';

/** How the driver hears of an environment: a step of the `lambda` service. */
export type Report = (region: string, step: string, input: object) => void;

export interface LiveEnvironments {
  perform(effect: Effect): void;
  /** Ends an environment at once. With `as`, Lambda is told; without, it must find out. */
  kill(environment: string, as?: (requestId: string | undefined) => FunctionError): void;
  stop(): Promise<void>;
}

/** @param scratch a folder for what must be on disk; it is the caller's to remove, after `stop` */
export const createLiveEnvironments = (isolation: Isolation, scratch: string, report: Report): LiveEnvironments =>
  isolation === 'process' ? createProcessEnvironments(scratch, report) : createThreadEnvironments(report);
