/** Producers number what they publish: without a gap, whoever crashes, and the same again for the same id. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import * as v from 'valibot';
import { beforeEach, expect, it } from 'vitest';
import { event } from '../../../lib/model/event.ts';
import { pipeline } from '../../../lib/model/pipeline.ts';
import { stage } from '../../../lib/model/stage.ts';
import { type Published, publisher } from '../../../lib/runtime/publish.ts';
import { ServiceError } from '../../../localcloud/service.ts';
import { deployment, lost, type Workbench, workbench } from './workbench.ts';

const schema = v.object({ account: v.string(), note: v.optional(v.string()) });
const byAccount = ({ account }: { account: string }) => account;
const opened = event('account.opened', { schema, entity: byAccount });
const closed = event('account.closed', { schema, entity: byAccount });
const bank = pipeline('bank', {
  entries: [opened, closed],
  stages: [stage('verify', { accepts: [opened, closed] }), stage('file', { accepts: [closed] })],
});

let bench: Workbench;
beforeEach(async () => {
  bench = await workbench({ stage: 'verify' });
});

/** A producer in a process of its own. */
const producer = () => {
  const options = { region: 'eu-west-1', endpoint: process.env.AWS_ENDPOINT_URL!, maxAttempts: 1 };
  return publisher(bank, deployment, { events: new EventBridgeClient(options), dynamodb: new DynamoDBClient(options) });
};
const open = (account: string, id: string, note?: string) => ({
  event: opened({ account, ...(note ? { note } : {}) }),
  id,
});
const said = () => bench.said().map(({ id, sequence }) => `${id} ${sequence?.replaceAll(/=\d+/g, '')}`);
const areAccepted = (answers: readonly Published[]) => answers.map(({ accepted }) => accepted);

it('per entity and hearer, in the order of publication, across producers', async () => {
  await producer().publish([open('a', 'a1'), open('b', 'b1'), { event: closed({ account: 'a' }), id: 'a2' }]);
  await producer().publish([open('a', 'a3')]);
  expect(said()).toEqual(['a1 verify.1', 'b1 verify.1', 'a2 verify.2 file.1', 'a3 verify.3']);
});

it('the same for the same id, however often it is published', async () => {
  const { publish } = producer();
  await publish([open('a', 'a1'), open('a', 'a1')]);
  await publish([open('a', 'a2')]);
  await producer().publish([open('a', 'a1')]);
  expect(said()).toEqual(['a1 verify.1', 'a1 verify.1', 'a2 verify.2', 'a1 verify.1']);
});

it('refuses an id that was published with other data, and sends nothing of it', async () => {
  const { publish } = producer();
  await publish([open('a', 'a1')]);
  const [answer] = await publish([open('a', 'a1', 'other')]);
  expect(answer).toMatchObject({
    accepted: false,
    reason: expect.stringContaining('published before with other data'),
  });
  expect(said()).toEqual(['a1 verify.1']);
});

it('what a producer numbered and never sent is sent by the next one, first', async () => {
  bench.faults.before = ({ action }) => {
    if (action === 'PutEvents') throw lost();
  };
  await expect(producer().publish([open('a', 'a1')])).rejects.toThrow();
  bench.faults.before = () => {};
  await producer().publish([open('a', 'a2'), open('b', 'b1')]);
  expect(said()).toEqual(['a1 verify.1', 'a2 verify.2', 'b1 verify.1']);
  await producer().publish([open('a', 'a3')]);
  expect(said().slice(3)).toEqual(['a3 verify.3']);
});

it('what the bus refuses is said to be refused, and keeps its number for the next attempt', async () => {
  bench.faults.before = ({ action }) => {
    if (action === 'PutEvents') throw new ServiceError('AccessDeniedException', 'not yours', { status: 403 });
  };
  await expect(producer().publish([open('a', 'a1')])).rejects.toThrow('not yours');
  bench.faults.before = () => {};
  expect(areAccepted(await producer().publish([open('a', 'a1')]))).toEqual([true]);
  expect(said()).toEqual(['a1 verify.1']);
});

it('nothing is sent without its number: where the table is gone, the producer hears of it', async () => {
  bench.faults.before = ({ action }) => {
    if (action === 'TransactWriteItems') throw lost();
  };
  await expect(producer().publish([open('a', 'a1')])).rejects.toThrow();
  expect(said()).toEqual([]);
});

it('two producers at once never give one number twice', async () => {
  const answers = await Promise.all(
    Array.from({ length: 6 }, (_, index) => producer().publish([open('a', `a${index}`)])),
  );
  expect(answers.flat().every(({ accepted }) => accepted)).toBe(true);
  const numbers = new Map(bench.said().map(({ id, sequence }) => [id, sequence]));
  expect(numbers.size).toBe(6);
  expect(new Set(numbers.values()).size).toBe(6);
});
