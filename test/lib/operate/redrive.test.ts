/** Letters go back to where they came from: in order, only those that were meant, and none is ever lost. */

import { beforeEach, describe, expect, it } from 'vitest';
import type { CloudEvent } from '../../../lib/model/envelope.ts';
import { listAudit } from '../../../lib/operate/audit.ts';
import { boxesOf, look } from '../../../lib/operate/letters.ts';
import { type RedriveOptions, redrive } from '../../../lib/operate/redrive.ts';
import type { Selection } from '../../../lib/operate/selection.ts';
import { type Line, readHistory } from '../../../lib/proof/index.ts';
import { lambda } from '../../../lib/runtime/lambda.ts';
import { administrator } from '../../../localcloud/cloud.ts';
import { batch, deployment, invocation, lost } from '../runtime/workbench.ts';
import {
  accountEvent,
  bank,
  type Desk,
  deadLetters,
  desk,
  handle,
  inbox,
  inboxDeadLetters,
  open,
  quarantine,
  queue,
} from './desk.ts';

let at: Desk;
beforeEach(async () => {
  at = await desk();
});

const back = (selection: Selection = {}, options: Partial<RedriveOptions> = {}) =>
  redrive(at.target, boxesOf(at.target, 'dead-letters', selection.stage), {
    what: 'dlq redrive',
    note: 'mended',
    patience: 0,
    selection,
    ...options,
  });
const lying = (selection: Selection = {}) =>
  look(at.target, boxesOf(at.target, 'dead-letters'), { selection, patience: 0 });
const sentTo = (name: string) => at.bench.messages(name);
const idsIn = (messages: readonly { MessageBody: string }[]) => messages.map((one) => JSON.parse(one.MessageBody).id);

it('a letter goes back into the stage’s queue as it was, and says where it comes from', async () => {
  const messageId = await at.giveUp(accountEvent('1'));
  const { sent } = await back({ event: '1' });
  expect(sent).toMatchObject([{ to: queue, stays: false, letter: { eventId: '1' } }]);
  const [message] = await at.receive(queue);
  expect(JSON.parse(message.Body)).toEqual(accountEvent('1'));
  expect(message.Attributes).toMatchObject({ MessageGroupId: 'a', MessageDeduplicationId: `redrive-${messageId}` });
  const attributes = Object.entries(message.MessageAttributes).map(([name, value]: any) => [name, value.StringValue]);
  expect(Object.fromEntries(attributes)).toMatchObject({
    ...{ redrive: '1', reason: 'rejected', stage: 'open' },
    from: deadLetters,
    letter: messageId,
    'redriven-by': 'arn:aws:iam::123456789012:user/test',
    'redriven-at': expect.stringMatching(/^2/),
  });
  expect(await at.depth(deadLetters)).toBe(0);
  const journal = at.bench.cloud.journal.entries as Iterable<Line>;
  expect(readHistory(journal, { pipeline: bank, deployment, region: 'eu-west-1' }).sentBack).toMatchObject([
    { messageId },
  ]);
});

it('the stage judges it anew, for the letter says that it was refused before', async () => {
  const poison = lambda(open, () => {
    throw Object.assign(new Error('no'), { code: 'rejected' });
  });
  await poison(batch('open', [{ event: accountEvent('1') }]), invocation());
  await back({ stage: 'open' });
  const [{ Body, MessageAttributes, MessageId }] = await at.receive(queue);
  const redriven = {
    event: JSON.parse(Body),
    messageId: MessageId,
    redrive: Number(MessageAttributes.redrive.StringValue),
  };
  await lambda(open, handle)(batch('open', [redriven]), invocation());
  expect(Object.keys(await at.bench.items('files'))).toEqual(['1']);
});

it('whoever dies between sending and deleting leaves it in both places; sent once more, SQS drops it', async () => {
  const messageId = await at.giveUp(accountEvent('1'));
  at.bench.faults.before = ({ action }) => {
    if (action === 'DeleteMessage') throw lost();
  };
  expect(await back({ event: '1' })).toMatchObject({ sent: [{ stays: true }], failed: [] });
  expect(await at.depth(queue)).toBe(1);
  expect((await lying()).map((letter) => letter.messageId)).toEqual([messageId]);
  delete at.bench.faults.before;
  expect(await back({ event: '1' })).toMatchObject({ sent: [{ stays: false }] });
  expect(await at.depth(queue)).toBe(1);
  expect(await lying()).toEqual([]);
});

