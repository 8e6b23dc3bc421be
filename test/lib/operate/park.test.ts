/** What waits, as an operator sees it, and what an operator can do about it. */
import * as v from 'valibot';
import { beforeEach, describe, expect, it } from 'vitest';
import type { CloudEvent } from '../../../lib/model/envelope.ts';
import { event } from '../../../lib/model/event.ts';
import { rejected } from '../../../lib/model/failure.ts';
import { lineKey, names, parkedKey } from '../../../lib/model/names.ts';
import { pipeline } from '../../../lib/model/pipeline.ts';
import { type Handler, stage } from '../../../lib/model/stage.ts';
import { table } from '../../../lib/model/uses.ts';
import { listParked, skip, waitingAt } from '../../../lib/operate/park.ts';
import { createTarget, type Target } from '../../../lib/operate/target.ts';
import { lambda } from '../../../lib/runtime/lambda.ts';
import { ServiceError } from '../../../localcloud/service.ts';
import {
  batch,
  deployment,
  eventOf,
  invocation,
  type Message,
  type Workbench,
  workbench,
} from '../runtime/workbench.ts';

const schema = v.object({ account: v.string() });
const opened = event('account.opened', { schema, entity: ({ account }) => account });
const open = stage('open', { accepts: [opened], uses: { files: table<object>('files').to('add') } });
const bank = pipeline('bank', { entries: [opened], stages: [open] });
let refused: readonly string[] = [];
const handle: Handler<typeof open> = ({ id }, { files }) => {
  if (refused.includes(id)) throw rejected('not this one');
  files.add(id, {});
  return [];
};

let bench: Workbench;
let target: Target;
beforeEach(async () => {
  refused = [];
  bench = await workbench({ stage: 'open', tables: ['files'] });
  target = createTarget({ pipeline: bank, deployment, region: 'eu-west-1', endpoint: process.env.AWS_ENDPOINT_URL });
});

const nth = (number: number, source = 'bank.ingress'): Message => ({
  event: {
    ...eventOf(opened, `${source}-${number}`, opened({ account: 'a' })),
    source,
    sequence: `open=7.${number}`,
  } as CloudEvent,
});
const run = (...messages: readonly Message[]) => lambda(open, handle)(batch('open', messages), invocation());
const files = async () => Object.keys(await bench.items('files')).sort();

it('shows what waits, and for what', async () => {
  await run(nth(1), nth(4), nth(3));
  expect(await listParked(target)).toEqual([
    {
      stage: 'open',
      entity: 'a',
      emitter: 'bank.ingress',
      missing: { generation: 7, number: 2 },
      parked: [
        { place: { generation: 7, number: 3 }, eventId: 'bank.ingress-3' },
        { place: { generation: 7, number: 4 }, eventId: 'bank.ingress-4' },
      ],
    },
  ]);
  await run(nth(2));
  expect(await listParked(target, 'open')).toEqual([]);
});

it('skips what does not come, and tells the stage to go on', async () => {
  await run(nth(1), nth(4));
  expect(await skip(target, { stage: 'open', entity: 'a' }, { dryRun: true })).toMatchObject({
    from: { number: 2 },
    to: { number: 3 },
    next: 'bank.ingress-4',
  });
  expect(await listParked(target)).toHaveLength(1);
  await skip(target, { stage: 'open', entity: 'a' });
  const [word] = bench.messages(names.queue(deployment, 'open'));
  await run({ event: JSON.parse(word.MessageBody) });
  expect(await files()).toEqual(['bank.ingress-1', 'bank.ingress-4']);
  expect(await listParked(target)).toEqual([]);
});

