/** What the loss of a region and cut links do to what runs in them. */
import { beforeEach, describe, expect, test } from 'vitest';
import { createVirtual, historyHash } from '../../localcloud/drive/virtual.ts';
import { dynamodb } from '../../localcloud/dynamodb/index.ts';
import { events } from '../../localcloud/events/index.ts';
import { lambda } from '../../localcloud/lambda/index.ts';
import { sqs } from '../../localcloud/sqs/index.ts';
import { sts } from '../../localcloud/sts/index.ts';
import { bundle } from './drive/bundle.ts';
import { stubLogs, stubMonitoring } from './drive/stubs.ts';

const [HERE, THERE] = ['eu-west-1', 'eu-central-1'];
const MINUTE = 60_000;

function start(seed = 'links') {
  const services = [dynamodb, events, lambda, sqs, sts, stubLogs().service, stubMonitoring];
  const virtual = createVirtual({ seed, services });
  const call = (service: string, action: string, input: object, region = HERE) =>
    virtual.request({ service, region, action, input });
  const queue = async (QueueName: string, region = HERE, Attributes = {}) =>
    (await call('sqs', 'CreateQueue', { QueueName, Attributes }, region)).QueueUrl as string;
  const create = async (name: string, settings: object = {}, region = HERE) =>
    call(
      'lambda',
      'CreateFunction',
      {
        FunctionName: name,
        Role: 'arn:aws:iam::123456789012:role/worker',
        Code: { LocalPath: await bundle(name) },
        ...settings,
      },
      region,
    );
  const send = (QueueUrl: string, MessageBody: string, region = HERE) =>
    call('sqs', 'SendMessage', { QueueUrl, MessageBody }, region);
  const receive = async (QueueUrl: string, region = HERE) =>
    ((await call('sqs', 'ReceiveMessage', { QueueUrl, MaxNumberOfMessages: 10 }, region)).Messages ?? []) as any[];
  const entries = (action: string) => virtual.cloud.journal.entries.filter((entry) => entry.action === action);
  return { ...virtual, call, queue, create, send, receive, entries };
}

let cloud: ReturnType<typeof start>;
beforeEach(() => {
  cloud = start();
});

