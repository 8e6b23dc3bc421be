import type { Entry } from '../journal.ts';
import type { Fault, Strike } from './fault.ts';
import { atOccasion } from './occasion.ts';

/**
 * A region is lost for minutes: nothing in it runs, nothing reaches it, nothing leaves it. Then it returns as it was, and does
 * late what was due. One at a time: nobody promises anything for the loss of two (AWS post-event summaries,
 * https://aws.amazon.com/premiumsupport/technology/pes/).
 */
export const regionLoss: Fault = {
  name: 'region-loss',
  most: 1,
  targets: (_cloud, regions) => regions,
  times: 2,
  happen(region, strike) {
    const { struck, cloud, between, undo } = strike;
    inMidFlight(region, strike, () => {
      if (cloud.links.lost.size > 0) return;
      struck();
      cloud.links.lose(region);
      undo(between(30_000, 1_200_000, 'how long'), () => cloud.links.restore(region));
    });
  },
};

/**
 * Mostly soon after something was written there: what a transaction has written reaches the other regions item by item, within
 * a second and a half, and a loss in between tears it.
 */
export function inMidFlight(region: string, strike: Strike, run: () => void): void {
  if (strike.number('in mid-flight') < 0.3) run();
  else atOccasion(strike, { is: (entry) => isWrittenIn(entry, region), after: [0, 2000] }, run);
}

const isWrittenIn = ({ action, region, error }: Entry, where: string): boolean =>
  action === 'TransactWriteItems' && region === where && !error;
