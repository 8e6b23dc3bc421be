/** What the faults of the bus do, between a real bus and a real queue. */
import { expect, test } from 'vitest';
import { administrator } from '../../../localcloud/cloud.ts';
import { events } from '../../../localcloud/events/index.ts';
import { catalogue } from '../../../localcloud/faults/catalogue.ts';
import { sqs } from '../../../localcloud/sqs/index.ts';
import { stubMonitoring } from '../drive/stubs.ts';
import { bench, REGION } from './bench.ts';

async function bus(name: string | undefined, plan?: readonly string[]) {
  const faults = catalogue.filter((fault) => fault.name === name);
  const all = bench({ faults, services: [events, sqs, stubMonitoring], begin: false, ...(plan ? { plan } : {}) });
  const call = (service: string, action: string, input: object) =>
    all.call(action, input, { service, principal: administrator });
  const { QueueUrl } = await call('sqs', 'CreateQueue', { QueueName: 'inbox' });
  await call('events', 'PutRule', { Name: 'all', EventPattern: '{"source":["shop"]}' });
  const Arn = `arn:aws:sqs:${REGION}:123456789012:inbox`;
  await call('events', 'PutTargets', { Rule: 'all', Targets: [{ Id: 'inbox', Arn }] });
  const EventSourceArn = `arn:aws:events:${REGION}:123456789012:event-bus/default`;
  await call('events', 'CreateArchive', { ArchiveName: 'kept', EventSourceArn });
  all.injector.begin(all.cloud, 60_000);
  const put = (id: string) =>
    call('events', 'PutEvents', {
      Entries: [{ Source: 'shop', DetailType: 'sold', Detail: JSON.stringify({ id }) }],
    });
  const received = async () => {
    const ids: string[] = [];
    for (;;) {
      const asked = { QueueUrl, MaxNumberOfMessages: 10 };
      const { Messages = [] } = await call('sqs', 'ReceiveMessage', asked);
      if (Messages.length === 0) return ids;
      ids.push(...Messages.map(({ Body }: { Body: string }) => JSON.parse(Body).detail.id));
    }
  };
  return { ...all, put, received };
}

test('without a fault an event is delivered once', async () => {
  const { put, received, advance } = await bus(undefined);
  await put('a');
  await advance(1000);
  expect(await received()).toEqual(['a']);
});

test('duplicate-event: an event is delivered once more', async () => {
  const { put, received, advance, injector } = await bus('duplicate-event', ['duplicate-event|inbox|SendMessage|-|1']);
  await put('a');
  await advance(500_000);
  expect(await received()).toEqual(['a', 'a']);
  expect(injector.fired).toHaveLength(1);
});

test('late-event: later ones are delivered before it', async () => {
  const { put, advance, injector, cloud } = await bus('late-event', ['late-event|inbox|deliver|a|1']);
  await Promise.all([put('a'), put('b')]);
  await advance(300_000);
  expect(injector.fired).toHaveLength(1);
  const sent = cloud.journal.entries.filter(({ action }) => action === 'SendMessage');
  expect(sent.map(({ input }) => JSON.parse(input.MessageBody).detail.id)).toEqual(['b', 'a']);
});

test('target-error: the event is delivered after another attempt', async () => {
  const { put, received, advance, cloud } = await bus('target-error', ['target-error|inbox|SendMessage|-|1']);
  await put('a');
  await advance(10_000);
  const ids = await received();
  expect(new Set(ids)).toEqual(new Set(['a']));
  expect(cloud.journal.entries.filter(({ action }) => action === 'SendMessage').length).toBe(2);
});

test('replay-storm: what is in the archive by then is delivered again', async () => {
  const { put, received, advance } = await bus('replay-storm');
  const ids = Array.from({ length: 60 }, (_, n) => `e-${n}`);
  for (const id of ids) await put(id);
  await advance(100_000);
  const delivered = await received();
  expect(delivered.length).toBeGreaterThan(60);
  expect(new Set(delivered)).toEqual(new Set(ids));
});
