/** What is asked of two regions at the end of a game day, beside what the history of both proves. */
import type { RegionStatus } from '../../lib/operate/regions.ts';
import { type Finding, find, findingOf, type Line, prove } from '../../lib/proof/index.ts';
import { laws } from '../domain.ts';
import { deploymentOf } from '../start/live.ts';
import type { Prepared } from '../start/prepare.ts';
import { type Apart, decidedApart, ONE_OUTCOME, unlessApart } from './apart.ts';
import { fencing } from './fencing.ts';
import type { GameDay } from './game-day.ts';
import { compareReplicas } from './replicas.ts';
import { byWhatStands, lostFacts } from './standing.ts';

/** The names of what is found, whatever a game day has of it. */
export const regionFindings: readonly string[] = [
  ONE_OUTCOME,
  'regions-same',
  'facts-stand',
  'one-authority',
  'fenced',
];

export interface Judged {
  readonly findings: readonly Finding[];
  /** What was decided apart; the laws of the domain are not judged where it shows. */
  readonly apart: Apart['cases'];
}

/** Judges the history of both regions as one, and what they hold in the end. */
export async function judgeRegions(day: GameDay, { config }: Prepared): Promise<Judged> {
  const deployment = deploymentOf(config);
  const { active, standby } = config.regions;
  const { history } = day;
  const { cloud } = day.where.virtual;
  const status = await day.operator.status();
  const apart = decidedApart(history, { lines: cloud.journal.entries as readonly Line[], deployment });
  // For what stands in the end where the pipeline is active.
  const standing = byWhatStands(laws, cloud, { deployment, region: day.where.region });
  const findings = [
    ...prove(history).findings,
    ...unlessApart(
      standing.map((law) => find(law, history)),
      apart,
    ),
    apart.outcome,
    findingOf(
      { name: 'regions-same', claim: 'both regions hold the same' },
      compareReplicas(cloud, { deployment, regions: [active, standby] }),
    ),
    findingOf(
      { name: 'facts-stand', claim: 'every fact that was committed stands' },
      lostFacts(history, cloud, { deployment, region: day.where.region }),
    ),
    findingOf(
      { name: 'one-authority', claim: 'one region has the authority, and in it alone rules and sources are on' },
      { cases: status.length, violations: status.flatMap((one) => strange(one, day.operator.current)) },
    ),
    findingOf(
      { name: 'fenced', claim: 'no region committed while another had the authority' },
      fencing(cloud.journal.entries as readonly Line[], deployment),
    ),
  ];
  return { findings, apart: apart.cases };
}

/** What is not as it should be in a region. */
function strange({ region, reachable, authority, switches }: RegionStatus, current: string): readonly string[] {
  if (!reachable || !switches) return [`${region} cannot be reached`];
  const { rules, sources, all } = switches;
  const expected = region === current ? all : { rules: 0, sources: 0 };
  // Before anything has run nobody has it, and the first to run takes it.
  const holder = authority?.region ?? current;
  return [
    ...(holder === current ? [] : [`${region} takes ${holder} for the region that may commit; it is ${current}`]),
    ...(rules.length === expected.rules
      ? []
      : [`${rules.length} rules are on in ${region}, ${expected.rules} should be`]),
    ...(sources.length === expected.sources
      ? []
      : [`${sources.length} sources are on in ${region}, ${expected.sources} should be`]),
  ];
}
