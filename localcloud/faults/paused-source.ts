import type { Lambda } from '../lambda/state.ts';
import type { Fault } from './fault.ts';
import { ofRegions, operate } from './operate.ts';

/** An operator switches an event source off and, after a while, on again: its queue fills meanwhile. */
export const pausedSource: Fault = {
  name: 'paused-source',
  most: 0.4,
  targets: (cloud, regions) =>
    ofRegions<Lambda>(cloud, regions, 'lambda', ({ mappings }) =>
      [...mappings.values()].filter(({ enabled }) => enabled).map(({ queueArn }) => queueArn.split(':').at(-1)!),
    ),
  happen(target, { struck, cloud, between, undo }) {
    const [region, queue] = target.split('/') as [string, string];
    const { mappings } = cloud.state<Lambda>('lambda', region);
    const UUID = [...mappings.values()].find(({ queueArn }) => queueArn.endsWith(`:${queue}`))?.uuid;
    struck();
    operate(cloud, region, 'lambda', 'UpdateEventSourceMapping', { UUID, Enabled: false });
    undo(between(500, 120_000, 'how long'), () =>
      operate(cloud, region, 'lambda', 'UpdateEventSourceMapping', { UUID, Enabled: true }),
    );
  },
};
