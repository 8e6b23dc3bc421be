/** Which faults a run may meet, by name of the scenario. */
import {
  bus,
  catalogue,
  clocks,
  delivery,
  functions,
  keys,
  network,
  operations,
  regions,
  tables,
} from '../../localcloud/faults/catalogue.ts';
import type { Fault } from '../../localcloud/faults/fault.ts';
import { lateEvent } from '../../localcloud/faults/late-event.ts';
import { lateReplication } from '../../localcloud/faults/late-replication.ts';
import { pausedSource } from '../../localcloud/faults/paused-source.ts';

export interface Scenario {
  readonly name: string;
  readonly summary: string;
  readonly faults: readonly Fault[];
  /** Whether the workload has events that are not as they should be. */
  readonly badData: boolean;
  /** Whether all faults are on, each a little, rather than those that the seed draws. */
  readonly storm: boolean;
  /** Faults that strike beside these in a share of the seeds. */
  readonly beside?: readonly Fault[];
  /** Faults that are on in every seed, as strong as they may be. */
  readonly always?: readonly Fault[];
  /** How many events of one entity come in a crowd; default none does. */
  readonly crowd?: number;
  /** Both regions are looked at, with an operator who hands over: the scenario of the drill (`bin/drill/game-day.ts`). */
  readonly regions?: true;
}

interface More {
  readonly badData?: boolean;
  readonly storm?: boolean;
}

const scenario = (
  name: string,
  summary: string,
  faults: readonly Fault[],
  { badData = false, storm = false }: More = {},
): Scenario => ({ name, summary, faults, badData, storm });

const besettingRegions: readonly Fault[] = [...regions, lateReplication];

/**
 * All others but two. The authority is fenced by time, and clocks that differ by more than it allows for (5 s) are beyond what
 * it promises. And who resumes a source of a region that was switched off meanwhile has not looked.
 */
const besideRegions = catalogue.filter(
  (fault) => !besettingRegions.includes(fault) && !clocks.includes(fault) && fault !== pausedSource,
);

const inRegions = { beside: besideRegions, regions: true } as const;

export const scenarios: readonly Scenario[] = [
  scenario('calm', 'nothing goes wrong, and no alarm may fire', []),
  scenario('crashes', 'functions die, hang, and run out of time or memory, at any call', functions),
  scenario('network', 'requests and answers are lost or late, services fail and throttle', network),
  scenario('delivery', 'queues deliver twice, late and in part', delivery),
  scenario('bus', 'EventBridge repeats, reorders, takes a part only, and tries again', bus),
  scenario('database', 'transactions conflict, reads leave out keys, expiry and replication are late', tables),
  scenario('keys', 'keys are disabled, or denied, for a while', keys),
  scenario('clock', 'the clocks of functions differ', clocks),
  scenario('operations', 'redrive, deployment and throttling in the midst of it', operations, { badData: true }),
  scenario('data', 'events are not as they should be', [], { badData: true }),
  {
    ...scenario(
      'regions',
      'regions are lost, cut off and late; an operator hands over and goes back',
      besettingRegions,
    ),
    ...inRegions,
  },
  {
    ...scenario('regions-data', 'the same, and events are not as they should be', besettingRegions, { badData: true }),
    ...inRegions,
  },
  {
    ...scenario('crowd', 'many events of one entity wait for one that is late, whatever else goes wrong', catalogue),
    always: [lateEvent],
    crowd: 100,
  },
  scenario('all', 'everything in one region: of all faults some, in each seed others', catalogue, { badData: true }),
  scenario('storm', 'every fault of one region, in the same run', catalogue, { badData: true, storm: true }),
];

/** @throws Error that names the scenarios there are */
export function scenarioNamed(name: string): Scenario {
  const found = scenarios.find((one) => one.name === name);
  if (found) return found;
  throw new Error(`the scenario is ${name}; there are ${scenarios.map((one) => one.name).join(', ')}`);
}
