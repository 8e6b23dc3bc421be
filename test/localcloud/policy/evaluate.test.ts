import { describe, expect, test } from 'vitest';
import { admin, events, isAllowed, KEY, outcome, policy, QUEUE, ROLE, ROOT, SESSION, worker } from './question.ts';

const everyone = { Principal: '*' } as const;
const of = (AWS: string) => ({ Principal: { AWS } });
const toEvents = { Principal: { Service: 'events.amazonaws.com' } };

describe('identity and resource', () => {
  test('nothing is allowed that no policy allows', () => {
    expect(outcome({})).toBe('no identity-based policy');
    expect(outcome({ identity: policy({ Action: 'sqs:ReceiveMessage' }) })).toBe('no identity-based policy');
    expect(outcome({ identity: policy({ Resource: `${QUEUE}2` }) })).toBe('no identity-based policy');
  });

  test.each([
    ['the identity', { identity: policy({}) }],
    ['the resource, to the role', { onResource: policy(of(ROLE)) }],
    ['the resource, to the session', { onResource: policy(of(SESSION)) }],
    ['the resource, to everyone', { onResource: policy(everyone) }],
    ['the resource, to everyone with an account', { onResource: policy(of('*')) }],
  ])('within an account one of them is enough: %s', (_what, policies) => {
    expect(outcome(policies)).toBe('allowed');
  });

  test('a resource that allows the account leaves it to the identity', () => {
    for (const account of [ROOT, '123456789012']) {
      expect(outcome({ onResource: policy(of(account)) })).toBe('no identity-based policy');
      expect(outcome({ onResource: policy(of(account)), identity: policy({}) })).toBe('allowed');
    }
  });

  test('a resource that allows another role, session or account allows nobody here', () => {
    for (const other of [`${ROLE}2`, SESSION.replace('/one', '/two'), 'arn:aws:iam::999999999999:root']) {
      expect(isAllowed({ onResource: policy(of(other)) }), other).toBe(false);
    }
  });

  test.each([
    ['identity-based policy', { identity: policy({}, { Effect: 'Deny' }), onResource: policy(everyone) }],
    ['resource-based policy', { identity: policy({}), onResource: policy({ ...everyone, Effect: 'Deny' }) }],
    ['resource-based policy', { identity: policy({}), onResource: policy({ ...of(ROOT), Effect: 'Deny' }) }],
    ['permissions boundary', { identity: policy({}), boundary: policy({}, { Effect: 'Deny' }) }],
  ] as const)('an explicit deny wins: in a %s', (kind, policies) => {
    expect(outcome(policies)).toBe(`denied by ${kind}`);
  });

  test('an administrator may everything but what a resource denies', () => {
    expect(outcome({ caller: admin })).toBe('allowed');
    expect(outcome({ caller: admin, onResource: policy({ ...everyone, Effect: 'Deny' }) })).toBe(
      'denied by resource-based policy',
    );
  });

  test('a boundary limits what the identity may, and what the resource gives the role, but not what it gives the session', () => {
    const boundary = policy({ Action: 'sqs:ReceiveMessage' });
    expect(outcome({ identity: policy({}), boundary })).toBe('no permissions boundary');
    expect(outcome({ onResource: policy(of(ROLE)), boundary })).toBe('no permissions boundary');
    expect(outcome({ onResource: policy(of(SESSION)), boundary })).toBe('allowed');
    expect(outcome({ identity: policy({}), boundary: policy({ Action: 'sqs:*' }) })).toBe('allowed');
    expect(outcome({ boundary: policy({ Action: 'sqs:*' }) })).toBe('no identity-based policy');
  });
});

