import type { Fault } from './fault.ts';

/**
 * A region is lost for minutes: nothing in it runs, nothing reaches it, nothing leaves it. Then it returns as it was, and does
 * late what was due. One at a time: nobody promises anything for the loss of two (AWS post-event summaries,
 * https://aws.amazon.com/premiumsupport/technology/pes/).
 */
export const regionLoss: Fault = {
  name: 'region-loss',
  most: 0.5,
  targets: (_cloud, regions) => regions,
  happen(region, { struck, cloud: { links }, between, undo }) {
    if (links.lost.size > 0) return;
    struck();
    links.lose(region);
    undo(between(30_000, 1_200_000, 'how long'), () => links.restore(region));
  },
};
