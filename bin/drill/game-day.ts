import type { Cloud } from '../../localcloud/cloud.ts';
import type { Virtual } from '../../localcloud/drive/virtual.ts';
import type { Dice } from '../../localcloud/world.ts';
import type { WorkloadEvent } from '../domain.ts';
import { type Followed, follow } from '../simulate/follow.ts';
import { leftOver, lettersIn, retryingIn, undeliveredIn } from '../simulate/left-over.ts';
import { deliverAgain, sendBack } from '../simulate/operator.ts';
import type { Where } from '../simulate/producer.ts';
import { deploymentOf } from '../start/live.ts';
import type { Prepared } from '../start/prepare.ts';
import { publishUnderLoad } from './load.ts';
import { createOperator, type Habits, type Operator } from './operator.ts';
import { compareReplicas } from './replicas.ts';

/** What goes wrong. */
export interface Trouble {
  /** Begins. @param lasts from the first event of the load to the last, in milliseconds */
  begin(cloud: Cloud, lasts: number): void;
  /** Ends whatever lasts, if it has not ended yet. */
  heal(): void;
  /** Whether it is over, or nothing more will come of it. @param isEnded whether all that was published has ended */
  isOver(isEnded: () => boolean): boolean;
}

export interface GameDayOptions {
  readonly virtual: Virtual;
  readonly prepared: Prepared;
  /** Of the load alone. */
  readonly dice: Dice;
  readonly events: readonly WorkloadEvent[];
  /** Which of them are published, by index; default all. */
  readonly only?: readonly number[] | undefined;
  /** Milliseconds between an event and the one before it; default: a steady load. */
  readonly gap?: (index: number) => number;
  readonly trouble: Trouble;
  readonly habits: Habits;
  /** Told what happens, as it does. */
  readonly tell?: (what: string) => void;
  /** Called before anything runs, with where it will. */
  readonly onBegin?: (places: readonly Where[], watched: Followed) => void;
  /** Goes on for a while after each end: alarms have something to say still. */
  readonly rest?: (where: Where) => Promise<unknown>;
}

export interface GameDay extends Followed {
  readonly operator: Operator;
  /** Where the pipeline is active at the end. */
  readonly where: Where;
  /** What has not ended. */
  readonly left: readonly string[];
  readonly began: number;
}

const MINUTE = 60_000;
/** Late replication is two minutes late at most, and what was cut is tried again every sixteen seconds. */
const REPLICATED_MS = 3 * MINUTE;
const LOOK_MS = 5000;
/** How often an operator sends back dead letters before a run is given up. */
const ROUNDS = 4;

export async function gameDay(options: GameDayOptions): Promise<GameDay> {
  const { virtual, prepared, dice, trouble, habits, tell = () => {} } = options;
  const { config } = prepared;
  const { active, standby } = config.regions;
  const { cloud } = virtual;
  const places: Where[] = [active, standby].map((region) => ({ virtual, region, config }));
  const watched = follow(cloud, prepared, { region: active, peer: standby });
  options.onBegin?.(places, watched);
  const began = cloud.now();
  const load = await publishUnderLoad(options.events, { places, dice, only: options.only, gap: options.gap });
  tell(`${options.events.length} events are published over ${Math.round(load.lasts / MINUTE)} minutes, to ${active}`);
  const operator = createOperator({ virtual, prepared, habits, tell });
  const here = () => places.find(({ region }) => region === operator.current)!;
  const there = () => places.find(({ region }) => region !== operator.current)!;
  function* left(): Generator<string> {
    watched.outstanding.update();
    yield* leftOver(here(), watched);
    yield* undeliveredIn(there());
    yield* lettersIn(there());
    yield* retryingIn(here());
    yield* retryingIn(there());
  }
  const isEmpty = sinceLastEntry(cloud, () => left().next().done === true);
  const isEnded = () => load.done() && isEmpty();

  trouble.begin(cloud, load.lasts);
  await operator.watch(() => trouble.isOver(isEnded));
  trouble.heal();
  // What was to be done in a region that was lost is done when it is back.
  await virtual.run({ for: 1000 });
  await operator.cleanUp();
  const goesBack = habits.goesBack && operator.current !== active;
  if (!(goesBack && habits.hurries)) await settle(`everything has ended in ${operator.current}`);
  if (goesBack) {
    await operator.goBack();
    await settle(`everything has ended in ${active}`);
  }
  virtual.stop();
  return { ...watched, operator, where: here(), left: [...remaining()], began };

  /** Until both regions hold the same, or so much time has passed that they should. */
  async function replicated(): Promise<void> {
    const of = { deployment: deploymentOf(config), regions: [active, standby] };
    for (let waited = 0; waited < REPLICATED_MS; waited += LOOK_MS) {
      if (compareReplicas(cloud, of).violations.length === 0) return;
      await virtual.run({ for: LOOK_MS });
    }
  }

  /** Until all that was published has ended, or nothing more comes of it; dead letters are sent back now and then. */
  async function settle(end: string): Promise<void> {
    await virtual.run({ until: load.done, for: 60 * MINUTE });
    for (let round = 0; round < ROUNDS; round++) {
      // The bus of the region that is not active may owe something to the other, and its letters are read in the other only.
      await deliverAgain(there());
      if (lettersIn(there()).length > 0) await operator.fetchLetters();
      await sendBack(here());
      if (!(await virtual.run({ until: isEnded, for: 30 * MINUTE }))) continue;
      await replicated();
      await options.rest?.(here());
      // The bus repeats what it is not sure of, minutes later: then the operator comes once more.
      if (isEnded()) return tell(end);
    }
  }

  function* remaining(): Generator<string> {
    yield* left();
    if (!load.done()) yield 'events that the producers could not publish';
  }
}

/** Asked after every step; the answer changes only with what has happened since. */
function sinceLastEntry({ journal: { entries } }: Cloud, ask: () => boolean): () => boolean {
  let length = -1;
  let answer = false;
  return () => {
    if (entries.length !== length) {
      length = entries.length;
      answer = ask();
    }
    return answer;
  };
}
