/** A simulated run of two regions: the scenario that a drill plays, with whatever trouble the seed draws, or a plan says. */
import type { Step } from '../../lib/operate/failover-step.ts';
import type { Line } from '../../lib/proof/index.ts';
import { createVirtual, historyHash } from '../../localcloud/drive/virtual.ts';
import type { Injector } from '../../localcloud/faults/injector.ts';
import { unusedGrants } from '../../localcloud/policy/grants.ts';
import { createDice, type Dice } from '../../localcloud/world.ts';
import { leftUnlessApart } from '../drill/apart.ts';
import { gameDay, type Trouble } from '../drill/game-day.ts';
import type { Habits } from '../drill/operator.ts';
import { judgeRegions } from '../drill/regions.ts';
import type { Prepared } from '../start/prepare.ts';
import { deployedOnce } from './deployed-once.ts';
import { drawnOf } from './drawn.ts';
import { injectorFor } from './inject.ts';
import { type Alarms, rest, watchAlarms } from './rest.ts';
import type { SimulateOptions, SimulateResult } from './run.ts';
import type { Scenario } from './scenario.ts';

const MINUTE = 60_000;

export async function simulateRegions(
  prepared: Prepared,
  scenario: Scenario,
  options: SimulateOptions,
): Promise<SimulateResult> {
  const { seed, libraries = 'shared' } = options;
  const { active, standby } = prepared.config.regions;
  const injector = injectorFor(prepared, scenario, { ...options, regions: [active, standby] });
  const deployed = await deployedOnce(prepared.assembly);
  const virtual = createVirtual({ seed, gate: injector.gate, skew: injector.skew, libraries, deployed });
  const { cloud } = virtual;
  const { dice, events } = drawnOf(options);
  const alarms = new Map<string, Alarms>();
  const day = await gameDay({
    virtual,
    prepared,
    dice,
    events,
    only: options.events,
    gap: (index) => gap(dice, index),
    trouble: troubleBy(injector, { dice, regions: [active, standby] }),
    habits: habitsOf(createDice(`${seed}/operator`)),
    onBegin: (places, { outstanding }) => {
      for (const place of places) alarms.set(place.region, watchAlarms(place, outstanding.waiting));
    },
    rest: (where) => rest(where, alarms.get(where.region)!, { calm: false }),
  });
  const { region } = day.where;
  const judged = await judgeRegions(day, prepared);
  const left = leftUnlessApart(day.left, judged.apart);
  return {
    history: day.history,
    lines: cloud.journal.entries as readonly Line[],
    region,
    fired: injector.fired,
    settled: left.length === 0,
    left,
    ringing: alarms.get(region)!.ringing(),
    hash: () => historyHash(cloud),
    virtualMilliseconds: cloud.now() - day.began,
    ...day.count,
    unused: unusedGrants(cloud, virtual.used),
    events: events.length,
    regions: { names: [active, standby], ...judged },
  };
}

/** Bursts, and now and then a pause of minutes: some events come before the trouble, some in its midst, and some after it. */
function gap(dice: Dice, index: number): number {
  const kind = dice.number('gap', index, 'kind');
  if (kind < 0.5) return dice.between(0, 50, 'gap', index);
  return kind < 0.92 ? dice.between(100, 10_000, 'gap', index) : dice.between(30_000, 240_000, 'gap', index);
}

/** Before this step of a hand-over and after it something else is on, or written down. */
const LEFT_AFTER: readonly Step['name'][] = ['stop', 'take', 'sources', 'testimony', 'rules', 'replay', 'arrival'];

const habitsOf = (dice: Dice): Habits => ({
  patience: dice.between(20_000, 300_000, 'patience'),
  rehearsesAfter: dice.number('rehearses') < 0.25 ? dice.between(1000, 180_000, 'rehearses after') : undefined,
  leaves:
    dice.number('leaves') < 0.4
      ? {
          after: LEFT_AFTER[dice.between(0, LEFT_AFTER.length - 1, 'leaves after')]!,
          lasts: dice.between(MINUTE, 240 * MINUTE, 'leaves for'),
        }
      : undefined,
  goesBack: dice.number('goes back') < 0.75,
  hurries: dice.number('hurries') < 0.4,
  sharesIsolation: dice.number('shares isolation') < 0.5,
});

/** The injector's faults, for a while. */
function troubleBy(
  injector: Injector,
  { dice, regions: [one, other] }: { dice: Dice; regions: readonly [string, string] },
): Trouble {
  let isOver: Trouble['isOver'] = () => false;
  return {
    begin(cloud, lasts) {
      const { links, now, agenda } = cloud;
      const begins = now() + lasts + MINUTE / 2;
      const ends = begins + MINUTE * dice.between(2, 25, 'faults last');
      injector.begin(cloud, lasts + MINUTE / 2);
      agenda.at(ends, injector.heal);
      const isWhole = () => links.lost.size === 0 && links.reaches(one, other) && links.reaches(other, one);
      isOver = (isEnded) => now() >= ends || (now() > begins && isWhole() && isEnded());
    },
    heal: injector.heal,
    isOver: (isEnded) => isOver(isEnded),
  };
}
