import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { check, sizeOf } from '../../../lib/model/check.ts';
import { DeclarationError } from '../../../lib/model/declaration-error.ts';
import { EVENT_BYTES_MAX, enter, follow, followingId, isMalformed, readEnvelope } from '../../../lib/model/envelope.ts';
import { event } from '../../../lib/model/event.ts';
import { isTerminal, rejected } from '../../../lib/model/failure.ts';
import { names } from '../../../lib/model/names.ts';
import { permissionsOf, publisherPermissions, sequencerPermissions } from '../../../lib/model/permissions.ts';
import { domainTablesOf, eventTypesOf, pipeline, sourcesOf, stageNamed } from '../../../lib/model/pipeline.ts';
import { receivesOf, stage } from '../../../lib/model/stage.ts';
import { outside, table } from '../../../lib/model/uses.ts';

const schema = v.object({ account: v.string(), cents: v.number() });
const entity = ({ account }: { account: string }) => account;
const opened = event('account.opened', { schema, entity });
const credited = event('account.credited', { schema, entity, version: 2 });
const credit = stage('credit', {
  accepts: [opened],
  emits: [credited],
  uses: { balances: table<{ cents: number }>('balances').to('get', 'put'), mail: outside<object>('mail') },
});
const report = stage('report', { accepts: [credited, opened], uses: { lines: table<object>('lines').to('add') } });
const bank = pipeline('bank', { entries: [opened], stages: [credit, report], exits: [credited] });
const data = { account: 'a', cents: 5 };

describe('an event', () => {
  it('is said by calling its kind', () => {
    expect(opened(data)).toEqual({ type: 'account.opened', data });
  });

  it.each(['Account.Opened', 'opened', 'account opened', `account.${'x'.repeat(130)}`])('is not named %s', (name) => {
    expect(() => event(name, { schema, entity })).toThrow(/noun\.happened/);
  });

  it('is judged by its schema, field by field', async () => {
    expect(await check(opened, data)).toEqual({ data });
    expect(await check(opened, { account: 5 })).toEqual({
      problem: expect.stringMatching(/account\.opened version 1: .*account: .*; cents: /),
    });
  });

  it('is at most 64 KB', () => {
    expect(sizeOf('x'.repeat(EVENT_BYTES_MAX - 2)).tooLarge).toBe(false);
    expect(sizeOf('x'.repeat(EVENT_BYTES_MAX - 1)).tooLarge).toBe(true);
  });
});

