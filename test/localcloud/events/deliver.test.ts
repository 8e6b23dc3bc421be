import { expect, test } from 'vitest';
import { queueArn, stage } from './stubs.ts';

const sold = { 'detail-type': ['item.sold'] };

test('each target gets its own copy, after a delay of its own', async () => {
  const { rule, put, pass, scene, cloud } = stage();
  await rule('sold', sold, [{ Arn: queueArn('a') }, { Arn: queueArn('b') }]);
  const start = cloud.now();
  await put({ n: 1 });
  expect(scene.sent).toHaveLength(0);
  await pass(1000);
  expect(scene.sent.map(({ queue }) => queue).sort()).toEqual(['a', 'b']);
  for (const { at } of scene.sent) expect(at - start).toBeGreaterThan(0);
});

test('events may overtake each other on the way, the same way for the same seed', async () => {
  const order = async (seed: string) => {
    const { rule, put, pass, scene } = stage(seed);
    await rule('sold', sold, [{ Arn: queueArn('inbox') }]);
    for (let n = 0; n < 20; n++) await put({ n });
    await pass(1000);
    return scene.sent.map(({ body }) => body.detail.n);
  };
  const first = await order('one');
  expect([...first].sort((a, b) => a - b)).toEqual([...Array(20).keys()]);
  expect(first).not.toEqual([...Array(20).keys()]);
  expect(await order('one')).toEqual(first);
  expect(await order('two')).not.toEqual(first);
});

test('the group of a FIFO queue is the text of the target, not a path into the event', async () => {
  const { rule, put, pass, scene } = stage();
  await rule('sold', sold, [{ Arn: queueArn('in.fifo'), SqsParameters: { MessageGroupId: '$.detail.n' } }]);
  await put({ n: 1 });
  await pass(1000);
  expect(scene.sent[0]!.input.MessageGroupId).toBe('$.detail.n');
});

test('what a rule has matched is delivered even if its target is removed meanwhile', async () => {
  const { rule, put, call, pass, scene } = stage();
  await rule('sold', sold, [{ Arn: queueArn('inbox') }]);
  await put({ n: 1 });
  await call('events', 'RemoveTargets', { Rule: 'sold', EventBusName: 'trade', Ids: ['t0'] });
  await pass(1000);
  expect(scene.sent).toHaveLength(1);
});

test('a topic gets what a queue would', async () => {
  const { rule, call, put, pass, scene } = stage();
  const { TopicArn } = await call('sns', 'CreateTopic', { Name: 'alerts' });
  await call('sns', 'Subscribe', {
    TopicArn,
    Protocol: 'sqs',
    Endpoint: queueArn('mail'),
    Attributes: { RawMessageDelivery: 'true' },
  });
  await rule('sold', sold, [{ Arn: TopicArn, InputPath: '$.detail' }]);
  await put({ n: 1 });
  await pass(1000);
  expect(scene.sent.map(({ queue, body }) => [queue, body])).toEqual([['mail', { n: 1 }]]);
});
