/** How a fault says that the execution environment which made a call is to die. */
import { ServiceError } from '../service.ts';

/**
 * Thrown from a gate's `before` (the call has no effect) or `after` (it has had its effect). The driver that owns the
 * environments ends the one that made the call; nobody ever sees an answer. Status 0 is the front's word for that.
 */
export class EnvironmentKilled extends ServiceError {
  /** `exit`: Lambda sees at once that the runtime is gone. `hang`: it sees nothing until the function's time is up. */
  readonly manner: 'exit' | 'hang';
  /** How the runtime ended, as Lambda words it after `Runtime exited`. Default: without providing a reason. */
  readonly how: string | undefined;
  constructor(manner: 'exit' | 'hang', where: string, how?: string) {
    super('EnvironmentKilled', `the execution environment was killed ${where}`, { status: 0 });
    this.manner = manner;
    this.how = how;
  }
}

export const isEnvironmentKilled = (error: unknown): error is EnvironmentKilled => error instanceof EnvironmentKilled;
