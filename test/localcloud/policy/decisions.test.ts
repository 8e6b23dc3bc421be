import { expect, it } from 'vitest';
import { createDecisions } from '../../../localcloud/policy/decisions.ts';
import type { Decision } from '../../../localcloud/policy/evaluate.ts';
import type { Given, Lookup } from '../../../localcloud/policy/lookup.ts';

const allowed: Decision = { allowed: true, grants: [] };
const denied: Decision = { allowed: false, by: 'identity-based policy', nearMisses: [] };
const demand = { action: 'sqs:SendMessage', resource: 'arn:aws:sqs:eu-west-1:123456789012:jobs', policy: '{}' };

/** Decisions by a policy that asks for `team`, and only where that is `core` for `tags` as well. */
function deciding(decision: Decision = allowed) {
  const decisions = createDecisions();
  let decided = 0;
  const ask = (keys: Readonly<Record<string, Given>>, changes: object = {}) =>
    decisions.decide(
      { ...demand, ...changes },
      (key) => keys[key],
      (lookup: Lookup) => {
        decided++;
        if (lookup('team') === 'core') lookup('tags');
        return decision;
      },
    );
  return { ask, decided: () => decided };
}

it('decides once what is asked again, whatever keys say that nobody asked for', () => {
  const { ask, decided } = deciding();
  expect(ask({ team: 'core', tags: ['a', 'b'], time: '1' })).toBe(allowed);
  expect(ask({ team: 'core', tags: ['a', 'b'], time: '2' })).toBe(allowed);
  expect(decided()).toBe(1);
});

it.each<[string, Readonly<Record<string, Given>>, object]>([
  ['a key that was asked for', { team: 'edge' }, {}],
  ['a key that says nothing any more', {}, {}],
  ['one value of several', { team: 'core', tags: ['a', 'c'] }, {}],
  ['fewer values', { team: 'core', tags: ['a'] }, {}],
  ['the action', { team: 'core', tags: ['a', 'b'] }, { action: 'sqs:DeleteMessage' }],
  ['the resource', { team: 'core', tags: ['a', 'b'] }, { resource: 'arn:aws:sqs:eu-west-1:123456789012:other' }],
  ['the resource’s policy', { team: 'core', tags: ['a', 'b'] }, { policy: '{"Statement":[]}' }],
  ['whether that policy must allow', { team: 'core', tags: ['a', 'b'] }, { policyMustAllow: true }],
])('decides anew where another is %s', (_, keys, changes) => {
  const { ask, decided } = deciding();
  ask({ team: 'core', tags: ['a', 'b'] });
  ask(keys, changes);
  expect(decided()).toBe(2);
});

it('remembers several ways to ask, and decides every denial', () => {
  const { ask, decided } = deciding();
  for (let round = 0; round < 3; round++) for (const team of ['a', 'b', 'c']) ask({ team });
  expect(decided()).toBe(3);
  const refusing = deciding(denied);
  expect([refusing.ask({}), refusing.ask({})]).toEqual([denied, denied]);
  expect(refusing.decided()).toBe(2);
});
