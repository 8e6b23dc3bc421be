import type { Keys } from '../kms/state.ts';
import type { Fault } from './fault.ts';
import { ofRegions, operate } from './operate.ts';

/**
 * Somebody disables a key, and enables it again after a while: until then nothing that is encrypted with it can be read
 * or written (KMS Developer Guide, "Enable and disable keys").
 */
export const keyDisabled: Fault = {
  name: 'key-disabled',
  most: 0.8,
  targets: (cloud, regions) => ofRegions<Keys>(cloud, regions, 'kms', ({ aliases }) => aliases.keys()),
  times: 2,
  happen(target, { struck, cloud, between, undo }) {
    const [region, ...alias] = target.split('/') as [string, ...string[]];
    const KeyId = cloud.state<Keys>('kms', region).aliases.get(alias.join('/'))?.target;
    if (KeyId === undefined) return;
    struck();
    operate(cloud, region, 'kms', 'DisableKey', { KeyId });
    undo(between(1000, 180_000, 'how long'), () => operate(cloud, region, 'kms', 'EnableKey', { KeyId }));
  },
};
