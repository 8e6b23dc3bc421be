import type { Lambda } from '../lambda/state.ts';
import type { Fault } from './fault.ts';
import { ofRegions, operate } from './operate.ts';

/**
 * A function gets no concurrency for a while: what its poller has received waits for its visibility timeout, and has
 * been received once more (Lambda Developer Guide, "Configuring reserved concurrency").
 */
export const throttledFunction: Fault = {
  name: 'throttled-function',
  most: 0.4,
  targets: (cloud, regions) => ofRegions<Lambda>(cloud, regions, 'lambda', ({ functions }) => functions.keys()),
  happen(target, { struck, cloud, between, undo }) {
    const [region, FunctionName] = target.split('/') as [string, string];
    const reserved = cloud.state<Lambda>('lambda', region).functions.get(FunctionName)!.reserved;
    if (reserved !== undefined) return;
    struck();
    operate(cloud, region, 'lambda', 'PutFunctionConcurrency', { FunctionName, ReservedConcurrentExecutions: 0 });
    undo(between(500, 120_000, 'how long'), () =>
      operate(cloud, region, 'lambda', 'DeleteFunctionConcurrency', { FunctionName }),
    );
  },
};
