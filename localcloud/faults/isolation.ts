import type { Fault } from './fault.ts';

/**
 * A region is cut off from all others for minutes, and reached from outside as ever: it goes on, takes what producers send, and
 * hears of nothing that is decided elsewhere (AWS Well-Architected, "Fault isolation boundaries").
 */
export const isolation: Fault = {
  name: 'isolation',
  most: 0.6,
  targets: (_cloud, regions) => regions,
  happen(region, { struck, cloud: { links }, between, undo }) {
    struck();
    links.partition(region);
    undo(between(30_000, 1_200_000, 'how long'), () => links.heal(region));
  },
};
