/** Facts about two regions, found where they happened and not where they nearly did. */
import { describe, expect, it } from 'vitest';
import { pipeline } from '../../../bin/domain.ts';
import type { SimulateResult } from '../../../bin/simulate/run.ts';
import { factsOf } from '../../../bin/simulate/sometimes.ts';
import { sometimesInRegions } from '../../../bin/simulate/sometimes-regions.ts';
import { names } from '../../../lib/model/names.ts';

type Line = SimulateResult['lines'][number];
const [HERE, THERE] = ['eu-west-1', 'eu-central-1'];
const deployment = { pipeline: pipeline.name, environment: 'dev' };

const line = (n: number, action: string, input: object, more: object = {}) =>
  ({ n, at: n, action, region: HERE, input, ...more }) as unknown as Line;

const nothing = {
  ...{ said: [], commits: [], queued: [], committedAgain: [], actedAgain: [] },
  ...{ deadLettered: [], quarantined: [] },
};
const facts = (lines: readonly Line[], history: object = {}) =>
  factsOf(
    {
      lines,
      history: { ...nothing, ...history },
    } as unknown as SimulateResult,
    sometimesInRegions,
  );

const take = (n: number, [from, to]: readonly [string, string], epoch: number) =>
  line(
    n,
    'UpdateItem',
    { TableName: names.authority(deployment), Key: { id: { S: 'active' } } },
    { output: { Attributes: { region: { S: to }, home: { S: HERE }, before: { S: from }, epoch: { N: `${epoch}` } } } },
  );
const lost = (n: number, region = HERE) => line(n, 'RegionLost', { region }, { region, service: 'regions' });
const back = (n: number, region = HERE) => line(n, 'RegionReturned', { region }, { region, service: 'regions' });

it('where nothing happened there is nothing', () => expect(facts([])).toEqual([]));

it('each has a name of its own', () => {
  expect(new Set(sometimesInRegions.map(({ name }) => name)).size).toBe(sometimesInRegions.length);
});

describe('a backlog', () => {
  const there = take(10, [HERE, THERE], 2);
  const again = take(20, [THERE, HERE], 3);
  const between = { said: [{ n: 5, id: 'e' }], commits: [{ n: 15, stage: 'bill', eventId: 'e' }] };

  it('is there where what was said before a hand-over is done after it', () => {
    expect(facts([there], between)).toContain('a hand-over with a backlog');
    expect(facts([there], { ...between, commits: [{ n: 8, eventId: 'e' }] })).not.toContain(
      'a hand-over with a backlog',
    );
    expect(facts([there], { ...between, said: [{ n: 12, id: 'e' }] })).not.toContain('a hand-over with a backlog');
  });

  it('of the way back is another', () => {
    expect(facts([there, again], between)).not.toContain('a way back with a backlog');
    const late = { ...between, commits: [{ n: 25, eventId: 'e' }] };
    expect(facts([there, again], late)).toContain('a way back with a backlog');
  });
});

it('a hand-over is from a region that is lost, or from one that is there', () => {
  const there = take(10, [HERE, THERE], 2);
  expect(facts([lost(5), there])).toContain('a hand-over while the other region was lost');
  expect(facts([lost(5), back(6), there])).toContain('a hand-over with both regions there');
  expect(facts([lost(5), there, back(12)])).not.toContain('a hand-over with both regions there');
  const off = (n: number) => line(n, 'DisableRule', {});
  expect(facts([lost(5), there, back(12), off(13)])).toContain('what was left in a region that returned, done later');
  expect(facts([lost(5), back(6), off(7), there])).not.toContain('what was left in a region that returned, done later');
});

it('a region is lost while functions work in it', () => {
  const name = 'a region lost while functions work in it';
  const started = line(1, 'InvocationStarted', { requestId: 'r' });
  expect(facts([started, lost(2)])).toContain(name);
  expect(facts([started, lost(2, THERE)])).not.toContain(name);
  expect(facts([started, line(2, 'InvocationEnded', { requestId: 'r' }), lost(3)])).not.toContain(name);
});

