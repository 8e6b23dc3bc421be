import type { Fault } from './fault.ts';

/**
 * For minutes nothing goes from one region to another, and all goes the other way: the one hears of what it cannot answer. Routes
 * are asymmetric, and so is what becomes of them (Alquraan et al., "An Analysis of Network-Partitioning Failures in Cloud
 * Systems", OSDI 2018).
 */
export const oneWayPartition: Fault = {
  name: 'one-way-partition',
  most: 0.5,
  targets: (cloud, regions) =>
    regions.flatMap((from) =>
      cloud
        .regions()
        .flatMap((to) => (from === to ? [] : [`${from}/${to}`, ...(regions.includes(to) ? [] : [`${to}/${from}`])])),
    ),
  happen(way, { struck, cloud: { links }, between, undo }) {
    const [from, to] = way.split('/') as [string, string];
    struck();
    links.sever(from, to);
    undo(between(30_000, 1_200_000, 'how long'), () => links.heal(from, to));
  },
};