describe('services', () => {
  test('need the resource, by their name', () => {
    expect(outcome({ caller: events })).toBe('no resource-based policy');
    expect(outcome({ caller: events, onResource: policy(toEvents) })).toBe('allowed');
    expect(outcome({ caller: events, onResource: policy({ Principal: { Service: 'sns.amazonaws.com' } }) })).toBe(
      'no resource-based policy',
    );
  });

  test('are no part of an account', () => {
    expect(isAllowed({ caller: events, onResource: policy(of(ROOT)) })).toBe(false);
  });

  test('are denied with everyone', () => {
    const onResource = policy(toEvents, { ...everyone, Effect: 'Deny' });
    expect(outcome({ caller: events, onResource })).toBe('denied by resource-based policy');
  });

  test('act only for what the condition names', () => {
    const onResource = policy({
      ...toEvents,
      Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:events:*:*:rule/a/*' } },
    });
    const by = (rule: string) => ({ 'aws:SourceArn': `arn:aws:events:eu-west-1:123456789012:rule/${rule}` });
    expect(isAllowed({ caller: events, onResource, keys: by('a/one') })).toBe(true);
    expect(isAllowed({ caller: events, onResource, keys: by('b/one') })).toBe(false);
    expect(isAllowed({ caller: events, onResource })).toBe(false);
  });
});

describe('keys and trust, whose own policy must allow', () => {
  const use = { action: 'kms:Decrypt', resource: KEY, mustAllow: true };
  const allows = policy({ Action: 'kms:Decrypt' });

  test('identity alone is not enough, not even an administrator’s', () => {
    expect(outcome({ ...use, identity: allows })).toBe('no resource-based policy');
    expect(outcome({ ...use, identity: allows, onResource: policy({ ...of(ROLE), Action: 'kms:Encrypt' }) })).toBe(
      'no resource-based policy',
    );
    expect(outcome({ ...use, caller: admin, onResource: policy({ ...of(ROLE), Action: 'kms:Decrypt' }) })).toBe(
      'no resource-based policy',
    );
  });

  test('a key that allows the account lets IAM decide', () => {
    const onResource = policy({ ...of(ROOT), Action: 'kms:*' });
    expect(outcome({ ...use, onResource })).toBe('no identity-based policy');
    expect(outcome({ ...use, onResource, identity: allows })).toBe('allowed');
    expect(outcome({ ...use, onResource, caller: admin })).toBe('allowed');
  });

  test('its conditions bind those to whom IAM allows it', () => {
    const onResource = policy({
      ...of(ROOT),
      Action: 'kms:*',
      Condition: { StringEquals: { 'kms:ViaService': 'sqs.eu-west-1.amazonaws.com' } },
    });
    const via = (service: string) => ({ 'kms:ViaService': `${service}.eu-west-1.amazonaws.com` });
    expect(isAllowed({ ...use, onResource, identity: allows, keys: via('sqs') })).toBe(true);
    expect(isAllowed({ ...use, onResource, identity: allows, keys: via('dynamodb') })).toBe(false);
    expect(isAllowed({ ...use, onResource, caller: admin })).toBe(false);
  });

  test('a key that allows the role itself asks nobody else', () => {
    expect(outcome({ ...use, onResource: policy({ ...of(ROLE), Action: 'kms:Decrypt' }) })).toBe('allowed');
  });

  test('a trust policy names no resource', () => {
    const trust = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...of(ROLE), Action: 'sts:AssumeRole' }] };
    const asked = { action: 'sts:AssumeRole', resource: `${ROLE}2`, mustAllow: true, onResource: trust as any };
    expect(outcome(asked)).toBe('allowed');
    expect(outcome({ ...asked, caller: events })).toBe('no resource-based policy');
  });
});

describe('actions and resources', () => {
  test.each([
    ['sqs:SendMessage', true],
    ['SQS:sendmessage', true],
    ['sqs:Send*', true],
    ['sqs:S?ndMessage', true],
    ['sqs:*Message', true],
    ['*', true],
    ['sqs:SendMessageBatch', false],
    ['sqs:?SendMessage', false],
    ['sns:*', false],
  ])('the action %s covers sqs:SendMessage: %s', (Action, covers) => {
    expect(isAllowed({ identity: policy({ Action }) })).toBe(covers);
  });

  test.each([
    [QUEUE, true],
    ['arn:aws:sqs:eu-west-1:123456789012:*', true],
    ['arn:aws:sqs:*:*:jobs', true],
    ['arn:aws:sqs:eu-west-?:123456789012:j*s', true],
    ['*', true],
    ['arn:aws:sqs:eu-west-1:123456789012:Jobs', false],
    ['arn:aws:sqs:eu-west-1:123456789012:job', false],
    // Within the first five parts a wildcard does not pass a colon.
    ['arn:aws:*:123456789012:jobs:x', false],
    ['arn:aws:sq*:jobs', false],
    ['arn:aws:sqs:*:jobs:', false],
  ])('the resource %s is the queue: %s', (Resource, is) => {
    expect(isAllowed({ identity: policy({ Resource }) })).toBe(is);
  });

  test('in the last part of an ARN a wildcard passes colons and slashes', () => {
    const stream = 'arn:aws:logs:eu-west-1:123456789012:log-group:/a/b:log-stream:c/d';
    const asked = { action: 'logs:PutLogEvents', resource: stream };
    const on = (Resource: string) => policy({ Action: 'logs:PutLogEvents', Resource });
    expect(
      isAllowed({ ...asked, identity: on('arn:aws:logs:eu-west-1:123456789012:log-group:/a/b:log-stream:*') }),
    ).toBe(true);
    expect(isAllowed({ ...asked, identity: on('arn:aws:logs:eu-west-1:123456789012:log-group:/a/*') })).toBe(true);
    expect(isAllowed({ ...asked, identity: on('arn:aws:logs:eu-west-1:123456789012:log-group:/b/*') })).toBe(false);
  });

  test('NotAction and NotResource mean all others', () => {
    expect(isAllowed({ identity: policy({ NotAction: 'sqs:Receive*' }) })).toBe(true);
    expect(isAllowed({ identity: policy({ NotAction: ['sqs:Receive*', 'sqs:Send*'] }) })).toBe(false);
    expect(isAllowed({ identity: policy({ NotResource: `${QUEUE}-other` }) })).toBe(true);
    expect(isAllowed({ identity: policy({ NotResource: [`${QUEUE}-other`, QUEUE] }) })).toBe(false);
  });

  test('signs that mean something to regular expressions mean themselves', () => {
    const resource = 'arn:aws:sqs:eu-west-1:123456789012:a.b+(c)[d]$^|';
    expect(isAllowed({ resource, identity: policy({ Resource: `${resource}*` }) })).toBe(true);
    expect(isAllowed({ resource: resource.replace('.', 'x'), identity: policy({ Resource: `${resource}*` }) })).toBe(
      false,
    );
  });
});

describe('policy variables', () => {
  const named = (Resource: string, keys: Record<string, string> = {}, resource = QUEUE) =>
    isAllowed({ identity: policy({ Resource }), keys, resource });

  test('stand for what the request says', () => {
    expect(
      named('arn:aws:sqs:eu-west-1:${aws:PrincipalAccount}:jobs', { 'aws:PrincipalAccount': '123456789012' }),
    ).toBe(true);
    expect(named('arn:aws:sqs:eu-west-1:*:${aws:username}', { 'aws:username': 'jobs' })).toBe(true);
    expect(named('arn:aws:sqs:eu-west-1:*:${aws:username}', { 'aws:username': 'job' })).toBe(false);
  });

  test('match nothing where the request says nothing, unless they have a default', () => {
    expect(named('arn:aws:sqs:eu-west-1:*:${aws:PrincipalTag/queue}')).toBe(false);
    expect(named('arn:aws:sqs:eu-west-1:*:*${aws:PrincipalTag/queue}')).toBe(false);
    expect(named("arn:aws:sqs:eu-west-1:*:${aws:PrincipalTag/queue, 'jobs'}")).toBe(true);
  });

  test('are literal: a value brings no wildcards with it', () => {
    expect(named('arn:aws:sqs:eu-west-1:*:${aws:username}', { 'aws:username': '*' })).toBe(false);
    expect(named('arn:aws:sqs:eu-west-1:*:${*}', {}, 'arn:aws:sqs:eu-west-1:1:*')).toBe(true);
    expect(named('arn:aws:sqs:eu-west-1:*:${*}')).toBe(false);
  });

  test('are no variables in policies of 2008', () => {
    const identity = {
      ...policy({ Resource: 'arn:aws:sqs:eu-west-1:*:${aws:username}' }),
      Version: '2008-10-17' as const,
    };
    expect(isAllowed({ identity, keys: { 'aws:username': 'jobs' } })).toBe(false);
  });

  test('are compared in conditions too', () => {
    const identity = policy({ Condition: { StringEquals: { 'a:Owner': '${aws:PrincipalTag/team}' } } });
    expect(isAllowed({ identity, keys: { 'a:Owner': 'x', 'aws:PrincipalTag/team': 'x' } })).toBe(true);
    expect(isAllowed({ identity, keys: { 'a:Owner': 'x', 'aws:PrincipalTag/team': 'y' } })).toBe(false);
    expect(isAllowed({ identity, keys: { 'a:Owner': 'x' } })).toBe(false);
  });
});

test('what the local cloud does not understand it refuses by name', () => {
  const refused = (onResource: any) => () => isAllowed({ onResource });
  expect(refused(policy({ NotPrincipal: { AWS: ROLE } }))).toThrow('NotPrincipal');
  expect(refused(policy({ Principal: { Federated: 'x' } }))).toThrow('Federated');
  expect(refused(policy({ ...of(ROLE), Condition: { StringMatches: { a: 'b' } } }))).toThrow('StringMatches');
});

test('a question takes some microseconds', () => {
  const identity = policy(...Array.from({ length: 40 }, (_, n) => ({ Action: `sqs:Other${n}` })), {
    Resource: 'arn:aws:sqs:eu-west-1:*:j*',
    Condition: { StringLike: { 'aws:PrincipalArn': '*worker' } },
  });
  const asked = { identity, keys: { 'aws:PrincipalArn': ROLE }, caller: worker };
  for (let n = 0; n < 1000; n++) isAllowed(asked);
  const began = performance.now();
  for (let n = 0; n < 10_000; n++) isAllowed(asked);
  // 2 µs on a quiet machine; the bound is for a busy one.
  expect((performance.now() - began) / 10).toBeLessThan(100);
});
