import { CreateQueueCommand, ListDeadLetterSourceQueuesCommand } from '@aws-sdk/client-sqs';
import { expect } from 'vitest';
import { behaviour } from '../contract.ts';
import { api, arnOf, givenFifoQueue, givenQueue, guide, recorded, redriveTo, refusedAs } from './given.ts';

const page = guide('sqs-dead-letter-queues');
const allow = (policy: object) => ({ RedriveAllowPolicy: JSON.stringify(policy) });

behaviour(
  'a redrive policy is given back as it was set',
  { source: recorded('test_get_specific_queue_attribute_response'), covers: ['sqs:GetQueueAttributes'] },
  async (aws) => {
    const deadLetters = await givenQueue(aws);
    const queue = await givenQueue(aws, redriveTo(deadLetters, 10));
    const { RedrivePolicy } = await queue.attributes('RedrivePolicy');
    expect(JSON.parse(RedrivePolicy!)).toEqual({ deadLetterTargetArn: deadLetters.arn, maxReceiveCount: 10 });
  },
);

behaviour(
  'an empty redrive policy takes it away',
  { source: api('SetQueueAttributes'), covers: ['sqs:SetQueueAttributes'] },
  async (aws) => {
    const deadLetters = await givenQueue(aws);
    const queue = await givenQueue(aws, redriveTo(deadLetters));
    await queue.set({ RedrivePolicy: '' });
    expect(await queue.attributes('RedrivePolicy')).toEqual({});
  },
);

behaviour(
  'the dead-letter queue of a FIFO queue must be FIFO, and of a standard queue standard',
  { source: page, covers: ['sqs:SetQueueAttributes'] },
  async (aws) => {
    const standard = await givenQueue(aws);
    const fifo = await givenFifoQueue(aws);
    const reason = /Dead-letter queue must be same type of queue as the source/;
    await refusedAs(standard.set(redriveTo(fifo)), 'InvalidParameterValue', reason);
    await refusedAs(fifo.set(redriveTo(standard)), 'InvalidParameterValue', reason);
  },
);

behaviour('the dead-letter queue must exist', { source: page, covers: ['sqs:SetQueueAttributes'] }, async (aws) => {
  const queue = await givenQueue(aws);
  const nowhere = { arn: arnOf(aws, aws.name('nowhere')) };
  await refusedAs(queue.set(redriveTo(nowhere)), 'InvalidParameterValue', /Dead letter target does not exist/);
});

behaviour(
  'a target that is no ARN is refused before it is looked up',
  { source: recorded('test_invalid_dead_letter_arn_rejected_before_lookup'), covers: ['sqs:CreateQueue'] },
  async (aws) => {
    const RedrivePolicy = '{"deadLetterTargetArn": "dummy", "maxReceiveCount": 42}';
    await refusedAs(
      aws.sqs.send(new CreateQueueCommand({ QueueName: aws.name('queue'), Attributes: { RedrivePolicy } })),
      'InvalidParameterValue',
      `Value ${RedrivePolicy} for parameter RedrivePolicy is invalid. Reason: Invalid value for deadLetterTargetArn.`,
    );
  },
);

behaviour(
  'a redrive policy needs both its members, and a count from 1 to 1000',
  { source: recorded('test_redrive_policy_attribute_validity'), covers: ['sqs:SetQueueAttributes'] },
  async (aws) => {
    const deadLetters = await givenQueue(aws);
    const queue = await givenQueue(aws);
    for (const policy of [
      { deadLetterTargetArn: deadLetters.arn },
      { maxReceiveCount: '42' },
      { deadLetterTargetArn: deadLetters.arn, maxReceiveCount: 'invalid' },
      { deadLetterTargetArn: deadLetters.arn, maxReceiveCount: 0 },
      { deadLetterTargetArn: deadLetters.arn, maxReceiveCount: 1001 },
    ]) {
      const call = queue.set({ RedrivePolicy: JSON.stringify(policy) });
      await refusedAs(call, 'InvalidParameterValue', /maxReceiveCount|deadLetterTargetArn/);
    }
    await queue.set({ RedrivePolicy: JSON.stringify({ deadLetterTargetArn: deadLetters.arn, maxReceiveCount: '42' }) });
  },
);

