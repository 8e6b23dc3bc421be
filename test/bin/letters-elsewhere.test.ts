/** What lies in the region that is not active is sent back in the one that is: there it is heard. */
import { CreateTableCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { leftIn, tellLeft } from '../../bin/commands/letters-left.ts';
import { commands } from '../../bin/commands.ts';
import { readWords } from '../../bin/words.ts';
import { ACTIVE } from '../../lib/model/authority.ts';
import { names } from '../../lib/model/names.ts';
import { listAudit } from '../../lib/operate/audit.ts';
import { targetIn, whereActive } from '../../lib/operate/authority.ts';
import { boxesOf, look } from '../../lib/operate/letters.ts';
import { redrive } from '../../lib/operate/redrive.ts';
import type { Target } from '../../lib/operate/target.ts';
import { type Line, readHistory } from '../../lib/proof/index.ts';
import { administrator } from '../../localcloud/cloud.ts';
import { accountEvent, bank, type Desk, desk, inbox, quarantine, queue } from '../lib/operate/desk.ts';
import { deployment, lost } from '../lib/runtime/workbench.ts';

const HERE = 'eu-west-1';
const THERE = 'eu-central-1';
let at: Desk;
let there: Target;
beforeEach(async () => {
  at = await desk();
  there = targetIn(at.target, THERE);
  const held = { id: ACTIVE, region: THERE, epoch: 2, from: 0, since: 0, home: HERE };
  await at.target.dynamodb.send(new PutItemCommand({ TableName: names.authority(deployment), Item: marshall(held) }));
  await there.dynamodb.send(
    new CreateTableCommand({
      TableName: names.records(deployment),
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    }),
  );
  await create(queue, { FifoQueue: 'true', ContentBasedDeduplication: 'true' });
  await create(inbox);
});

const create = (QueueName: string, Attributes = {}) =>
  at.bench.cloud.request({
    ...{ service: 'sqs', action: 'CreateQueue', region: THERE, principal: administrator },
    input: { QueueName, Attributes },
  });

async function run(line: string): Promise<string> {
  const [name, ...words] = line.split(' ');
  const command = commands.find((one) => one.name === name)!;
  const { positionals, values } = readWords(command, words);
  const untilInterrupted = () => new AbortController().signal;
  const log = vi.spyOn(console, 'log').mockImplementation(() => {});
  onTestFinished(() => log.mockRestore());
  await command.run({ target: at.target, positionals, options: values, json: false, untilInterrupted });
  return log.mock.calls.map(([text]) => text).join('\n');
}

/** As the command does, without its patience with SQS. */
const back = async (kind: 'dead-letters' | 'quarantine' = 'dead-letters', dryRun = false) =>
  redrive(at.target, boxesOf(at.target, kind), {
    ...{ what: 'dlq redrive', selection: {}, note: 'x', patience: 0, dryRun },
    to: await whereActive(at.target),
  });
const sentIn = (region: string) =>
  [...(at.bench.cloud.journal.entries as Iterable<Line>)]
    .filter((one) => one.action === 'SendMessage' && one.region === region && !one.error)
    .map(({ input }) => ({ queue: input.QueueUrl.split('/').at(-1), id: JSON.parse(input.MessageBody).id }));
const lying = async () =>
  (await look(at.target, boxesOf(at.target, 'dead-letters'), { patience: 0 })).map(({ eventId }) => eventId);

describe('a dead letter', () => {
  it('goes to the queue of its stage in the active region, in its group, and lies here no more', async () => {
    const messageId = await at.giveUp(accountEvent('1'));
    const { region, sent } = await back();
    expect([region, sent.length]).toEqual([THERE, 1]);
    expect(sentIn(THERE)).toEqual([{ queue, id: '1' }]);
    expect(await lying()).toEqual([]);
    const history = (region: string) =>
      readHistory(at.bench.cloud.journal.entries as Iterable<Line>, { pipeline: bank, deployment, region });
    expect(history(THERE).sentBack).toMatchObject([{ messageId }]);
    expect(history(THERE).queued).toMatchObject([{ stage: 'open', entity: 'a', eventId: '1', region: THERE }]);
    expect(history(HERE).queued).toEqual([]);
  });

  it('is told with where it went; the trail of the active region tells where it lay', async () => {
    await at.giveUp(accountEvent('1'));
    const said = await run('dlq redrive open --note x');
    expect(said).toContain(`(${queue} in ${THERE}, which is active)`);
    expect(await listAudit(at.target)).toEqual([]);
    expect(await listAudit(there)).toMatchObject([{ what: 'dlq redrive', on: { region: HERE } }]);
  });

  it('stays where it lies when the active region does not take it', async () => {
    await at.giveUp(accountEvent('1'));
    at.bench.faults.before = ({ action, region }) => {
      if (action === 'SendMessage' && region === THERE) throw lost();
    };
    const { sent, failed } = await back();
    expect([sent.length, failed.length]).toEqual([0, 1]);
    expect(await lying()).toEqual(['1']);
  });

  it('that could not be deleted here is in both places, and sent again is dropped there', async () => {
    await at.giveUp(accountEvent('1'));
    at.bench.faults.before = ({ action }) => {
      if (action === 'DeleteMessage') throw lost();
    };
    expect((await back()).sent).toMatchObject([{ stays: true }]);
    delete at.bench.faults.before;
    expect((await back()).sent).toMatchObject([{ stays: false }]);
    expect(await lying()).toEqual([]);
    const url = `${process.env.AWS_ENDPOINT_URL}/123456789012/${queue}`;
    const { Attributes } = await at.bench.cloud.request<any>({
      ...{ service: 'sqs', action: 'GetQueueAttributes', region: THERE, principal: administrator },
      input: { QueueUrl: url, AttributeNames: ['ApproximateNumberOfMessages'] },
    });
    expect(Attributes.ApproximateNumberOfMessages).toBe('1');
  });

  it('is foretold by a dry run, which changes nothing', async () => {
    await at.giveUp(accountEvent('1'));
    const { region, sent } = await back('dead-letters', true);
    expect([region, sent.length]).toEqual([THERE, 1]);
    expect([sentIn(THERE), await lying()]).toEqual([[], ['1']]);
  });
});

it('what is released from quarantine goes to the inbox in the active region', async () => {
  await at.put(quarantine, JSON.stringify({ detail: accountEvent('1') }), {
    attributes: { stage: 'open', reason: 'schema' },
  });
  await back('quarantine');
  expect(sentIn(THERE).map((one) => one.queue)).toEqual([inbox]);
});

it('in the active region letters stay in it', async () => {
  const held = { id: ACTIVE, region: HERE, epoch: 3, from: 0, since: 0, home: HERE };
  await at.target.dynamodb.send(new PutItemCommand({ TableName: names.authority(deployment), Item: marshall(held) }));
  await at.giveUp(accountEvent('1'));
  expect((await back()).region).toBe(HERE);
  expect([sentIn(THERE), sentIn(HERE).at(-1)]).toEqual([[], { queue, id: '1' }]);
});

it('a hand-over tells how many it leaves behind, quarantine included, and where they go', async () => {
  const left = async () => tellLeft(await leftIn(at.target), { from: HERE, to: THERE }).join();
  expect(await left()).toBe('');
  await at.giveUp(accountEvent('1'));
  expect(await left()).toMatch(
    /^A letter lies in eu-west-1: .* --region eu-west-1; what is sent back there goes to eu-central-1/,
  );
  await at.put(quarantine, '{}');
  expect(await left()).toMatch(/^2 letters lie in eu-west-1/);
  at.bench.faults.before = () => {
    throw lost();
  };
  expect(await left()).toMatch(/^What was given up in eu-west-1 lies there: when it is back/);
});