it('what cannot be sent stays, and those of its entity that come after it', async () => {
  for (const id of ['1', '2']) await at.giveUp(accountEvent(id, 'a'));
  await at.giveUp(accountEvent('3', 'b'));
  at.bench.faults.before = ({ action, input }) => {
    if (action === 'SendMessage' && (input as any).MessageBody.includes('"id":"1"')) throw lost();
  };
  const { sent, failed } = await back();
  expect(sent.map(({ letter }) => letter.eventId)).toEqual(['3']);
  expect(failed.map(({ letter }) => letter.eventId)).toEqual(['1', '2']);
  expect(failed[1]!.problem).toContain('waits behind');
  expect((await lying()).map(({ eventId }) => eventId)).toEqual(['1', '2']);
  expect((await listAudit(at.target))[0]!.result).toContain('1 sent back, 2 not');
});

it('those of an entity go in the order of their numbers, however they came to lie there', async () => {
  const numbered = (number: number) => accountEvent(`n${number}`, 'a', { sequence: `open=7.${number}` });
  await at.giveUp(numbered(3));
  await at.giveUp(accountEvent('b', 'b'));
  await at.giveUp(numbered(1));
  await at.giveUp(accountEvent('unnumbered', 'a'));
  await at.giveUp(numbered(2));
  await back();
  const order = idsIn(sentTo(queue));
  expect(order.filter((id) => id.startsWith('n'))).toEqual(['n1', 'n2', 'n3']);
  expect(order).toHaveLength(5);
});

it('reaches those behind the first ten of an entity', async () => {
  const ids = Array.from({ length: 23 }, (_, index) => String(index));
  for (const id of ids) await at.giveUp(accountEvent(id));
  await back();
  expect(idsIn(sentTo(queue))).toEqual(ids);
  expect(await at.depth(deadLetters)).toBe(0);
});

it('and so another event under an id that was sent back before', async () => {
  const twins = [accountEvent('twin'), accountEvent('twin', 'a', { data: { account: 'a', other: true } })] as const;
  const others = Array.from({ length: 12 }, (_, index) => accountEvent(String(index)));
  for (const one of [twins[0], ...others, twins[1]]) await at.giveUp(one);
  await back();
  const bodies = sentTo(queue).map((one) => JSON.parse(one.MessageBody));
  expect(bodies.filter(({ id }) => id === 'twin')).toEqual(twins);
  expect(await at.depth(deadLetters)).toBe(0);
});

describe('of several letters of one event', () => {
  const letter = (number: number, more: Partial<CloudEvent> = {}) =>
    at.put(deadLetters, JSON.stringify(accountEvent('1', 'a', more)), {
      group: 'a',
      deduplicationId: `letter-${number}-${JSON.stringify(more)}`,
      attributes: { reason: 'rejected', detail: 'no', stage: 'open', redrive: String(number) },
    });

  it('the one with the highest number goes back, and the others with it', async () => {
    const [second, first, third] = [await letter(2), await letter(1), await letter(3)];
    const { sent } = await back({ event: '1' }, { dryRun: true });
    expect(sent).toMatchObject([
      { letter: { messageId: third }, others: [{ messageId: second }, { messageId: first }] },
    ]);
    expect(await at.depth(deadLetters)).toBe(3);
    await back({ event: '1' });
    expect(sentTo(queue).map(({ MessageAttributes }) => MessageAttributes.redrive.StringValue)).toEqual(['3']);
    expect(await at.depth(deadLetters)).toBe(0);
    expect((await listAudit(at.target))[0]!.result).toContain(
      `1 to ${queue}, and with it its letters ${second}, ${first}`,
    );
    const journal = at.bench.cloud.journal.entries as Iterable<Line>;
    const { sentBack } = readHistory(journal, { pipeline: bank, deployment, region: 'eu-west-1' });
    expect(sentBack.map(({ messageId }) => messageId)).toEqual([third, second, first]);
  });

  it('none is deleted that could not be sent, and the one that holds is the last to be', async () => {
    const [, second] = [await letter(1), await letter(2)];
    at.bench.faults.before = ({ action }) => {
      if (action === 'SendMessage') throw lost();
    };
    expect((await back()).failed).toHaveLength(1);
    expect(await lying()).toHaveLength(2);
    let deleted = 0;
    at.bench.faults.before = ({ action }) => {
      if (action === 'DeleteMessage' && deleted++ > 0) throw lost();
    };
    expect(await back()).toMatchObject({ sent: [{ stays: true }] });
    delete at.bench.faults.before;
    expect((await lying()).map(({ messageId }) => messageId)).toEqual([second]);
  });

  it('another event under the same id is another', async () => {
    await letter(1);
    await letter(2, { time: '2026-02-02T00:00:00Z' });
    expect((await back()).sent).toMatchObject([{ others: [] }, { others: [] }]);
  });
});