describe('an event that is refused for want of authority', () => {
  const name = 'an event refused for want of authority, and completed later';
  const failed = line(3, 'BatchItemsFailed', { requestId: 'i', records: ['m'] });
  const history = {
    queued: [{ n: 1, stage: 'bill', eventId: 'e', messageId: 'm' }],
    commits: [{ n: 9, stage: 'bill', eventId: 'e' }],
  };
  const asked = line(
    2,
    'UpdateItem',
    { TableName: names.records(deployment), Key: { id: { S: 'bill#e' } } },
    { invocation: 'i' },
  );

  it('was not looked up, and is completed later', () => {
    expect(facts([failed], history)).toContain(name);
    expect(facts([asked, failed], history)).not.toContain(name);
    expect(facts([failed], { ...history, commits: [{ n: 2, stage: 'bill', eventId: 'e' }] })).not.toContain(name);
  });

  it('is another thing than an effect that waits for its record', () => {
    const waits = 'an event that may have been applied in a lost region, and waited for its return';
    const later = (seconds: number) =>
      line(4, 'ChangeMessageVisibilityBatch', { Entries: [{ VisibilityTimeout: seconds }] }, { invocation: 'i' });
    expect(facts([asked, failed, later(300)], history)).toContain(waits);
    expect(facts([asked, failed, later(2)], history)).not.toContain(waits);
    expect(facts([failed, later(300)], history)).not.toContain(waits);
  });
});

it('an event comes with the second replay only', () => {
  const name = 'an event that only the second replay brought';
  const body = (round: number) =>
    JSON.stringify({ 'replay-name': `${names.base(deployment)}-2-${round}`, detail: { id: 'e' } });
  const sent = (n: number, round: number) => line(n, 'SendMessage', { MessageBody: body(round) });
  const commits = [{ n: 9, stage: 'bill', eventId: 'e' }];
  expect(facts([sent(5, 2)], { commits })).toContain(name);
  expect(facts([sent(4, 1), sent(5, 2)], { commits })).not.toContain(name);
  expect(facts([sent(5, 2)], { commits: [{ n: 3, eventId: 'e' }] })).not.toContain(name);
});

it('a hand-over is taken up hours after it broke off, which its replay tells', () => {
  const name = 'a hand-over taken up hours after it broke off';
  const round = `${names.base(deployment)}-2-1`;
  const replay = (hours: number, ReplayName = round, more: object = {}) =>
    line(1, 'StartReplay', { ReplayName, EventStartTime: 0, EventEndTime: 3600 * hours }, more);
  expect(facts([replay(3)])).toEqual([name]);
  expect(facts([replay(1.1), replay(3, 'storm-1'), replay(3, round, { error: {} })])).toEqual([]);
  const at = { EventStartTime: new Date(0), EventEndTime: new Date(3 * 3_600_000) };
  expect(facts([line(1, 'StartReplay', { ReplayName: round, ...at })])).toEqual([name]);
});

it('an event is forwarded when the link is mended', () => {
  const name = 'an event forwarded when the link was mended';
  const put = (n: number, code?: string) =>
    line(n, 'PutEvents', { Entries: [{ Detail: 'x' }] }, code ? { error: { code } } : {});
  expect(facts([put(1, 'RegionUnreachable'), put(2)])).toContain(name);
  expect(facts([put(1, 'RegionUnreachable')])).not.toContain(name);
  expect(facts([put(1), put(2, 'RegionUnreachable')])).not.toContain(name);
});

it('a letter of a region that was left is sent back in the other', () => {
  const name = 'a letter of a region that was left, sent back in the other';
  const letters = { deadLettered: [{ messageId: 'm2', region: HERE }] };
  const sent = (letter: string, more: object = {}) =>
    line(5, 'SendMessage', { MessageAttributes: { letter: { StringValue: letter } } }, { region: THERE, ...more });
  expect(facts([sent('m1 m2')], letters)).toEqual([name]);
  expect(facts([sent('m1 m2', { region: HERE })], letters)).toEqual([]);
  expect(facts([sent('m1 m2', { error: {} })], letters)).toEqual([]);
  expect(facts([sent('m1')], letters)).toEqual([]);
  expect(facts([line(5, 'SendMessage', {}, { region: THERE })], letters)).toEqual([]);
});
