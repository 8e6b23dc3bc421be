/**
 * What two regions decided apart. Nobody can know what another region decided just before it was lost, if neither its record nor
 * anything that it said has come; and of two decisions that wrote to one item the later write stands. Such cases are not hidden:
 * each is named, and what rests on them is not judged.
 */
import { type Deployment, names } from '../../lib/model/names.ts';
import type { CommittedAgain } from '../../lib/proof/history.ts';
import { type Examination, type Finding, findingOf, type History, type Line } from '../../lib/proof/index.ts';
import { isLetter } from '../simulate/left-over.ts';
import { turnsIn } from './fencing.ts';

export interface Apart {
  /** Whether what two regions decided of one event was the same, where the second could know. */
  readonly outcome: Finding;
  /** Each decision that the second region could not know, or whose writes do not stand. */
  readonly cases: readonly string[];
}

export const ONE_OUTCOME = 'one-outcome';

export function decidedApart(
  { committedAgain }: History,
  { lines, deployment }: { lines: readonly Line[]; deployment: Deployment },
): Apart {
  const begins = new Map(turnsIn(lines, names.authority(deployment)).map(({ epoch, from }) => [epoch, from]));
  const heard = testified(lines, names.testimony(deployment));
  /** An event of the first decision lay where the hand-over looks, before the second region began. */
  const couldKnow = ({ region, epoch, saidFirst }: CommittedAgain): boolean =>
    saidFirst.some((id) => (heard.get(`${region} ${id}`) ?? Number.POSITIVE_INFINITY) < (begins.get(epoch) ?? 0));

  const differing = committedAgain.filter(({ differs }) => differs !== undefined);
  const examination: Examination = {
    cases: committedAgain.length,
    violations: differing.filter(couldKnow).map(({ stage, eventId, region, differs }) => {
      return `${stage}#${eventId} was committed in ${region} as well: ${differs}`;
    }),
  };
  return {
    outcome: findingOf(
      { name: ONE_OUTCOME, claim: 'what two regions decided of one event was the same, where the second could know' },
      examination,
    ),
    cases: [
      ...differing
        .filter((one) => !couldKnow(one))
        .map(
          ({ stage, eventId, region, differs }) =>
            `${stage}#${eventId} was decided anew in ${region}, which could not know: ${differs}`,
        ),
      ...committedAgain
        .filter(({ unknown }) => unknown !== undefined)
        .map(
          ({ stage, eventId, region }) =>
            `${stage}#${eventId}: ${region} says what the other region said, and not what it wrote`,
        ),
    ],
  };
}

/** When each event came to the queue that a hand-over reads, by `<region> <id>`. */
function testified(lines: readonly Line[], queue: string): ReadonlyMap<string, number> {
  const heard = new Map<string, number>();
  for (const { action, error, region, at, input } of lines) {
    if (action !== 'SendMessage' || error || !input.QueueUrl?.endsWith(`/${queue}`)) continue;
    const key = `${region} ${JSON.parse(input.MessageBody).detail?.id}`;
    if (!heard.has(key)) heard.set(key, at);
  }
  return heard;
}

/** What is asked of the domain cannot be asked where regions decided apart: an order may have two branches, a last item two owners. */
export const unlessApart = (findings: readonly Finding[], { cases }: Apart): readonly Finding[] =>
  cases.length === 0 ? findings : findings.map((one) => (one.holds === false ? { ...one, holds: 'unknown' } : one));

/** Nor need what two branches of a story gave up come to an end: a person has to say which of them is to hold. */
export const leftUnlessApart = (left: readonly string[], cases: Apart['cases']): readonly string[] =>
  cases.length === 0 ? left : left.filter((one) => !isLetter(one));
