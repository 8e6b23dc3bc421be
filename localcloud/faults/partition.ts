import type { Fault } from './fault.ts';

/**
 * Two regions cannot reach each other for minutes, while both go on: what is replicated or forwarded between them waits, and
 * each may decide what the other does not know of (AWS Well-Architected, "Fault isolation boundaries").
 */
export const partition: Fault = {
  name: 'partition',
  most: 0.5,
  targets: (cloud, regions) => {
    const pairs = regions.flatMap((one) => cloud.regions().map((other) => [one, other].toSorted()));
    return [...new Set(pairs.flatMap(([one, other]) => (one === other ? [] : [`${one}/${other}`])))];
  },
  happen(pair, { struck, cloud: { links }, between, undo }) {
    const [one, other] = pair.split('/') as [string, string];
    struck();
    links.partition(one, other);
    undo(between(30_000, 1_200_000, 'how long'), () => links.heal(one, other));
  },
};
