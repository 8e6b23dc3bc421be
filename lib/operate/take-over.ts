/**
 * A failover that no person began: an alarm did, in the region that takes over. It is the failover of the command line, with
 * its preconditions and its trail, and none of its `--force`; and it never goes back and forth.
 */
import { isArmed } from './armed.ts';
import { authorityIn, type HeldAuthority } from './authority.ts';
import { type Failover, type FailoverOptions, failover } from './failover.ts';
import { timeIn } from './region-time.ts';
import type { Target } from './target.ts';

export interface TakeOverOptions extends Pick<FailoverOptions, 'lagSeconds' | 'clock' | 'signal' | 'onStep'> {
  /** What began it. */
  readonly alarm: string;
  readonly coolDownHours: number;
}

export type TakeOver =
  | { readonly done: Failover; readonly refused?: undefined; readonly needsPerson?: undefined }
  | Refused;

interface Refused {
  /** Why the region does not take over by itself. A person may, by the command. */
  readonly refused: string;
  /** Whether a person has to decide: the other region has the authority, and is lost. */
  readonly needsPerson: boolean;
  readonly done?: undefined;
}

const needless = (refused: string): Refused => ({ refused, needsPerson: false });
const forPerson = (refused: string): Refused => ({ refused, needsPerson: true });

const HOUR_MS = 3_600_000;
/** An alarm's invocation is tried three times, each for a quarter of an hour at most: so long it goes on with what it began. */
const GOES_ON_MS = HOUR_MS;

/**
 * Takes over for the target's region, or goes on with it; or says why not.
 * @throws UsageError when the failover itself refuses or was interrupted; whatever AWS answers. Then it can be repeated
 */
export async function takeOver(target: Target, options: TakeOverOptions): Promise<TakeOver> {
  const { alarm, coolDownHours, ...passed } = options;
  const held = await authorityIn(target);
  if (!held) return needless('nobody has the authority yet: nothing has run, and there is nothing to take over');
  const refused = refusal(target, held, { now: await timeIn(target), coolDownHours });
  if (refused !== undefined) return refused;
  if (!(await isArmed(target))) return forPerson(`${target.region} was disarmed by: automatic disarm`);
  const { region: to } = target;
  return { done: await failover(target, { ...passed, to, note: `by itself: ${alarm} is in alarm`, by: 'alarm' }) };
}

function refusal(
  { region }: Target,
  held: HeldAuthority,
  { now, coolDownHours }: { readonly now: number; readonly coolDownHours: number },
): Refused | undefined {
  const ago = now - held.since;
  if (held.region === region) {
    const isOwn = held.by === 'alarm' && ago < GOES_ON_MS;
    return isOwn ? undefined : needless(`${region} has the authority already, epoch ${held.epoch}`);
  }
  if (held.until === undefined) {
    return forPerson(
      `the authority of ${held.region} has no end: without a witness region nobody but a person knows that it has stopped`,
    );
  }
  // Whatever time has passed: the region that was left is not known to be well because the other is not.
  if (held.before === region && held.by === 'alarm') {
    return forPerson(`${held.region} took over from ${region} by itself; the way back is a person's decision`);
  }
  if (held.before !== undefined && ago < coolDownHours * HOUR_MS) {
    return forPerson(
      `the authority changed hands ${(ago / HOUR_MS).toFixed(1)} h ago; by itself it does after ${coolDownHours} h at the earliest`,
    );
  }
  return undefined;
}
