/**
 * A drill: a game day on the virtual clock with one loss of the active region, under load and in its midst, and a verdict on the
 * whole, with what the loss has cost.
 */
import type { Finding, History, Line } from '../../lib/proof/index.ts';
import type { Cloud } from '../../localcloud/cloud.ts';
import { createVirtual, historyHash } from '../../localcloud/drive/virtual.ts';
import { createDice } from '../../localcloud/world.ts';
import { workload } from '../domain.ts';
import { deployedOnce } from '../simulate/deployed-once.ts';
import { deploymentOf } from '../start/live.ts';
import type { Prepared } from '../start/prepare.ts';
import { leftUnlessApart } from './apart.ts';
import { type Behind, fallBehind } from './fall-behind.ts';
import { gameDay, type Trouble } from './game-day.ts';
import { type Objectives, objectivesOf } from './objectives.ts';
import { judgeRegions } from './regions.ts';
import { type ReplayTold, replaysIn } from './replays.ts';

export interface DrillOptions {
  readonly seed: string;
  /** Units of the workload; default 60. */
  readonly size?: number;
  /** For how many minutes the lost region is gone; default 45. */
  readonly gone?: number;
  /** By how many seconds, at most, each table is behind at the loss; default 0, which is the usual lag of a second or so. */
  readonly lag?: number;
  readonly onStep?: (step: DrillStep) => void;
}

/** Something that happened, in virtual time. */
export interface DrillStep {
  /** Milliseconds since the load began. */
  readonly at: number;
  readonly what: string;
}

export interface DrillResult {
  readonly steps: readonly DrillStep[];
  readonly objectives: Objectives;
  /** What its replays brought, in their order. */
  readonly replays: readonly ReplayTold[];
  /** What was asked of the history of both regions, and of both at the end. */
  readonly findings: readonly Finding[];
  /** Events that both regions committed. */
  readonly committedAgain: History['committedAgain'];
  /** What they decided apart, for the second could not know, or its writes do not stand. */
  readonly apart: readonly string[];
  /** Calls of which both regions asked an outside system. */
  readonly actedAgain: History['actedAgain'];
  /** What has not ended. */
  readonly left: readonly string[];
  readonly published: number;
  readonly virtualMilliseconds: number;
  readonly hash: string;
  readonly ok: boolean;
}

const MINUTE = 60_000;
/** From the loss until somebody, or something, decides to hand over: three missed health checks of 30 s and a minute of thought. */
const DECIDED_AFTER = 2.5 * MINUTE;

export async function drill(prepared: Prepared, options: DrillOptions): Promise<DrillResult> {
  const { config, assembly } = prepared;
  const { active, standby } = config.regions;
  const deployment = deploymentOf(config);
  const virtual = createVirtual({ seed: options.seed, libraries: 'shared', deployed: await deployedOnce(assembly) });
  const { cloud } = virtual;
  const began = cloud.now();
  const steps: DrillStep[] = [];
  const tell = (what: string) => {
    const one = { at: cloud.now() - began, what };
    steps.push(one);
    options.onStep?.(one);
  };
  const dice = createDice(`${options.seed}/drill`);
  const events = workload(dice, { size: options.size ?? 60, badData: false });
  const behind = { deployment, dice, lag: (options.lag ?? 0) * 1000 };
  const trouble = lossOf(active, { gone: (options.gone ?? 45) * MINUTE, behind, tell });
  const habits = {
    patience: DECIDED_AFTER,
    rehearsesAfter: undefined,
    goesBack: true,
    hurries: false,
    sharesIsolation: false,
  };
  const day = await gameDay({ virtual, prepared, dice, events, trouble, habits, tell });

  const { history } = day;
  const { findings, apart } = await judgeRegions(day, prepared);
  const left = [
    ...leftUnlessApart(day.left, apart),
    ...[...day.outstanding.resting].map((key) => `${key} has not ended`),
  ];
  return {
    steps,
    objectives: objectivesOf(cloud.journal.entries as readonly Line[], { deployment, active, standby }),
    replays: replaysIn(cloud.journal.entries as readonly Line[], history, deployment),
    findings,
    committedAgain: history.committedAgain,
    apart,
    actedAgain: history.actedAgain,
    left,
    published: events.length,
    virtualMilliseconds: cloud.now() - began,
    hash: historyHash(cloud),
    ok: left.length === 0 && findings.every(({ holds }) => holds !== false),
  };
}

interface Loss {
  /** For how long the region is gone, in milliseconds. */
  readonly gone: number;
  readonly behind: Omit<Behind, 'region' | 'until'>;
  readonly tell: (what: string) => void;
}

/** A loss in the midst of the load, with tables that have fallen behind by then. */
function lossOf(region: string, { gone, behind, tell }: Loss): Trouble {
  let over: () => boolean = () => false;
  return {
    begin(cloud: Cloud, lasts) {
      const { agenda, now, links } = cloud;
      const at = now() + Math.floor(lasts * behind.dice.between(30, 60, 'lost after') * 0.01);
      const { catchUp } = fallBehind(cloud, { ...behind, region, until: at });
      agenda.at(at, () => {
        links.lose(region);
        tell(`${region} is lost`);
      });
      agenda.at(at + gone, () => {
        links.restore(region);
        catchUp();
        tell(`${region} is back`);
      });
      // The operator sees it, and does what was left.
      over = () => now() >= at + gone + 2 * MINUTE;
    },
    heal: () => {},
    isOver: () => over(),
  };
}