describe('what waited and was refused when its turn came', () => {
  const at = { stage: 'open', entity: 'a' };
  const lastWord = () => ({ event: JSON.parse(bench.messages(names.queue(deployment, 'open')).at(-1)!.MessageBody) });
  const sendBack = (number: number) => run({ ...nth(number), redrive: 1, messageId: `back-${number}` });

  it('is skipped by itself, and those behind it go', async () => {
    refused = ['bank.ingress-2'];
    await run(nth(2), nth(3), nth(5));
    await run(nth(1));
    const skipped = { from: { number: 2 }, to: { number: 2 }, next: 'bank.ingress-3' };
    expect(await skip(target, at, { dryRun: true })).toMatchObject(skipped);
    expect(await skip(target, at)).toMatchObject(skipped);
    await run(lastWord());
    expect(await files()).toEqual(['bank.ingress-1', 'bank.ingress-3']);
    expect(await listParked(target)).toMatchObject([
      { missing: { number: 4 }, parked: [{ eventId: 'bank.ingress-5' }] },
    ]);
    refused = [];
    await sendBack(2);
    expect(await files()).toEqual(['bank.ingress-1', 'bank.ingress-2', 'bank.ingress-3']);
  });

  it('is kept no longer than a record once it is skipped, nor is its line', async () => {
    refused = ['bank.ingress-2'];
    await run(nth(2), nth(1));
    const expirations = async () => {
      const items = await bench.items('records');
      return [lineKey('open', 'a'), parkedKey('open', 'bank.ingress-2')].map((key) => items[key]!.expiration);
    };
    expect(await expirations()).toEqual([undefined, undefined]);
    await skip(target, at);
    expect(await expirations()).toEqual([{ N: expect.any(String) }, { N: expect.any(String) }]);
  });

  it('or is not in the table any more is skipped, and told to be lost', async () => {
    await run(nth(2), nth(3));
    await bench.remove('records', parkedKey('open', 'bank.ingress-2'));
    await run(nth(1));
    const skipped = { to: { number: 2 }, next: 'bank.ingress-3', lost: 'bank.ingress-2' };
    expect(await skip(target, at, { dryRun: true })).toMatchObject(skipped);
    expect(await skip(target, at)).toMatchObject(skipped);
    await run(lastWord());
    expect([await files(), await listParked(target)]).toEqual([['bank.ingress-1', 'bank.ingress-3'], []]);
  });

  it('and is not in the table any more, but was given up, is not lost', async () => {
    refused = ['bank.ingress-2'];
    await run(nth(2), nth(1));
    await bench.remove('records', parkedKey('open', 'bank.ingress-2'));
    expect(await skip(target, at)).not.toHaveProperty('lost');
  });

  it('nothing may follow it', async () => {
    refused = ['bank.ingress-2'];
    await run(nth(2), nth(4));
    await run(nth(1));
    expect(await skip(target, at)).toMatchObject({ to: { number: 2 }, next: undefined });
    await run(lastWord(), nth(3));
    expect(await files()).toEqual(['bank.ingress-1', 'bank.ingress-3', 'bank.ingress-4']);
  });

  it('because its id was another event’s is skipped, too', async () => {
    const unnumbered = { event: eventOf(opened, 'bank.ingress-2', opened({ account: 'b' })) as CloudEvent };
    await run(nth(2), nth(3));
    await run(unnumbered);
    await run(nth(1));
    expect(await skip(target, at)).toMatchObject({ to: { number: 2 }, next: 'bank.ingress-3' });
    await run(lastWord());
    expect(await files()).toEqual(['bank.ingress-1', 'bank.ingress-2', 'bank.ingress-3']);
  });

  it('what is about to go is not skipped', async () => {
    await run(nth(1), nth(3));
    await skip(target, at);
    // Nobody has told the stage yet.
    await expect(skip(target, at)).rejects.toThrow('it is the turn of bank.ingress-3, which the stage has not refused');
    await run(lastWord());
    expect(await files()).toEqual(['bank.ingress-1', 'bank.ingress-3']);
  });
});

