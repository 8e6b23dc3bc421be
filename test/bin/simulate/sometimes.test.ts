/** Facts are read from the journal: each of these is found where it happened, and not where it nearly did. */
import { describe, expect, it } from 'vitest';
import type { SimulateResult } from '../../../bin/simulate/run.ts';
import { factsOf, sometimes } from '../../../bin/simulate/sometimes.ts';

type Line = SimulateResult['lines'][number];
const line = (action: string, input: object, more: object = {}) => ({ action, input, ...more }) as unknown as Line;

const facts = (lines: readonly Line[], history: object = {}) =>
  factsOf({
    lines,
    history: {
      pipeline: { entries: [] },
      said: [],
      commits: [],
      deadLettered: [],
      quarantined: [],
      parked: [],
      sentBack: [],
      denied: [],
      ...history,
    },
  } as unknown as SimulateResult);

const id = { id: { S: 'bill#e' } };
const lease = (invocation: string, before?: object, more: object = {}) =>
  line(
    'UpdateItem',
    {
      Key: id,
      UpdateExpression: 'SET #status = :inprogress',
      ExpressionAttributeValues: { ':inprogress': { S: 'INPROGRESS' } },
    },
    { invocation, output: before && { Attributes: before }, ...more },
  );
const transaction = (invocation: string, code?: string) =>
  line(
    'TransactWriteItems',
    { TransactItems: [{ Update: { Key: id } }] },
    { invocation, ...(code ? { error: { code } } : {}) },
  );
const put = (accepted: boolean) =>
  line(
    'PutEvents',
    { Entries: [{ Detail: 'x' }] },
    { output: { Entries: [accepted ? { EventId: '1' } : { ErrorCode: 'Internal' }] } },
  );
const struck = (fault: string, action: string) => line('FaultStruck', { fault, action });

it('where nothing happened there is nothing', () => expect(facts([])).toEqual([]));

it('each has a name of its own', () => {
  expect(new Set(sometimes.map(({ name }) => name)).size).toBe(sometimes.length);
});

describe('a lease', () => {
  const held = { status: { S: 'INPROGRESS' }, in_progress_expiration: { N: '5' } };
  it('is taken over where it was neither given back nor committed', () => {
    expect(facts([lease('1'), lease('2', held)])).toContain('an expired lease taken over');
    const givenBack = line('UpdateItem', { Key: id, UpdateExpression: 'SET in_progress_expiration = :zero' });
    expect(facts([lease('1'), givenBack, lease('2', held)])).not.toContain('an expired lease taken over');
    expect(facts([lease('1'), lease('2', { status: { S: 'COMPLETED' } })])).not.toContain(
      'an expired lease taken over',
    );
  });

  it('is held by somebody else where the condition says so', () => {
    const refused = lease('2', undefined, { error: { code: 'ConditionalCheckFailedException' } });
    expect(facts([refused])).toContain('a lease that somebody else held');
    expect(facts([lease('2')])).not.toContain('a lease that somebody else held');
  });
});

it('a handler runs anew where the same invocation commits what was cancelled', () => {
  const cancelled = transaction('1', 'TransactionCanceledException');
  expect(facts([cancelled, transaction('1')])).toContain('a handler run anew after a stale read');
  expect(facts([cancelled, transaction('2')])).not.toContain('a handler run anew after a stale read');
});

it('a partial PutEvents is repaired where the same entry is taken later', () => {
  expect(facts([put(false), put(true)])).toContain('a partial PutEvents repaired');
  expect(facts([put(false)])).not.toContain('a partial PutEvents repaired');
  expect(facts([put(true), put(true)])).not.toContain('a partial PutEvents repaired');
});

it('an answer is lost at a commit, not at any call', () => {
  expect(facts([struck('response-lost', 'TransactWriteItems')])).toContain('a commit whose answer was lost');
  expect(facts([struck('response-lost', 'PutEvents')])).not.toContain('a commit whose answer was lost');
});

it('an event is refused for its schema or its size where quarantine says so', () => {
  const refused = (detail: string) => facts([], { quarantined: [{ detail }] });
  const schema = (version: number) => `dataschema is urn:event:a.b:${version}; this pipeline reads urn:event:a.b:2`;
  expect(refused(schema(1))).toContain('an event of an older schema refused');
  expect(refused(schema(9))).toContain('an event of a newer schema refused');
  expect(refused(schema(9))).not.toContain('an event of an older schema refused');
  expect(refused('the event has 70000 bytes; allowed are 65536')).toContain('an oversized event refused');
  expect(refused('amount: missing')).toEqual(['an event in quarantine']);
});

it('an alarm is over where it goes from on to off, not where it was never on', () => {
  const changed = (from: string, to: string) => line('AlarmChangedState', { from, to });
  expect(facts([changed('ALARM', 'OK')])).toContain('an alarm that was over');
  expect(facts([changed('INSUFFICIENT_DATA', 'OK'), changed('OK', 'ALARM')])).not.toContain('an alarm that was over');
});

it('a redrive completes an event where its commit comes after it was sent back', () => {
  const history = (n: number) => ({
    deadLettered: [{ stage: 'bill', eventId: 'e', messageId: 'm', by: 'queue' }],
    sentBack: [{ n: 5, messageId: 'm' }],
    commits: [{ n, stage: 'bill', eventId: 'e', redrives: 0 }],
  });
  expect(facts([], history(9))).toContain('a redrive that completes an event');
  expect(facts([], history(3))).not.toContain('a redrive that completes an event');
});

it('a breaker opens where its item says so', () => {
  const sets = (phase: string) =>
    line('UpdateItem', {
      Key: { id: { S: 'bill#breaker bank' } },
      ExpressionAttributeValues: { ':phase': { S: phase } },
    });
  expect(facts([sets('open')])).toContain('a breaker opened');
  expect(facts([sets('closed')])).not.toContain('a breaker opened');
});

describe('old code is at work beside new', () => {
  const name = 'old code at work beside new';
  const updated = struck('stack-update', 'stack-update');
  const started = (requestId: string, coldStart: boolean, fn = 'bill') =>
    line('InvocationStarted', { requestId, coldStart, function: fn });
  const ended = (requestId: string) => line('InvocationEnded', { requestId });

  it('where a new environment starts before what ran at the update has ended', () => {
    expect(facts([started('1', true), updated, started('2', true), ended('1')])).toContain(name);
  });
  it('not where it had ended, nor where another function starts, nor without an update', () => {
    expect(facts([started('1', true), updated, ended('1'), started('2', true)])).not.toContain(name);
    expect(facts([started('1', true), ended('1'), updated, started('2', true)])).not.toContain(name);
    expect(facts([started('1', true), updated, started('2', true, 'pack')])).not.toContain(name);
    expect(facts([started('1', true), started('2', true)])).not.toContain(name);
    expect(facts([started('1', false), updated, started('2', false)])).not.toContain(name);
  });
});