describe('a region that is lost', () => {
  test('is not reached from outside: the connection breaks, at once or after seconds', async () => {
    await cloud.queue('inbox');
    cloud.lose(HERE);
    const waits: number[] = [];
    for (let n = 0; n < 20; n++) {
      const before = cloud.cloud.now();
      await expect(cloud.queue('inbox')).rejects.toMatchObject({ code: 'NoAnswer', status: 0 });
      waits.push(cloud.cloud.now() - before);
    }
    expect(Math.min(...waits)).toBe(1);
    expect(Math.max(...waits)).toBeGreaterThanOrEqual(1000);
    expect(Math.max(...waits)).toBeLessThanOrEqual(3000);
    await cloud.queue('inbox', THERE);
    cloud.restore(HERE);
    await cloud.queue('inbox');
  });

  test('breaks the connections of those who wait in it', async () => {
    const QueueUrl = await cloud.queue('inbox');
    cloud.cloud.agenda.at(cloud.cloud.now() + 2000, () => cloud.lose(HERE));
    const before = cloud.cloud.now();
    await expect(cloud.call('sqs', 'ReceiveMessage', { QueueUrl, WaitTimeSeconds: 20 })).rejects.toMatchObject({
      code: 'NoAnswer',
    });
    expect(cloud.cloud.now() - before).toBeLessThanOrEqual(5000);
    cloud.restore(HERE);
    await cloud.send(QueueUrl, 'later');
    // Nobody took it meanwhile.
    expect(await cloud.receive(QueueUrl)).toHaveLength(1);
  });

  test('has nothing running in it; when it returns what was under way has failed, and is done again', async () => {
    const [inbox, outbox] = [
      await cloud.queue('inbox', HERE, { VisibilityTimeout: '60' }),
      await cloud.queue('outbox'),
    ];
    await cloud.create('forward', { Timeout: 30, Environment: { Variables: { QUEUE_URL: outbox } } });
    const EventSourceArn = `arn:aws:sqs:${HERE}:123456789012:inbox`;
    await cloud.call('lambda', 'CreateEventSourceMapping', { FunctionName: 'forward', EventSourceArn });
    await cloud.send(inbox, 'warm');
    await cloud.run({ until: () => cloud.entries('InvocationEnded').length === 1 });
    for (const body of ['one', 'two', 'three']) await cloud.send(inbox, body);
    await cloud.run({ until: () => cloud.entries('InvocationStarted').length === 2 });
    cloud.lose(HERE);
    const before = cloud.cloud.journal.entries.length;
    await cloud.run({ for: 120 * MINUTE });
    expect(cloud.cloud.journal.entries.slice(before)).toEqual([]);

    const returned = cloud.cloud.now();
    cloud.restore(HERE);
    await cloud.run({ for: 10 * MINUTE });
    const after = cloud.cloud.journal.entries.slice(before);
    expect(after.every(({ at }) => at >= returned)).toBe(true);
    expect(after.find(({ action }) => action === 'InvocationFailed')!.input).toMatchObject({
      errorType: 'Runtime.ExitError',
    });
    expect(after.find(({ action }) => action === 'InvocationStarted')!.input).toMatchObject({ coldStart: true });
    const forwarded = new Set((await cloud.receive(outbox)).map(({ Body }) => Body));
    expect(forwarded).toEqual(new Set(['warm', 'one', 'two', 'three']));
    expect(await cloud.receive(inbox)).toEqual([]);
  });

  test('has only cold starts when it returns', async () => {
    await cloud.create('plain');
    const calls = async () => {
      const Payload = JSON.stringify({ do: 'context' });
      const answer = await cloud.call('lambda', 'Invoke', { FunctionName: 'plain', Payload });
      return JSON.parse(Buffer.from(answer.Payload).toString()).calls;
    };
    expect([await calls(), await calls()]).toEqual([1, 2]);
    cloud.lose(HERE);
    cloud.restore(HERE);
    expect(await calls()).toBe(1);
  });

  test('keeps what is durable: queues, messages in flight, tables', async () => {
    const QueueUrl = await cloud.queue('inbox', HERE, { VisibilityTimeout: '30' });
    await cloud.call('dynamodb', 'CreateTable', {
      TableName: 'things',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    });
    const Item = { id: { S: 'a' } };
    await cloud.call('dynamodb', 'PutItem', { TableName: 'things', Item });
    await cloud.send(QueueUrl, 'kept');
    expect(await cloud.receive(QueueUrl)).toHaveLength(1);
    cloud.lose(HERE);
    await cloud.run({ for: MINUTE });
    cloud.restore(HERE);
    expect(await cloud.call('dynamodb', 'GetItem', { TableName: 'things', Key: Item })).toMatchObject({ Item });
    expect((await cloud.receive(QueueUrl)).map(({ Body }) => Body)).toEqual(['kept']);
  });

  test('holds no items for transactions that it broke off', async () => {
    await cloud.call('dynamodb', 'CreateTable', {
      TableName: 'things',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    });
    const Put = { TableName: 'things', Item: { id: { S: 'a' } } };
    const transaction = { TransactItems: [{ Put }], ClientRequestToken: 'token' };
    const broken = cloud.cloud.request({
      service: 'dynamodb',
      region: HERE,
      action: 'TransactWriteItems',
      input: transaction,
      principal: { kind: 'admin', account: '1', arn: 'arn' },
    });
    cloud.lose(HERE);
    const refused = expect(broken).rejects.toMatchObject({ code: 'NoAnswer' });
    await cloud.run({ for: MINUTE });
    await refused;
    cloud.restore(HERE);
    expect(await cloud.call('dynamodb', 'GetItem', { TableName: 'things', Key: Put.Item })).toEqual({});
    await cloud.call('dynamodb', 'TransactWriteItems', transaction);
    await cloud.call('dynamodb', 'PutItem', Put);
  });

  test('has done in order what was kept for it, be some of it asked for as it returns', async () => {
    const { cloud, lose, run, queue } = start();
    await queue('q');
    const { links } = cloud;
    lose(HERE);
    const done: string[] = [];
    const doing = (what: string) => () => {
      if (!links.hold(HERE, doing(what))) done.push(what);
    };
    for (const what of ['disable', 'enable']) doing(what)();
    links.restore(HERE);
    doing('disable again')();
    expect(done).toEqual([]);
    await run({ for: 1 });
    expect(done).toEqual(['disable', 'enable', 'disable again']);
    doing('enable again')();
    expect(done.at(-1)).toBe('enable again');
  });

  test('must be there', async () => {
    await cloud.queue('inbox');
    expect(() => cloud.lose('eu-west-9')).toThrow('no region eu-west-9 to lose; the cloud has eu-west-1');
  });

  test('can be lost and restored twice over, and an image is not made of it', async () => {
    await cloud.queue('inbox');
    for (const _ of [1, 2]) cloud.lose(HERE);
    expect(() => cloud.cloud.image()).toThrow('restore the lost regions');
    for (const _ of [1, 2]) cloud.restore(HERE);
    expect(cloud.cloud.image().regions).toEqual([HERE]);
    expect(cloud.entries('RegionLost')).toHaveLength(1);
    expect(cloud.entries('RegionReturned')).toHaveLength(1);
  });
});