describe('an envelope', () => {
  const entry = enter(opened, opened(data), {
    id: 'e-1',
    source: 'bank.ingress',
    time: '2026-01-05T08:00:00Z',
    traceparent: '00-1-2-01',
  });

  it('of an entry correlates with itself', () => {
    expect(entry).toMatchObject({
      id: 'e-1',
      correlationid: 'e-1',
      partitionkey: 'a',
      dataschema: 'urn:event:account.opened:1',
    });
    expect(entry).not.toHaveProperty('causationid');
  });

  it('of what follows names its cause, keeps the correlation and the trace, and has the same id whenever it is said', () => {
    const said = {
      event: credited(data),
      index: 0,
      stage: 'credit',
      source: 'bank.credit',
      time: '2026-01-05T08:00:01Z',
    };
    const next = follow(entry, credited, said);
    expect(next).toMatchObject({
      causationid: 'e-1',
      correlationid: 'e-1',
      traceparent: '00-1-2-01',
      dataschema: 'urn:event:account.credited:2',
      entrytime: entry.time,
    });
    expect(follow(next, credited, said).entrytime).toBe(entry.time);
    const { entrytime: _none, ...older } = next;
    expect(follow(older, credited, said)).not.toHaveProperty('entrytime');
    expect(readEnvelope({ ...next, entrytime: 'once' })).toMatchObject({
      malformed: expect.stringMatching(/entrytime/),
    });
    expect(follow(entry, credited, { ...said, time: 'later' }).id).toBe(next.id);
    expect(next.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it('has an id of its own for every cause, stage and index', () => {
    const ids = [
      followingId('a', 's', 0),
      followingId('b', 's', 0),
      followingId('a', 't', 0),
      followingId('a', 's', 1),
    ];
    expect(new Set(ids).size).toBe(4);
  });

  it('is read as it was written', () => {
    expect(readEnvelope(JSON.parse(JSON.stringify(entry)))).toEqual(entry);
  });

  it.each([
    ['null', null],
    ['another version', { ...entry, specversion: '0.3' }],
    ['no id', { ...entry, id: undefined }],
    ['an entity with blanks', { ...entry, partitionkey: 'a b' }],
    ['no time', { ...entry, time: 'yesterday' }],
    ['no schema', { ...entry, dataschema: undefined }],
  ])('with %s is malformed', (_, value) => {
    expect(isMalformed(readEnvelope(value))).toBe(true);
  });
});

describe('a stage', () => {
  it.each([
    ['a name in capitals', () => stage('Credit', { accepts: [opened] }), /lower-case/],
    ['nothing to accept', () => stage('credit', { accepts: [] }), /accepts nothing/],
    [
      'a timeout that is out of range',
      () => stage('credit', { accepts: [opened], timeoutSeconds: 900 }),
      /timeoutSeconds is 900/,
    ],
    ['one attempt only', () => stage('credit', { accepts: [opened], attempts: 1 }), /attempts is 1/],
  ])('with %s is refused', (_, declare, message) => {
    expect(declare).toThrow(message);
  });
});

describe('a system that is not ours', () => {
  it('has a breaker of which nothing need be said', () => {
    expect(outside('bank').breaker).toEqual({
      failures: 5,
      withinSeconds: 10,
      share: 0.5,
      openSeconds: 30,
      openSecondsAtMost: 300,
    });
    expect(outside('bank', { breaker: { openSeconds: 600 } }).breaker.openSecondsAtMost).toBe(600);
  });

  it.each([
    ['no failure', { failures: 0 }, /the breaker of bank: failures is 0; allowed are whole numbers from 1 to 1000/],
    ['half a second', { withinSeconds: 0.5 }, /withinSeconds is 0.5/],
    ['more than all', { share: 1.5 }, /share is 1.5; allowed are numbers from 0.001 to 1/],
    ['no share', { share: 0 }, /share is 0/],
    ['longer than a message can wait', { openSeconds: 901 }, /openSeconds is 901/],
    [
      'less at most than at first',
      { openSeconds: 60, openSecondsAtMost: 59 },
      /openSecondsAtMost is 59.*from 60 to 900/,
    ],
  ])('with a breaker of %s is refused', (_, breaker, message) => {
    expect(() => outside('bank', { breaker })).toThrow(message);
  });

  it('lets its stage receive a message as often as SQS can, for the stage counts attempts itself', () => {
    const calls = stage('call', { accepts: [opened], attempts: 3, uses: { bank: outside('bank') } });
    expect(receivesOf(calls)).toBe(1000);
    expect(receivesOf(stage('credit', { accepts: [opened], attempts: 3 }))).toBe(3);
  });
});

describe('a pipeline', () => {
  it('knows its events, its tables, and who may say what', () => {
    expect(eventTypesOf(bank).map(({ type }) => type)).toEqual(['account.opened', 'account.credited']);
    expect(domainTablesOf(bank)).toEqual(['balances', 'lines']);
    expect(sourcesOf(bank, opened)).toEqual(['bank.ingress']);
    expect(sourcesOf(bank, credited)).toEqual(['bank.credit']);
  });

  it('has no two stages, and no two events, of one name', () => {
    expect(() =>
      pipeline('bank', {
        entries: [opened],
        stages: [report, credit, stage('credit', { accepts: [opened] })],
        exits: [credited],
      }),
    ).toThrow(/two stages named credit/);
    const other = event('account.opened', { schema, entity });
    expect(() => pipeline('bank', { entries: [opened, other], stages: [report, credit] })).toThrow(
      /two event types named account.opened/,
    );
  });

  it.each([
    [{ entries: [opened], stages: [credit] }, /: credit emits account.credited, .* put it among the exits$/],
    [{ entries: [opened], stages: [report] }, /: report accepts account.credited, .* put it among the entries$/],
    [
      { entries: [opened, credited], stages: [stage('look', { accepts: [opened] })] },
      /: account.credited is an entry, .* take it out of the entries$/,
    ],
  ])('does not start while an event is unheard or unsaid, though it be run without the compiler: %#', (parts, told) => {
    const joining = () => pipeline('bank', parts as never);
    expect(joining).toThrow(DeclarationError);
    expect(joining).toThrow(told);
  });

  it('says which stages it has when asked for another', () => {
    expect(() => stageNamed(bank, 'debit')).toThrow('bank has no stage "debit"; it has credit, report');
  });
});

describe('the permissions', () => {
  const of = (kind: string, permissions = permissionsOf(credit, bank, { sandboxed: true })) =>
    permissions.filter(({ on }) => on.kind === kind);

  it('of a stage are its queue, its dead letters, its keys of the records, its operations, its events', () => {
    expect(of('queue')).toMatchObject([{ on: { stage: 'credit' } }]);
    expect(of('dead-letters')).toMatchObject([{ actions: ['sqs:SendMessage'] }]);
    expect(of('records')).toMatchObject([{ keys: 'credit#' }]);
    expect(of('table')).toEqual([
      { on: { kind: 'table', table: 'balances' }, actions: ['dynamodb:GetItem', 'dynamodb:PutItem'] },
    ]);
    expect(of('bus')).toMatchObject([{ only: { source: 'bank.credit', types: ['account.credited'] } }]);
  });

  it('on records are the same with an outside system and without, and never to delete one: it counts attempts', () => {
    const actions = ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'];
    expect(of('records')[0]!.actions).toEqual(actions);
    expect(of('records', permissionsOf(report, bank, { sandboxed: true }))[0]!.actions).toEqual(actions);
  });

  it('of a sandbox end where there is a real system', () => {
    expect(of('sandbox')).toHaveLength(1);
    expect(of('sandbox', permissionsOf(credit, bank, { sandboxed: false }))).toEqual([]);
  });

  it('of a stage that says nothing do not hold the bus', () => {
    expect(of('bus', permissionsOf(report, bank, { sandboxed: true }))).toEqual([]);
  });

  it('of sequencer and publisher are what they pass on', () => {
    expect(of('inbox', sequencerPermissions(bank))).toHaveLength(2);
    expect(of('bus', publisherPermissions(bank))).toMatchObject([
      { only: { source: 'bank.ingress', types: ['account.opened'] } },
    ]);
  });
});

it('a failure is terminal by its code, not by its class', () => {
  expect(isTerminal(rejected('no'))).toBe(true);
  expect(isTerminal(Object.assign(new Error('no'), { code: 'rejected' }))).toBe(true);
  expect(isTerminal(Object.assign(new Error('no'), { code: 'ECONNRESET' }))).toBe(false);
});

it('every physical name has the pipeline and the environment', () => {
  const d = { pipeline: 'bank', environment: 'dev' };
  const all = [
    names.bus(d),
    names.queue(d, 's'),
    names.inbox(d, 's'),
    names.records(d),
    names.table(d, 't'),
    names.role(d, 's', 'r'),
    names.topic(d),
  ];
  for (const name of all) expect(name).toMatch(/^bank-dev/);
  expect(new Set(all).size).toBe(all.length);
});
