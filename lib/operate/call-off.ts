/**
 * Calls a hand-over off that broke off before the authority was taken: what was switched off is switched on again, and what the
 * bus heard meanwhile is replayed. Each step can be repeated.
 */
import { audited } from './audit.ts';
import { forgetStop, type HeldAuthority, noteReplayed } from './authority.ts';
import { pausedIn } from './carry-settings.ts';
import type { Failover, FailoverOptions } from './failover.ts';
import type { Step } from './failover-step.ts';
import { timeIn } from './region-time.ts';
import { switchesIn, switchRules, switchSources } from './switchboard.ts';
import type { Target } from './target.ts';
import { owedSince, replayFrom } from './unheard.ts';
import { AGAIN_MS, butFor, createWalk, RULES_TAKE_MS, stamp } from './walk.ts';

/** @param held with the time since when its region was being stopped */
export async function callOff(
  target: Target,
  held: HeldAuthority & { readonly stopped: number },
  options: FailoverOptions,
): Promise<Failover> {
  const { region } = target;
  const { epoch, stopped } = held;
  const ends = { from: region, to: region, epoch, calledOff: true };
  // The hand-over to this region may itself have left something.
  const owed = owedSince(held);
  const since = stamp(stopped - RULES_TAKE_MS);
  const from = owed === undefined || since < replayFrom(owed) ? since : replayFrom(owed);
  const [there, paused] = [await switchesIn(target), await pausedIn(target)];
  if (options.dryRun) {
    const at = await timeIn(target);
    const would = (name: Step['name'], detail: string): Step => ({ name, state: 'would', detail, at });
    const off = Math.max(0, there.all.sources - there.sources.length - paused.length);
    const steps = [
      would('sources', `switch on ${off} sources of ${region}${butFor(paused)}`),
      would('rules', `switch on ${there.all.rules - there.rules.length} rules of ${region}`),
      would(
        'replay',
        `what was archived in ${region} since ${from}, ${from === since ? 'when it was being stopped' : 'as the hand-over before was not ended'}`,
      ),
      would('replay-again', `the same once more after ${AGAIN_MS / 60_000} minutes: archives are late`),
    ];
    return { ...ends, steps };
  }

  const { step, steps, replay, waiting } = createWalk(target, options);
  const work = async () => {
    await switchSources(target, true, waiting, paused);
    await step('sources', 'done', `the sources of ${region} are on${butFor(paused)}`);
    await switchRules(target, true);
    await step('rules', 'done', `the rules of ${region} are on`);
    const replayed = await replay({ name: `${epoch}-off-${stopped}`, from, on: await timeIn(target) });
    if (replayed && owed !== undefined) await noteReplayed(target, held);
    if (replayed) await forgetStop(target, held);
    return { ...ends, steps };
  };
  return audited(
    target,
    { what: 'failover', note: options.note, on: { from: region, to: region } },
    { run: work, tell: () => `called off: ${steps.map(({ name, state }) => `${name} ${state}`).join(', ')}` },
  );
}
