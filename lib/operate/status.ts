/** How the pipeline is: for every stage what waits, what is in hand, what was given up, and whether it runs at all. */
import { DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { breakerKey, names } from '../model/names.ts';
import { outsidesOf } from '../model/stage.ts';
import { now } from '../runtime/clock.ts';
import { readItems } from '../runtime/read-items.ts';
import { oldestAges } from './ages.ts';
import { authorityThere } from './authority.ts';
import { type Deployed, deployedOf } from './deployed.ts';
import { type Depths, depths, type StageDepths } from './depths.ts';
import { countParked } from './park.ts';
import { mappingsOf } from './pause.ts';
import { type Rates, ratesOf } from './rates.ts';
import { PAUSED, storedSettings } from './stored-settings.ts';
import type { Target } from './target.ts';

export interface StageStatus extends StageDepths, Rates {
  /** Seconds, of inbox and queue the older; undefined where CloudWatch has not heard of it in five minutes. */
  readonly oldest: number | undefined;
  /** Events that wait for a predecessor; `atLeast` where the table was too long to count them all. */
  readonly parked: { readonly count: number; readonly atLeast: boolean };
  /** Which of its two mappings is switched off, or being so. */
  readonly paused: readonly ('stage' | 'intake')[];
  /** Whether it is set to be paused; undefined where the settings could not be read. */
  readonly pauseSet: boolean | undefined;
  /** Systems that are not called at present. */
  readonly breakers: readonly { readonly system: string; readonly phase: 'open' | 'probing' }[];
}

export interface Status extends Omit<Depths, 'stages'> {
  readonly region: string;
  /** The region that may commit; undefined while none has. In the other, rules and sources are off. */
  readonly active: string | undefined;
  /** RFC 3339. */
  readonly at: string;
  readonly stages: readonly StageStatus[];
  /** Stages of this checkout that are not deployed there. */
  readonly missing: readonly string[];
  /** Names of the alarms in state ALARM. */
  readonly alarms: readonly string[];
}

/** What changes slowly, or costs too much to be asked for every second. */
interface Slow {
  readonly at: number;
  readonly deployed: Deployed;
  readonly ages: ReadonlyMap<string, number>;
  readonly rates: ReadonlyMap<string, Rates>;
  readonly parked: ReadonlyMap<string, number>;
  readonly countedAll: boolean;
  readonly paused: ReadonlyMap<string, StageStatus['paused']>;
  readonly pauseSet: ReadonlyMap<string, boolean>;
  readonly active: string | undefined;
}

export const status = (target: Target): Promise<Status> => statusWatcher(target)();

/** For those who ask again and again: ages, rates, parked events and paused stages are looked up anew after this long. */
const SLOW_MS = 15_000;

/** Makes what tells the status, as often as it is called. */
export function statusWatcher(target: Target): () => Promise<Status> {
  let kept: Slow | undefined;
  return async () => {
    if (kept === undefined || now() - kept.at >= SLOW_MS) kept = await slowFacts(target);
    const { target: there, missing } = kept.deployed;
    const [{ stages, ...rest }, breakers, alarms] = await Promise.all([
      depths(there),
      openBreakers(there),
      alarmsOf(target),
    ]);
    const { ages, rates, parked, countedAll, paused, pauseSet, active } = kept;
    return {
      region: target.region,
      active,
      at: new Date(now()).toISOString(),
      ...rest,
      stages: stages.map((one) => ({
        ...one,
        oldest: ages.get(one.stage),
        arrived: rates.get(one.stage)?.arrived ?? 0,
        completed: rates.get(one.stage)?.completed ?? 0,
        parked: { count: parked.get(one.stage) ?? 0, atLeast: !countedAll },
        paused: paused.get(one.stage) ?? [],
        pauseSet: pauseSet.get(one.stage),
        breakers: breakers.filter(({ stage }) => stage === one.stage).map(({ system, phase }) => ({ system, phase })),
      })),
      missing,
      alarms,
    };
  };
}

async function slowFacts(all: Target): Promise<Slow> {
  const deployed = await deployedOf(all);
  const { target } = deployed;
  const [ages, rates, { counts, countedAll }, paused, pauseSet, held] = await Promise.all([
    oldestAges(target),
    ratesOf(target),
    countParked(target),
    pausedStages(target),
    pausesSet(target),
    authorityThere(target),
  ]);
  return { at: now(), deployed, ages, rates, parked: counts, countedAll, paused, pauseSet, active: held?.region };
}

/** One stage after the other: Lambda takes fifteen such calls a second. */
async function pausedStages(target: Target): Promise<Slow['paused']> {
  const paused = new Map<string, StageStatus['paused']>();
  for (const { name } of target.pipeline.stages) {
    const mappings = await mappingsOf(target, name);
    const off = (['stage', 'intake'] as const).filter((one) => /^Disabl/.test(mappings[one].State ?? ''));
    if (off.length > 0) paused.set(name, off);
  }
  return paused;
}

/** How the pipeline is does not hang on whether its settings can be read. */
const pausesSet = (target: Target): Promise<Slow['pauseSet']> =>
  storedSettings(target).then(
    (all) => new Map(all.map(({ stage, values }) => [stage.name, values[PAUSED] === true])),
    () => new Map(),
  );

async function openBreakers({ pipeline, deployment, dynamodb }: Target) {
  const breakers = pipeline.stages.flatMap((stage) =>
    outsidesOf(stage).map(({ system }) => ({ stage: stage.name, system })),
  );
  const keys = breakers.map(({ stage, system }) => breakerKey(stage, system));
  const items = await readItems({ dynamodb, table: names.records(deployment) }, keys);
  return breakers.flatMap((one, index) => {
    const item = items.get(keys[index]!);
    const phase = item === undefined ? 'closed' : unmarshall(item).phase;
    return phase === 'open' || phase === 'probing' ? [{ ...one, phase: phase as 'open' | 'probing' }] : [];
  });
}

async function alarmsOf({ cloudwatch, deployment }: Target): Promise<readonly string[]> {
  const { MetricAlarms = [] } = await cloudwatch.send(
    new DescribeAlarmsCommand({ AlarmNamePrefix: `${names.base(deployment)}-`, StateValue: 'ALARM' }),
  );
  return MetricAlarms.map(({ AlarmName }) => AlarmName!);
}
