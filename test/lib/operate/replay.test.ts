/** What was said is said again: from the archive to those who hear it, from a file to all. */
import { beforeEach, expect, it } from 'vitest';
import { listAudit } from '../../../lib/operate/audit.ts';
import { replay } from '../../../lib/operate/replay.ts';
import { readEvents, replayEvents } from '../../../lib/operate/replay-file.ts';
import type { Target } from '../../../lib/operate/target.ts';
import { administrator } from '../../../localcloud/cloud.ts';
import { accountEvent, type Desk, desk } from './desk.ts';

let at: Desk;
/** On the sixth of January; what is said again is of the fifth. */
let target: Target;
beforeEach(async () => {
  at = await desk();
  target = { ...at.target, trail: { ...at.target.trail, now: () => Date.parse('2026-01-06T08:00:00Z') } };
});

const ask = (action: string, input: object): Promise<any> =>
  at.bench.cloud.request({ service: 'events', action, region: 'eu-west-1', input, principal: administrator });
const archive = () =>
  ask('CreateArchive', {
    ArchiveName: 'bank-test',
    EventSourceArn: 'arn:aws:events:eu-west-1:123456789012:event-bus/bank-test',
  });
const span = { from: '2026-01-05T08:00:00.000Z', to: '2026-01-05T09:00:00.000Z' };

it('an archive is replayed to the rules of the stages that hear the type, and to its end', async () => {
  await archive();
  for (const stage of ['open', 'close'])
    await ask('PutRule', {
      Name: `bank-test-${stage}`,
      EventBusName: 'bank-test',
      EventPattern: '{"source":["bank.ingress"]}',
    });
  const states: string[] = [];
  const onProgress = (state: string) => states.push(state);
  const done = await replay(target, { ...span, type: 'account.opened', note: 'lost', onProgress });
  expect(done).toMatchObject({ stages: ['open'], also: [], replay: { state: 'COMPLETED' } });
  const [started] = at.bench.calls('events', 'StartReplay');
  expect(started.Destination.FilterArns).toEqual([
    'arn:aws:events:eu-west-1:123456789012:rule/bank-test/bank-test-open',
  ]);
  expect(states.at(-1)).toBe('COMPLETED');
  expect((await listAudit(at.target))[0]!.result).toMatch(/COMPLETED$/);
});

it('a dry run tells what the archive holds, and starts nothing', async () => {
  await archive();
  const plan = await replay(target, { ...span, note: undefined, dryRun: true });
  expect(plan).toMatchObject({ archived: { events: 0 }, stages: ['open', 'close'] });
  expect(plan.replay).toBeUndefined();
  expect(at.bench.calls('events', 'StartReplay')).toEqual([]);
  expect(await listAudit(at.target)).toEqual([]);
});

it('says what it cannot replay', async () => {
  await expect(replay(target, { ...span, note: 'x' })).rejects.toThrow('there is no archive bank-test');
  await expect(replay(target, { from: span.to, to: span.from, note: 'x' })).rejects.toThrow('must be before');
  await expect(replay(target, { ...span, type: 'account.shut', note: 'x' })).rejects.toThrow(
    'allowed are account.opened',
  );
});

it('what may not be known any more is not said again: not of an archive, and not of a file', async () => {
  await archive();
  // Of 90 days for which a record is kept, one goes by with a rule that tries, 7 in an inbox, 14 in the queue, 14 as a letter, 14 in the queue again.
  const day = (ago: number) => new Date(target.trail.now() - ago * 86_400_000).toISOString();
  const from = (ago: number) => replay(target, { from: day(ago), to: span.to, note: 'x', dryRun: true });
  await expect(from(40)).resolves.toMatchObject({ from: day(40) });
  await expect(from(40.01)).rejects.toThrow(
    /^--from is 2025-11-27T07:45.*; what was said before 2025-11-27T08:00:00.000Z, 40 days ago, is not said again/,
  );
  const ofFile = (ago: number) =>
    replayEvents(target, [accountEvent('1', 'a', { time: day(ago) })], { file: 'old.json', note: 'x' });
  await expect(ofFile(40.01)).rejects.toThrow(/^old.json: the time of 1 is 2025-11-27T07:45/);
  expect(at.bench.said()).toEqual([]);
  await ofFile(40);
  expect(at.bench.said()).toHaveLength(1);
});

it('events of a file are said again as they were, those that are wanted', async () => {
  const numbered = accountEvent('1', 'a', { sequence: 'open=7.1' });
  const text = JSON.stringify([numbered, { detail: accountEvent('2', 'b') }, { body: accountEvent('3', 'a') }]);
  const events = readEvents(text, 'events.json');
  expect(events.map(({ id }) => id)).toEqual(['1', '2', '3']);
  const options = { file: 'events.json', entity: 'a', note: 'lost' };
  expect((await replayEvents(target, events, { ...options, dryRun: true })).said).toHaveLength(2);
  expect(at.bench.said()).toEqual([]);
  await replayEvents(target, events, options);
  expect(at.bench.said()).toEqual([numbered, accountEvent('3', 'a')]);
  expect(() => readEvents('{"type":"account.opened","data":{}}', 'f')).toThrow('are for: send');
});
