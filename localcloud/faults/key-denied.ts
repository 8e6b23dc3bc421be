import type { Keys } from '../kms/state.ts';
import type { Fault } from './fault.ts';
import { ofRegions, operate } from './operate.ts';

/** Somebody changes a key's policy so that nobody may use the key, and puts it right after a while (KMS Developer Guide, "Key policies"). */
export const keyDenied: Fault = {
  name: 'key-denied',
  most: 0.8,
  targets: (cloud, regions) => ofRegions<Keys>(cloud, regions, 'kms', ({ aliases }) => aliases.keys()),
  times: 2,
  happen(target, { struck, cloud, between, undo, firing }) {
    const [region, ...alias] = target.split('/') as [string, ...string[]];
    const state = cloud.state<Keys>('kms', region);
    const key = state.keys.get(state.aliases.get(alias.join('/'))?.target ?? '');
    if (!key) return;
    struck();
    // Each takes its own statement out again: another may have come meanwhile.
    const denial = { ...nobody, Sid: `NobodyForAWhile${firing.split('|').at(-1)}` };
    const change = (statements: (before: readonly { Sid?: string }[]) => readonly object[]): void => {
      // Of a lost region it is made when that is back, from what the policy is by then.
      if (cloud.links.hold(region, () => change(statements))) return;
      const { Statement, ...rest } = JSON.parse(key.policy);
      const Policy = JSON.stringify({ ...rest, Statement: statements([Statement].flat()) });
      operate(cloud, region, 'kms', 'PutKeyPolicy', { KeyId: key.id, PolicyName: 'default', Policy });
    };
    change((before) => [...before, denial]);
    undo(between(1000, 180_000, 'how long'), () => change((now) => now.filter(({ Sid }) => Sid !== denial.Sid)));
  },
};

const nobody = {
  Effect: 'Deny',
  Principal: { AWS: '*' },
  Action: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*'],
  Resource: '*',
};
