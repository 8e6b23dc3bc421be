/**
 * Crashes: an execution environment dies before or after an AWS call takes effect. That is where a program that writes
 * to more than one place is found out: between the effect and the word that it is done.
 */
import type { Gate } from '../cloud.ts';
import type { Call } from '../service.ts';
import type { Dice } from '../world.ts';
import { EnvironmentKilled } from './killed.ts';

export interface CrashOptions {
  /** Of this fault alone, so that other faults may change without moving it. */
  readonly dice: Dice;
  /** How likely a call kills its environment, 0 to 1. */
  readonly probability: number;
  /** Which calls may kill. Default: all. */
  readonly only?: (call: Call) => boolean;
  /** How likely Lambda notices nothing until the function's timeout, 0 to 1. Default 0.25. */
  readonly hang?: number;
}

/** What a fault has done. */
export interface CrashCounts {
  /** Calls that could have killed. */
  calls: number;
  before: number;
  after: number;
  hangs: number;
  /** Crashes at a TransactWriteItems: in the midst of a commit. */
  midCommit: number;
  /** By `function action`. */
  readonly at: Map<string, number>;
}

export interface Crash {
  readonly gate: Gate;
  readonly counts: CrashCounts;
  /** Ends the fault: no call kills any more. */
  heal(): void;
}

/** Makes the fault. Draws are keyed by function, action and occurrence: taking one crash out of a run leaves the others. */
export function createCrash(options: CrashOptions): Crash {
  const { dice, only = () => true, hang = 0.25 } = options;
  let { probability } = options;
  const counts: CrashCounts = { calls: 0, before: 0, after: 0, hangs: 0, midCommit: 0, at: new Map() };
  const doomed = new WeakSet<Call>();

  const strike = (call: Call, when: 'before' | 'after'): EnvironmentKilled => {
    const where = `${functionOf(call)} ${call.action}`;
    const manner = dice.number('crash', 'manner', where) < hang ? 'hang' : 'exit';
    counts[when]++;
    if (manner === 'hang') counts.hangs++;
    if (call.action === 'TransactWriteItems') counts.midCommit++;
    counts.at.set(where, (counts.at.get(where) ?? 0) + 1);
    return new EnvironmentKilled(manner, `${when} ${call.service}:${call.action}`);
  };

  return {
    counts,
    heal: () => {
      probability = 0;
    },
    gate: {
      before(call) {
        if (!isOwn(call) || !only(call)) return;
        counts.calls++;
        const key = [functionOf(call), call.action];
        if (dice.number('crash', ...key) >= probability) return;
        if (dice.number('crash', 'side', ...key) < 0.5) throw strike(call, 'before');
        doomed.add(call);
      },
      after(call) {
        if (doomed.delete(call)) throw strike(call, 'after');
      },
    },
  };
}

/** A call that the function itself made: not Lambda's poller, and not KMS, which services call in their callers' names. */
const isOwn = (call: Call): boolean =>
  call.invocation !== undefined && call.principal.kind === 'role' && call.service !== 'kms';

/** An environment's session is named after its function: `function.12345678`. */
const functionOf = ({ principal }: Call): string =>
  principal.kind === 'role' ? principal.session.replace(/\.[0-9a-f]{8}$/, '') : '';