it('does not send again what is refused again meanwhile', async () => {
  await at.giveUp(accountEvent('1'));
  at.bench.faults.after = ({ action }) => {
    if (action === 'DeleteMessage' && sentTo(queue).length < 4)
      void at.giveUp(JSON.parse(sentTo(queue)[0].MessageBody));
  };
  await back();
  expect(sentTo(queue)).toHaveLength(1);
});

it('a selection takes those that fit every word of it', async () => {
  await at.giveUp(accountEvent('1', 'a'), 'rejected');
  await at.giveUp(accountEvent('2', 'a'), 'schema');
  await at.giveUp(accountEvent('3', 'b'), 'schema');
  const ids = async (selection: Selection) => (await lying(selection)).map(({ eventId }) => eventId).sort();
  expect(await ids({})).toEqual(['1', '2', '3']);
  expect(await ids({ reason: 'schema' })).toEqual(['2', '3']);
  expect(await ids({ reason: 'schema', entity: 'a' })).toEqual(['2']);
  expect(await ids({ stage: 'close' })).toEqual([]);
  expect(await ids({ event: '3' })).toEqual(['3']);
  expect(await ids({ olderThan: 60_000 })).toEqual([]);
  expect(await ids({ newerThan: 60_000 })).toEqual(['1', '2', '3']);
  await back({ reason: 'schema' }, { max: 1 });
  expect(await ids({})).toHaveLength(2);
  await back({ reason: 'schema' });
  expect(await ids({})).toEqual(['1']);
});

it('a dry run says what would go, and changes nothing', async () => {
  await at.giveUp(accountEvent('1'));
  expect(await back({}, { dryRun: true, note: undefined })).toMatchObject({ sent: [{ to: queue }], failed: [] });
  expect([await at.depth(queue), await at.depth(deadLetters)]).toEqual([0, 1]);
  expect(await listAudit(at.target)).toEqual([]);
});

it('wants to know why, and keeps it with who and what', async () => {
  await at.giveUp(accountEvent('1'));
  await expect(back({}, { note: ' ' })).rejects.toThrow('say why with --note');
  expect(await at.depth(deadLetters)).toBe(1);
  await back({ stage: 'open' }, { rate: 1000 });
  expect(await listAudit(at.target)).toMatchObject([
    {
      who: 'arn:aws:iam::123456789012:user/test',
      what: 'dlq redrive',
      why: 'mended',
      on: { stage: 'open', rate: 1000 },
      result: `1 sent back, 0 not\n1 to ${queue}`,
    },
  ]);
  expect(await listAudit(at.target, { since: '2999' })).toEqual([]);
});

it('what came to nothing in the inbox goes back to the inbox', async () => {
  const body = JSON.stringify({ 'detail-type': 'account.opened', detail: accountEvent('1') });
  await at.put(inboxDeadLetters, body);
  expect(await back({ event: '1' })).toMatchObject({ sent: [{ to: inbox }] });
  const [message] = await at.receive(inbox);
  expect(message.Body).toBe(body);
  expect(await at.depth(inboxDeadLetters)).toBe(0);
});

it('what is released from quarantine goes to the inbox of the stage that it names', async () => {
  await at.put(quarantine, JSON.stringify({ detail: accountEvent('1') }), {
    attributes: { stage: 'open', reason: 'schema' },
  });
  await at.put(quarantine, '{}', { attributes: { stage: 'shut' } });
  const boxes = boxesOf(at.target, 'quarantine');
  const options = { what: 'quarantine release', note: 'it is right', patience: 0, selection: {} };
  const { sent, failed } = await redrive(at.target, boxes, options);
  expect(sent.map(({ to }) => to)).toEqual([inbox]);
  expect(failed.map(({ problem }) => problem)).toEqual(['it names stage shut; stages are open, close']);
  expect([await at.depth(quarantine), await at.depth(inbox)]).toEqual([1, 1]);
});

it('what SQS moved itself was given up for its attempts, whatever it says of an earlier time', async () => {
  const url = `http://localhost/123456789012/${queue}`;
  const ask = (action: string, input: object): Promise<{ Messages?: readonly object[] }> =>
    at.bench.cloud.request({ service: 'sqs', action, region: 'eu-west-1', input, principal: administrator });
  const deadLetterTargetArn = `arn:aws:sqs:eu-west-1:123456789012:${deadLetters}`;
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 1 });
  await ask('SetQueueAttributes', { QueueUrl: url, Attributes: { RedrivePolicy, VisibilityTimeout: '0' } });
  await at.put(queue, JSON.stringify(accountEvent('1')), {
    group: 'a',
    attributes: { reason: 'rejected', redrive: '1', 'redriven-at': 'then' },
  });
  while ((await ask('ReceiveMessage', { QueueUrl: url, VisibilityTimeout: 0 })).Messages?.length);
  expect(await lying()).toMatchObject([{ eventId: '1', reason: 'attempts', redrives: 1 }]);
});
