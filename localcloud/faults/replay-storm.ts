import type { Events } from '../events/state.ts';
import type { Fault } from './fault.ts';
import { ofRegions, operate } from './operate.ts';

/** Somebody replays all of an archive while the events themselves are still under way (EventBridge user guide, "Archive and replay"). */
export const replayStorm: Fault = {
  name: 'replay-storm',
  most: 0.6,
  targets: (cloud, regions) => ofRegions<Events>(cloud, regions, 'events', ({ archives }) => archives.keys()),
  times: 2,
  happen(target, { struck, cloud, between, firing }) {
    const [region, name] = target.split('/') as [string, string];
    const archive = cloud.state<Events>('events', region).archives.get(name)!;
    struck();
    operate(cloud, region, 'events', 'StartReplay', {
      ReplayName: `storm-${firing.split('|').at(-1)}`,
      EventSourceArn: archive.arn,
      EventStartTime: new Date(cloud.now() - 60_000 * between(1, 30, 'from')),
      EventEndTime: new Date(cloud.now()),
      Destination: { Arn: archive.arn.replace(/:archive.*/, `:event-bus/${archive.bus}`) },
    });
  },
};
