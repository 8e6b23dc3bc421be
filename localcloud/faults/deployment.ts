import type { Lambda } from '../lambda/state.ts';
import type { Fault } from './fault.ts';
import { ofRegions, operate } from './operate.ts';

/**
 * A deployment in the midst of it, of the same code with a little more memory: environments end as they become idle, and
 * all start anew (Lambda API Reference, UpdateFunctionCode). A function that works behind an alias is published, and its aliases
 * move on to the new version; what the old one has in hand it finishes.
 */
export const deployment: Fault = {
  name: 'deployment',
  most: 0.6,
  targets: (cloud, regions) => ofRegions<Lambda>(cloud, regions, 'lambda', ({ functions }) => functions.keys()),
  times: 2,
  happen(target, { struck, cloud }) {
    const [region, FunctionName] = target.split('/') as [string, string];
    const found = cloud.state<Lambda>('lambda', region).functions.get(FunctionName)!;
    const { code, memoryMb } = found.latest;
    if (!('folder' in code)) return;
    struck();
    const change = (action: string, input: object) =>
      operate(cloud, region, 'lambda', action, { FunctionName, ...input });
    change('UpdateFunctionCode', { LocalPath: code.folder });
    if (found.aliases.size === 0) return;
    // Lambda publishes nothing twice: there must be a difference.
    change('UpdateFunctionConfiguration', { MemorySize: memoryMb + 1 });
    change('PublishVersion', {});
    for (const Name of found.aliases.keys())
      change('UpdateAlias', { Name, FunctionVersion: String(found.lastPublished) });
  },
};