behaviour(
  'a dead-letter queue that denies all cannot be named by a redrive policy',
  { source: page, covers: ['sqs:SetQueueAttributes'] },
  async (aws) => {
    const deadLetters = await givenQueue(aws, allow({ redrivePermission: 'denyAll' }));
    const queue = await givenQueue(aws);
    await refusedAs(queue.set(redriveTo(deadLetters)), 'InvalidParameterValue', /RedrivePolicy/);
  },
);

behaviour(
  'a dead-letter queue that allows by queue takes those it names and no others',
  { source: page, covers: ['sqs:SetQueueAttributes'] },
  async (aws) => {
    const named = await givenQueue(aws);
    const other = await givenQueue(aws);
    const deadLetters = await givenQueue(aws, allow({ redrivePermission: 'byQueue', sourceQueueArns: [named.arn] }));
    await named.set(redriveTo(deadLetters));
    await refusedAs(other.set(redriveTo(deadLetters)), 'InvalidParameterValue', /RedrivePolicy/);
  },
);

behaviour(
  'a redrive-allow policy names one to ten queues with byQueue, and none otherwise',
  { source: page, covers: ['sqs:SetQueueAttributes'] },
  async (aws) => {
    const queue = await givenQueue(aws);
    const arns = Array.from({ length: 11 }, (_, n) => arnOf(aws, `source-${n}`));
    for (const policy of [
      { redrivePermission: 'byQueue' },
      { redrivePermission: 'byQueue', sourceQueueArns: [] },
      { redrivePermission: 'byQueue', sourceQueueArns: arns },
      { redrivePermission: 'allowAll', sourceQueueArns: arns.slice(0, 1) },
      { redrivePermission: 'perhaps' },
    ]) {
      await refusedAs(queue.set(allow(policy)), 'InvalidParameterValue', /RedriveAllowPolicy/);
    }
    await queue.set(allow({ redrivePermission: 'byQueue', sourceQueueArns: arns.slice(0, 10) }));
  },
);

behaviour(
  'the sources of a dead-letter queue are listed',
  { source: recorded('test_dead_letter_queue_list_sources'), covers: ['sqs:ListDeadLetterSourceQueues'] },
  async (aws) => {
    const deadLetters = await givenQueue(aws);
    const one = await givenQueue(aws, redriveTo(deadLetters));
    const two = await givenQueue(aws, redriveTo(deadLetters));
    const list = new ListDeadLetterSourceQueuesCommand({ QueueUrl: deadLetters.url });
    expect((await aws.sqs.send(list)).queueUrls!.sort()).toEqual([one.url, two.url].sort());
  },
);

behaviour(
  'they are listed in pages when a size is asked for',
  { source: api('ListDeadLetterSourceQueues'), covers: ['sqs:ListDeadLetterSourceQueues'] },
  async (aws) => {
    const deadLetters = await givenQueue(aws);
    const sources = [await givenQueue(aws, redriveTo(deadLetters)), await givenQueue(aws, redriveTo(deadLetters))];
    const list = (NextToken?: string) =>
      aws.sqs.send(new ListDeadLetterSourceQueuesCommand({ QueueUrl: deadLetters.url, MaxResults: 1, NextToken }));
    const first = await list();
    const second = await list(first.NextToken);
    expect([...first.queueUrls!, ...second.queueUrls!].sort()).toEqual(sources.map(({ url }) => url).sort());
  },
);

behaviour(
  'a queue that no policy names has no sources',
  { source: api('ListDeadLetterSourceQueues'), covers: ['sqs:ListDeadLetterSourceQueues'] },
  async (aws) => {
    const queue = await givenQueue(aws);
    const answer = await aws.sqs.send(new ListDeadLetterSourceQueuesCommand({ QueueUrl: queue.url }));
    expect(answer.queueUrls ?? []).toEqual([]);
  },
);
