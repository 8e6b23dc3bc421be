/** What a hand-over leaves behind: letters stay in the region that is left. */
import { depths, lettersIn } from '../../lib/operate/depths.ts';
import type { Failover } from '../../lib/operate/failover.ts';
import type { Target } from '../../lib/operate/target.ts';

/** A courtesy: a region that is lost cannot tell, and the hand-over is done all the same. */
export const lettersLeftIn = (from: Target): Promise<number | undefined> =>
  depths(from).then(lettersIn, () => undefined);

export const tellLeft = (
  letters: number | undefined,
  { from, to }: Pick<Failover, 'from' | 'to'>,
): readonly string[] => {
  if (letters === undefined)
    return [
      `What was given up in ${from} lies there: when it is back, see dlq list and quarantine list --region ${from}.`,
    ];
  if (letters === 0) return [];
  return [
    `${letters === 1 ? 'A letter lies' : `${letters} letters lie`} in ${from}: see dlq list and quarantine list --region ${from}; what is sent back there goes to ${to}.`,
  ];
};