describe('a function', () => {
  const outcomes = async (cut?: () => void) => {
    const QueueUrl = await cloud.queue('outbox', THERE);
    await cloud.create('across', { Timeout: 60 });
    cut?.();
    const Payload = JSON.stringify({ region: THERE, QueueUrl });
    const answer = await cloud.call('lambda', 'Invoke', { FunctionName: 'across', Payload });
    return JSON.parse(Buffer.from(answer.Payload).toString());
  };

  test('reaches another region', async () => {
    expect(await outcomes()).toEqual(['sent', 'sent']);
  });

  test.each([
    ['is lost', () => cloud.lose(THERE)],
    ['is cut off from its own', () => cloud.partition(THERE, HERE)],
    ['is cut off from all others', () => cloud.partition(THERE)],
  ])('that calls a region that %s sees a broken connection, and the SDK tries again', async (_, cut) => {
    expect(await outcomes(cut)).toEqual(['ECONNRESET after 1', 'ECONNRESET after 3']);
  });
});

describe('a cut link', () => {
  async function twoBuses() {
    const bus = (region: string) => `arn:aws:events:${region}:123456789012:event-bus/default`;
    const failed = await cloud.queue('failed');
    const inbox = await cloud.queue('inbox', THERE);
    await cloud.call('events', 'PutRule', { Name: 'out', EventPattern: JSON.stringify({ region: [HERE] }) });
    const DeadLetterConfig = { Arn: `arn:aws:sqs:${HERE}:123456789012:failed` };
    const RoleArn = 'arn:aws:iam::123456789012:role/replicate';
    const Targets = [{ Id: 'there', Arn: bus(THERE), RoleArn, DeadLetterConfig }];
    await cloud.call('events', 'PutTargets', { Rule: 'out', Targets });
    await cloud.call('events', 'PutRule', { Name: 'in', EventPattern: '{"source":["shop"]}' }, THERE);
    const Arn = `arn:aws:sqs:${THERE}:123456789012:inbox`;
    await cloud.call('events', 'PutTargets', { Rule: 'in', Targets: [{ Id: 'inbox', Arn }] }, THERE);
    const put = () =>
      cloud.call('events', 'PutEvents', { Entries: [{ Source: 'shop', DetailType: 'sold', Detail: '{}' }] });
    return { failed, inbox, put };
  }

  test.each([
    ['of the link', () => cloud.partition(HERE, THERE), () => cloud.heal()],
    ['of the other region', () => cloud.lose(THERE), () => cloud.restore(THERE)],
    ['of all its links', () => cloud.partition(HERE), () => cloud.heal(HERE)],
  ])('what goes from bus to bus is tried again until the end %s', async (_, cut, mend) => {
    const { failed, inbox, put } = await twoBuses();
    cut();
    await put();
    await cloud.run({ for: 60 * MINUTE });
    mend();
    expect(await cloud.receive(inbox, THERE)).toEqual([]);
    await cloud.run({ for: 10 * MINUTE });
    expect(await cloud.receive(inbox, THERE)).toHaveLength(1);
    expect(await cloud.receive(failed)).toEqual([]);
  });

  test('after a day, the event is a dead letter that says why', async () => {
    const { failed, put } = await twoBuses();
    cloud.partition(HERE, THERE);
    await put();
    await cloud.run({ for: 25 * 60 * MINUTE });
    const [letter] = (await cloud.call('sqs', 'ReceiveMessage', { QueueUrl: failed, MessageAttributeNames: ['All'] }))
      .Messages;
    expect(letter.MessageAttributes.ERROR_CODE.StringValue).toBe('CROSS_REGION_INGESTION_FAILED');
    expect(Number(letter.MessageAttributes.RETRY_ATTEMPTS.StringValue)).toBeGreaterThan(100);
  });

  test('leaves both regions to their clients', async () => {
    cloud.partition(HERE, THERE);
    await cloud.queue('inbox');
    await cloud.queue('inbox', THERE);
    expect(cloud.cloud.links.reaches(HERE, THERE)).toBe(false);
    expect(cloud.cloud.links.reaches(undefined, THERE)).toBe(true);
    expect(cloud.cloud.links.reaches(HERE, 'eu-west-2')).toBe(true);
    cloud.heal(HERE, THERE);
    expect(cloud.cloud.links.reaches(THERE, HERE)).toBe(true);
  });
});

test('the same seed gives the same history through a loss', async () => {
  const run = async () => {
    cloud = start();
    const outbox = await cloud.queue('outbox');
    const inbox = await cloud.queue('inbox');
    await cloud.create('forward', { Environment: { Variables: { QUEUE_URL: outbox } } });
    const EventSourceArn = `arn:aws:sqs:${HERE}:123456789012:inbox`;
    await cloud.call('lambda', 'CreateEventSourceMapping', { FunctionName: 'forward', EventSourceArn });
    for (let n = 0; n < 5; n++) await cloud.send(inbox, `${n}`);
    cloud.lose(HERE);
    await cloud.run({ for: MINUTE });
    cloud.restore(HERE);
    await cloud.run({ for: 5 * MINUTE });
    return historyHash(cloud.cloud);
  };
  expect(await run()).toBe(await run());
});
