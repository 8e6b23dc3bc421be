import type { Lambda } from '../lambda/state.ts';
import type { Fault } from './fault.ts';
import { ofRegions, operate } from './operate.ts';

/**
 * A deployment in the midst of it, of the same code: environments end as they become idle, and all start anew (Lambda
 * API Reference, UpdateFunctionCode).
 */
export const deployment: Fault = {
  name: 'deployment',
  most: 0.6,
  targets: (cloud, regions) => ofRegions<Lambda>(cloud, regions, 'lambda', ({ functions }) => functions.keys()),
  times: 2,
  happen(target, { struck, cloud }) {
    const [region, FunctionName] = target.split('/') as [string, string];
    const { code } = cloud.state<Lambda>('lambda', region).functions.get(FunctionName)!.latest;
    if (!('folder' in code)) return;
    struck();
    operate(cloud, region, 'lambda', 'UpdateFunctionCode', { FunctionName, LocalPath: code.folder });
  },
};
