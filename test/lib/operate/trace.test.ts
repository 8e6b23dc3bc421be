/** The whole way of an entry event, whatever an operator has in hand of it. */
import { beforeEach, expect, it } from 'vitest';
import type { CloudEvent } from '../../../lib/model/envelope.ts';
import { INGRESS, names, parkedKey, recordKey } from '../../../lib/model/names.ts';
import type { Handler } from '../../../lib/model/stage.ts';
import { type Trace, trace } from '../../../lib/operate/trace.ts';
import { lambda } from '../../../lib/runtime/lambda.ts';
import { administrator } from '../../../localcloud/cloud.ts';
import { logs } from '../../../localcloud/logs/index.ts';
import { batch, deployment, invocation } from '../runtime/workbench.ts';
import { accountEvent, type Desk, deadLetters, desk, handle, open, quarantine } from './desk.ts';

let at: Desk;
beforeEach(async () => {
  at = await desk({ services: [logs] });
});

const refuse: Handler<typeof open> = () => {
  throw Object.assign(new Error('no such branch'), { code: 'rejected' });
};
const run = (handler: Handler<typeof open>, event: CloudEvent) =>
  lambda(open, handler)(batch('open', [{ event }]), invocation());
const traced = (word: string) => trace(at.target, word, { patience: 0 });
const kinds = ({ steps }: Trace) => steps.map(({ kind }) => kind);

async function logged(stage: string, ...lines: readonly object[]): Promise<void> {
  const where = { logGroupName: names.logGroup(deployment, stage), logStreamName: 's' };
  const ask = (action: string, input: object) =>
    at.bench.cloud.request({ service: 'logs', action, region: 'eu-west-1', input, principal: administrator });
  await ask('CreateLogGroup', { logGroupName: where.logGroupName });
  await ask('CreateLogStream', where);
  const logEvents = lines.map((line) => ({ timestamp: Date.now(), message: JSON.stringify(line) }));
  await ask('PutLogEvents', { ...where, logEvents });
}

it('shows what an event led to, with effects and what is still under way', async () => {
  await run(handle, accountEvent('1'));
  const [only] = await traced('1');
  expect(only).toMatchObject({
    correlation: '1',
    open: [{ stage: 'close', type: 'account.filed', where: 'on its way' }],
  });
  expect(kinds(only!)).toEqual(['completed', 'said']);
  expect(only!.steps[0]).toMatchObject({ stage: 'open', what: 'wrote bank-test-files 1; said account.filed' });
  expect(only!.notes[0]).toContain('could not be read');
});

it('an order with a dead letter: attempts, the refusal, the letter, and that it has not ended', async () => {
  const own = { correlation_id: '1', event_id: '1', event_type: 'account.opened', entity: 'a' };
  await logged(
    'open',
    { ...own, level: 'WARN', message: 'not done; it stays in the queue', error: { message: 'timed out' } },
    { ...own, level: 'ERROR', message: 'dead-lettered' },
    { ...own, correlation_id: 'other', message: 'completed' },
  );
  await run(refuse, accountEvent('1'));
  const [only] = await traced('1');
  expect(kinds(only!)).toEqual(['said', 'tried', 'refused', 'dead letter']);
  const told = (kind: string) => only!.steps.filter((step) => step.kind === kind).map(({ what }) => what);
  expect(told('tried')).toEqual(['not done; it stays in the queue: timed out']);
  expect(told('refused')).toEqual(['rejected: no such branch']);
  expect(told('dead letter')[0]).toContain(`rejected: no such branch (in ${deadLetters}`);
  expect(only!.open).toMatchObject([{ stage: 'open', eventId: '1', where: 'dead-lettered' }]);
  await at.receive(deadLetters);
  expect((await traced('1'))[0]!.open).toMatchObject([{ where: 'refused' }]);
});

it('finds the way from a later event, and from the entity, which may have several', async () => {
  await run(handle, accountEvent('1'));
  await run(handle, accountEvent('2'));
  await run(handle, accountEvent('3', 'b'));
  const [said] = at.bench.said();
  expect((await traced(said!.id)).map(({ correlation }) => correlation)).toEqual(['1']);
  expect((await traced('a')).map(({ correlation }) => correlation).sort()).toEqual(['1', '2']);
  expect(await traced('nobody')).toEqual([]);
});

it('shows what waits for its turn, and what is in quarantine', async () => {
  await run(handle, accountEvent('2', 'a', { sequence: 'open=7.2' }));
  await at.put(quarantine, JSON.stringify({ detail: accountEvent('3') }), {
    attributes: { stage: 'open', reason: 'schema', detail: 'no name' },
  });
  const [waiting] = await traced('2');
  // Since when it waits; it has no expiration that would tell.
  const since = Number((await at.bench.items('records'))[parkedKey('open', '2')].at.N);
  expect(waiting!.steps).toContainEqual(expect.objectContaining({ kind: 'parked', at: since }));
  expect(waiting!.open).toMatchObject([{ where: 'parked' }]);
  const [kept] = await traced('3');
  expect(kinds(kept!)).toContain('quarantined');
  expect(kept!.open).toMatchObject([{ where: 'quarantined' }]);
});

it('goes by when the cloud had what has a time that is none, or far off, and shows that time as it is', async () => {
  const claimed = (id: string, time: unknown) =>
    at.put(quarantine, JSON.stringify({ detail: { ...accountEvent(id), time } }), {
      attributes: { stage: 'open', reason: 'envelope', detail: 'time' },
    });
  await claimed('1', 'yesterday');
  await claimed('2', '2051-01-05T08:00:00Z');
  await claimed('3', { long: 'x'.repeat(3000) });
  for (const [id, told] of [
    ['1', '"yesterday"'],
    ['2', '"2051-01-05T08:00:00Z"'],
    ['3', `{"long":"${'x'.repeat(51)}`],
  ] as const) {
    const [{ steps }] = (await traced(id)) as [Trace];
    const [said, kept] = steps;
    expect([said!.what, said!.at]).toEqual([`entered the pipeline; its time says ${told}`, kept!.at]);
  }
});

it('what happened hours before it was told of is believed', async () => {
  const time = new Date(Date.now() - 3_600_000).toISOString();
  await at.put(quarantine, JSON.stringify({ detail: { ...accountEvent('1'), time } }), {
    attributes: { stage: 'open', reason: 'schema', detail: 'no name' },
  });
  const [{ steps }] = (await traced('1')) as [Trace];
  expect(steps[0]).toMatchObject({ kind: 'said', at: Date.parse(time), what: 'entered the pipeline' });
});

it('an end is not moved to a time that its event has wrongly', async () => {
  const event = accountEvent('1', 'a', { time: '2051-01-05T08:00:00Z' });
  await at.bench.put('records', { id: { S: recordKey(INGRESS, '1') }, event: { S: JSON.stringify(event) } });
  await run(() => [], event);
  const [{ steps }] = (await traced('1')) as [Trace];
  expect(steps.map(({ kind }) => kind)).toEqual(['said', 'completed']);
  expect(Math.max(...steps.map((step) => step.at))).toBeLessThan(Date.parse('2051-01-01'));
});
