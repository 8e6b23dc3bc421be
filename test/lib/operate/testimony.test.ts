/** What a hand-over writes down before the stages begin: what events prove of decisions whose records have not come. */
import { expect, it } from 'vitest';
import { type CloudEvent, follow } from '../../../lib/model/envelope.ts';
import { names, recordKey, testimonyKey } from '../../../lib/model/names.ts';
import { hearTestimony } from '../../../lib/operate/testimony.ts';
import { administrator } from '../../../localcloud/cloud.ts';
import { deployment, eventOf } from '../runtime/workbench.ts';
import { desk, filed, opened } from './desk.ts';

const wait = async () => {};
const cause = (id: string) => eventOf(opened, id, opened({ account: id }));
const said = (id: string, index = 0): CloudEvent =>
  follow(cause(id), filed, {
    ...{ event: filed({ account: id }), index, stage: 'open', source: 'bank.open', time: '2026-01-05T08:00:01Z' },
  });

async function scene(events: readonly unknown[]) {
  const { bench, target, put } = await desk();
  const queue = names.testimony(deployment);
  await bench.cloud.request({
    ...{ service: 'sqs', action: 'CreateQueue', region: 'eu-west-1', principal: administrator },
    input: { QueueName: queue },
  });
  const hear = (detail: unknown) => put(queue, typeof detail === 'string' ? detail : JSON.stringify({ detail }));
  for (const one of events) await hear(one);
  const notes = async (id: string) => (await bench.items('records'))[testimonyKey('open', id)];
  return { bench, target, notes, hear };
}

it('notes each event under the stage and the cause that it proves, in its place', async () => {
  const { target, notes } = await scene([said('a'), said('a', 2), said('b')]);
  expect(await hearTestimony(target, { wait })).toEqual({ heard: 3, noted: 3, left: 0 });
  const { said0, said2 } = await notes('a');
  expect([said0, said2].map(({ S }) => JSON.parse(S))).toEqual([said('a'), said('a', 2)]);
  expect(JSON.parse((await notes('b')).said0.S)).toEqual(said('b'));
});

it('notes nothing where the record has come, but does where there is only a lease', async () => {
  const { bench, target, notes } = await scene([said('a'), said('b')]);
  await bench.put('records', { id: { S: recordKey('open', 'a') }, status: { S: 'COMPLETED' } });
  await bench.put('records', { id: { S: recordKey('open', 'b') }, status: { S: 'INPROGRESS' } });
  expect(await hearTestimony(target, { wait })).toEqual({ heard: 2, noted: 1, left: 0 });
  expect([await notes('a'), (await notes('b')) !== undefined]).toEqual([undefined, true]);
});

it('can be repeated: the first that is noted stays', async () => {
  const { target, notes, hear } = await scene([said('a')]);
  await hearTestimony(target, { wait });
  await hear({ ...said('a'), time: '2026-01-05T09:00:00Z' });
  expect(await hearTestimony(target, { wait })).toEqual({ heard: 1, noted: 1, left: 0 });
  expect(JSON.parse((await notes('a')).said0.S)).toEqual(said('a'));
  expect(await hearTestimony(target, { wait })).toEqual({ heard: 0, noted: 0, left: 0 });
});

it('passes over what proves nothing: entry events, other sources, ids that no stage gives, and what is no event', async () => {
  const strange = [cause('a'), { ...said('a'), source: 'bank.elsewhere' }, { ...said('a'), id: 'made-up' }, 'no json'];
  const { bench, target } = await scene(strange);
  expect(await hearTestimony(target, { wait })).toEqual({ heard: 4, noted: 0, left: 0 });
  expect(Object.keys(await bench.items('records')).filter((key) => key.includes('#testimony '))).toEqual([]);
});