describe('where a later count waits behind an earlier one', () => {
  const at = { stage: 'open', entity: 'a' };
  const word = () => ({ event: JSON.parse(bench.messages(names.queue(deployment, 'open')).at(-1)!.MessageBody) });
  const of = (generation: number, number: number): Message => ({
    event: {
      ...eventOf(opened, `${generation}.${number}`, opened({ account: 'a' })),
      sequence: `open=${generation}.${number}`,
    } as CloudEvent,
  });
  const heard = (generation: number, number: number) => ({
    M: { 'bank.ingress': { M: { generation: { N: `${generation}` }, number: { N: `${number}` } } } },
  });
  const line = async () => (await bench.items('records'))[lineKey('open', 'a')]!;

  it('both go once what is missing is skipped', async () => {
    await run(of(7, 1), of(7, 3), of(9, 1), of(9, 2));
    const skipped = { from: { generation: 7, number: 2 }, to: { generation: 7, number: 2 }, next: '7.3' };
    expect(await skip(target, at)).toMatchObject(skipped);
    await run(word());
    expect([await files(), await listParked(target)]).toEqual([['7.1', '7.3', '9.1', '9.2'], []]);
  });

  it('the later goes once the last of the earlier, which was refused, is skipped', async () => {
    refused = ['7.2'];
    await run(of(7, 2), of(9, 1));
    await run(of(7, 1));
    expect(await skip(target, at)).toMatchObject({ to: { generation: 7, number: 2 }, next: '9.1' });
    await run(word());
    expect([await files(), await listParked(target)]).toEqual([['7.1', '9.1'], []]);
  });

  it('the line is not set back to what a version of before has left behind', async () => {
    refused = ['7.2'];
    await run(of(7, 2), of(7, 3), of(9, 3), of(7, 1));
    await bench.put('records', { ...(await line()), heard: heard(9, 1) });
    const missing = { generation: 7, number: 2 };
    expect(await listParked(target)).toMatchObject([
      { missing, parked: [{ eventId: '7.2' }, { eventId: '7.3' }, { eventId: '9.3' }] },
    ]);
    expect(await skip(target, at)).toMatchObject({ from: missing, to: missing, next: '7.3' });
    expect((await line()).heard).toEqual(heard(9, 1));
    await expect(skip(target, at)).rejects.toThrow('it is told to go on by: park release open a');
    await run(word());
    expect(await listParked(target)).toMatchObject([
      { missing: { generation: 9, number: 2 }, parked: [{ eventId: '9.3' }] },
    ]);
  });
});

it('a line that changes at this moment is not skipped', async () => {
  await run(nth(1), nth(3));
  bench.faults.before = ({ action }) => {
    if (action !== 'TransactWriteItems') return;
    bench.faults.before = undefined;
    throw new ServiceError('TransactionCanceledException', 'cancelled [ConditionalCheckFailed]', {
      status: 400,
      fields: { CancellationReasons: [{ Code: 'ConditionalCheckFailed' }] },
    });
  };
  await expect(skip(target, { stage: 'open', entity: 'a' })).rejects.toMatchObject({
    name: 'RefusedError',
    message: 'open changed the line of a at this moment; look what waits by now, with park list, and skip again',
  });
});

it('what waits in one line is told, and that nothing does is no mistake in the words', async () => {
  await expect(waitingAt(target, { stage: 'open', entity: 'a' })).rejects.toMatchObject({
    name: 'RefusedError',
    message: 'nothing of a waits at open; what waits is told by: park list',
  });
  await run(nth(1), nth(4));
  expect(await waitingAt(target, { stage: 'open', entity: 'a' })).toEqual(await listParked(target));
  await expect(waitingAt(target, { stage: 'shut', entity: 'a' })).rejects.toMatchObject({ name: 'UsageError' });
});

it('says what it needs to know', async () => {
  await expect(skip(target, { stage: 'open', entity: 'a' })).rejects.toThrow('nothing of a waits at open');
  await expect(skip(target, { stage: 'shut', entity: 'a' })).rejects.toThrow('stages are open');
  await run(nth(2), nth(3, 'bank.branch'));
  await expect(skip(target, { stage: 'open', entity: 'a' })).rejects.toThrow('name one with --from');
  await expect(skip(target, { stage: 'open', entity: 'a' }, { emitter: 'x' })).rejects.toThrow(
    'bank.ingress, bank.branch',
  );
});
