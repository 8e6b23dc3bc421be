/**
 * Calls a hand-over off that broke off before the authority was taken: what was switched off is switched on again, and what the
 * bus heard meanwhile is replayed. Each step can be repeated.
 */
import { names } from '../model/names.ts';
import { archiveOf, runReplay } from './archive.ts';
import { audited } from './audit.ts';
import { forgetStop, type HeldAuthority } from './authority.ts';
import { pausedIn } from './carry-settings.ts';
import type { Failover, FailoverOptions } from './failover.ts';
import type { Step } from './failover-step.ts';
import { ARCHIVE_LATE_MS, clockOf, RULES_TAKE_MS, stamp, until } from './pace.ts';
import { timeIn } from './region-time.ts';
import { switchesIn, switchRules, switchSources } from './switchboard.ts';
import type { Target } from './target.ts';

/** @param held with the time since when its region was being stopped */
export async function callOff(
  target: Target,
  held: HeldAuthority & { readonly stopped: number },
  options: FailoverOptions,
): Promise<Failover> {
  const { region, deployment, pipeline } = target;
  const { epoch, stopped } = held;
  const ends = { from: region, to: region, epoch, calledOff: true };
  const from = stamp(stopped - RULES_TAKE_MS);
  const [there, paused, archive] = [await switchesIn(target), await pausedIn(target), await archiveOf(target)];
  const stays = paused.length === 0 ? '' : `, but for ${paused.join(', ')}, set to be paused`;
  if (options.dryRun) {
    const at = await timeIn(target);
    const would = (name: Step['name'], detail: string): Step => ({ name, state: 'would', detail, at });
    const off = Math.max(0, there.all.sources - there.sources.length - paused.length);
    const steps = [
      would('sources', `switch on ${off} sources of ${region}${stays}`),
      would('rules', `switch on ${there.all.rules - there.rules.length} rules of ${region}`),
      would('replay', `what was archived in ${region} since ${from}, when it was being stopped`),
      would('replay-again', 'the same once more after 11 minutes: archives are late'),
    ];
    return { ...ends, steps };
  }

  const steps: Step[] = [];
  const clock = clockOf(options);
  const waiting = { signal: options.signal, wait: clock.pause };
  const step = async (name: Step['name'], state: Step['state'], detail: string) => {
    const one: Step = { name, state, detail, at: await timeIn(target) };
    steps.push(one);
    options.onStep?.(one);
  };
  const replayed = async (round: 1 | 2, end: number) => {
    await until(end, target, { clock, signal: options.signal });
    const name = `${names.base(deployment)}-${epoch}-off-${stopped}-${round}`;
    const stages = pipeline.stages.map((stage) => stage.name);
    const { state, reason } = await runReplay(target, archive, { name, from, to: stamp(end), stages, ...waiting });
    const well = state === 'COMPLETED';
    const detail = `${name} ${state}${reason ? `: ${reason}` : ''}, from ${from} to ${stamp(end)}`;
    await step(round === 1 ? 'replay' : 'replay-again', well ? 'done' : 'left', detail);
  };
  const work = async () => {
    await switchSources(target, true, waiting, paused);
    await step('sources', 'done', `the sources of ${region} are on${stays}`);
    await switchRules(target, true);
    await step('rules', 'done', `the rules of ${region} are on`);
    const on = await timeIn(target);
    await replayed(1, on);
    await until(on + RULES_TAKE_MS + ARCHIVE_LATE_MS, target, { clock, signal: options.signal });
    await replayed(2, on + RULES_TAKE_MS);
    if (steps.every(({ state }) => state === 'done')) await forgetStop(target, held);
    return { ...ends, steps };
  };
  return audited(
    target,
    { what: 'failover', note: options.note, on: { from: region, to: region } },
    { run: work, tell: () => `called off: ${steps.map(({ name, state }) => `${name} ${state}`).join(', ')}` },
  );
}
