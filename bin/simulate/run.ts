/**
 * One simulated run: the pipeline as it is deployed, on the virtual cloud, with a workload and faults that are drawn from
 * the seed. First the faults strike; then everything is healed, an operator sends back what was given up, and all that was
 * accepted must end. The same options give the same history.
 */
import type { Finding, History, Line } from '../../lib/proof/index.ts';
import { createVirtual, historyHash } from '../../localcloud/drive/virtual.ts';
import type { Firing } from '../../localcloud/faults/fault.ts';
import { type Grant, unusedGrants } from '../../localcloud/policy/grants.ts';
import type { Prepared } from '../start/prepare.ts';
import type { Always } from './always.ts';
import { deployedOnce } from './deployed-once.ts';
import { drawnOf } from './drawn.ts';
import { follow } from './follow.ts';
import { injectorFor } from './inject.ts';
import { leftOver } from './left-over.ts';
import { sendBack } from './operator.ts';
import { asProducer, publishAll, type Where } from './producer.ts';
import { rest, watchAlarms } from './rest.ts';
import { simulateRegions } from './run-regions.ts';
import { scenarioNamed } from './scenario.ts';

export type { Firing } from '../../localcloud/faults/fault.ts';

export interface SimulateOptions {
  readonly seed: string;
  /** One of `scenarios`. */
  readonly scenario: string;
  /** Given: exactly these strike, and nothing else. */
  readonly plan?: readonly Firing[];
  /** Which events of the workload are published, by index; default all. */
  readonly events?: readonly number[];
  /** How many units of the workload; default 8. */
  readonly size?: number;
  /** `shared`: functions share what they have loaded (many times faster); `deployed`: the very bytes, each by itself. Default `shared`. */
  readonly libraries?: 'shared' | 'deployed';
  /** Whether the outcome shall have the history's hash: 5 % of a run. */
  readonly hashed?: boolean;
  /** Faults that are on whatever the seed draws; without meaning where there is a plan. */
  readonly always?: readonly Always[];
}

export interface SimulateResult {
  readonly history: History;
  /** The journal. */
  readonly lines: readonly Line[];
  /** Where the pipeline was active. */
  readonly region: string;
  /** What struck, in that order: given as `plan`, it gives this run again. */
  readonly fired: readonly Firing[];
  /** Whether, once healed, everything ended and nothing was left over. */
  readonly settled: boolean;
  /** What was left over: messages in queues, leases, open events. */
  readonly left: readonly string[];
  /** Alarms that were on in the end, though what they tell of was over. */
  readonly ringing: readonly string[];
  /** Of the whole journal: the same in two runs of the same options. Made when it is asked for. */
  readonly hash: () => string;
  readonly virtualMilliseconds: number;
  readonly invocations: number;
  readonly coldStarts: number;
  /** What roles may do and never did. */
  readonly unused: readonly Grant[];
  /** How many events the workload has. */
  readonly events: number;
  /** Where two regions were looked at as one: which, what was found of both, and what they decided apart. */
  readonly regions?: {
    readonly names: readonly string[];
    readonly findings: readonly Finding[];
    readonly apart: readonly string[];
  };
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** How often an operator sends back dead letters before a run is given up. */
const ROUNDS = 4;

/** Called as a run goes on, with how much has ended of what is expected, and the virtual milliseconds. */
export type OnProgress = (ended: number, expected: number, milliseconds: number) => void;

export async function simulate(
  prepared: Prepared,
  options: SimulateOptions,
  onProgress?: OnProgress,
): Promise<SimulateResult> {
  const { seed, libraries = 'shared' } = options;
  const scenario = scenarioNamed(options.scenario);
  if (scenario.regions) return simulateRegions(prepared, scenario, options);
  const injector = injectorFor(prepared, scenario, { ...options, regions: [prepared.config.regions.active] });
  const virtual = createVirtual({
    seed,
    gate: injector.gate,
    skew: injector.skew,
    libraries,
    deployed: await deployedOnce(prepared.assembly),
  });
  const { cloud } = virtual;

  const where: Where = { virtual, region: prepared.config.regions.active, config: prepared.config };
  const began = cloud.now();
  const watched = watch(where, onProgress && ((ended, expected) => onProgress(ended, expected, cloud.now() - began)));
  const alarms = watchAlarms(where, watched.waiting);
  const { dice, events } = drawnOf(options);
  const producer = await asProducer(where);
  const publishing = publishAll(events, { ...where, dice, producer, only: options.events });
  const faultsLast = publishing.lasts + MINUTE * dice.between(2, 10, 'faults last');
  injector.begin(cloud, publishing.lasts + MINUTE / 2);
  await virtual.run({ until: () => publishing.done() && watched.isOver(), for: faultsLast });
  injector.heal();
  await virtual.run({ until: publishing.done, for: HOUR });
  for (let round = 0; round < ROUNDS; round++) {
    await sendBack(where);
    if (!(await virtual.run({ until: watched.isOver, for: HOUR }))) continue;
    await rest(where, alarms, { calm: scenario.name === 'calm' });
    // The bus repeats what it is not sure of, minutes later: then the operator comes once more.
    if (watched.isOver()) break;
  }
  virtual.stop();

  const left = [...watched.left(), ...(publishing.done() ? [] : ['events that the producer could not publish'])];
  return {
    history: watched.history,
    lines: cloud.journal.entries as readonly Line[],
    region: where.region,
    fired: injector.fired,
    settled: left.length === 0,
    left,
    ringing: alarms.ringing(),
    hash: () => historyHash(cloud),
    virtualMilliseconds: cloud.now() - began,
    ...watched.count,
    unused: unusedGrants(cloud, virtual.used),
    events: events.length,
  };
}

/** Reads the journal as it grows. */
function watch(where: Where, onProgress?: (ended: number, expected: number) => void) {
  const { virtual, region, config } = where;
  const { history, outstanding, count } = follow(virtual.cloud, { config }, { region });
  let lines = -1;
  const left = () => {
    if (history.lines !== lines) {
      outstanding.update();
      onProgress?.(sum(outstanding.ended), sum(outstanding.expected));
    }
    lines = history.lines;
    return leftOver(where, { outstanding, history });
  };
  return { history, count, left, waiting: outstanding.waiting, isOver: () => left().next().done === true };
}
const sum = (counts: ReadonlyMap<string, number>): number => [...counts.values()].reduce((all, one) => all + one, 0);
