import { CreateQueueCommand, DeleteQueueCommand, type Message } from '@aws-sdk/client-sqs';
import { expect } from 'vitest';
import { type Aws, behaviour, refused } from '../contract.ts';
import { bus, captured, fifoQueue, messages, OTHER_REGION, pipe, publish, queue, rule } from './given.ts';

const page = 'https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html';

const attributes = ({ MessageAttributes = {} }: Message): Record<string, string | undefined> =>
  Object.fromEntries(Object.entries(MessageAttributes).map(([name, { StringValue }]) => [name, StringValue]));

/** The ARN of a queue that is no more. */
async function goneQueue(aws: Aws): Promise<string> {
  const QueueName = aws.name('gone');
  const { QueueUrl } = await aws.sqs.send(new CreateQueueCommand({ QueueName }));
  await aws.sqs.send(new DeleteQueueCommand({ QueueUrl }));
  // A deleted queue may be found for up to a minute.
  await aws.pass(60_000);
  return `arn:aws:sqs:${aws.region}:${aws.account}:${QueueName}`;
}

behaviour(
  'what cannot be delivered because the target is gone goes to the dead-letter queue at once, and says why',
  { source: page, covers: ['events:PutTargets', 'events:PutEvents'] },
  async (aws) => {
    const [Arn, failed] = [await goneQueue(aws), await queue(aws)];
    const to = await pipe(aws, undefined, { Arn, DeadLetterConfig: { Arn: failed.arn } });
    const { Entries } = await publish(aws, { EventBusName: to.bus });
    const [message] = await messages(aws, failed);
    expect(JSON.parse(message!.Body!)).toMatchObject({ id: Entries![0]!.EventId, detail: { n: 1 } });
    expect(attributes(message!)).toMatchObject({
      RULE_ARN: to.ruleArn,
      TARGET_ARN: Arn,
      ERROR_CODE: 'NO_RESOURCE',
      ERROR_MESSAGE: expect.any(String),
    });
  },
);

behaviour(
  'a delivery that is not tried again has exhausted nothing: neither condition nor attempts are told',
  { source: captured('error_metrics'), covers: ['events:PutTargets'] },
  async (aws) => {
    const failed = await queue(aws);
    const RetryPolicy = { MaximumRetryAttempts: 1 };
    const to = await pipe(aws, undefined, {
      Arn: await goneQueue(aws),
      RetryPolicy,
      DeadLetterConfig: { Arn: failed.arn },
    });
    await publish(aws, { EventBusName: to.bus });
    const [message] = await messages(aws, failed);
    expect(Object.keys(attributes(message!)).sort()).toEqual(['ERROR_CODE', 'ERROR_MESSAGE', 'RULE_ARN', 'TARGET_ARN']);
  },
);

behaviour(
  'the dead-letter queue receives what the target would have received',
  { source: captured('inputs'), covers: ['events:PutTargets'] },
  async (aws) => {
    const failed = await queue(aws);
    const to = await pipe(aws, undefined, {
      Arn: await goneQueue(aws),
      InputPath: '$.detail',
      DeadLetterConfig: { Arn: failed.arn },
    });
    await publish(aws, { EventBusName: to.bus });
    expect((await messages(aws, failed))[0]!.Body).toBe('{"n":1}');
  },
);

behaviour(
  'an event that the template does not make JSON of is dead-lettered as INVALID_JSON, as it would have been sent',
  { source: captured('inputs'), covers: ['events:PutTargets'] },
  async (aws) => {
    const failed = await queue(aws);
    const InputTransformer = { InputPathsMap: { a: '$.detail.a' }, InputTemplate: '{"a": "<a>"}' };
    const to = await pipe(aws, undefined, { InputTransformer, DeadLetterConfig: { Arn: failed.arn } });
    await publish(aws, { EventBusName: to.bus, Detail: '{"a":"with \\" a quote"}' });
    const [message] = await messages(aws, failed);
    expect(attributes(message!).ERROR_CODE).toBe('INVALID_JSON');
    expect(message!.Body).toBe('{"a": "with " a quote"}');
    expect(await messages(aws, to.inbox)).toEqual([]);
  },
);

behaviour(
  'a FIFO queue is taken as a dead-letter queue, and receives nothing',
  {
    source: page,
    covers: ['events:PutTargets'],
    notRemote: 'the page only says that FIFO queues are not supported',
  },
  async (aws) => {
    const failed = await fifoQueue(aws);
    const to = await pipe(aws, undefined, { Arn: await goneQueue(aws), DeadLetterConfig: { Arn: failed.arn } });
    await publish(aws, { EventBusName: to.bus });
    expect(await messages(aws, failed)).toEqual([]);
  },
);

behaviour(
  'a dead-letter queue must be in the region of the rule',
  { source: page, covers: ['events:PutTargets'] },
  async (aws) => {
    const [EventBusName, inbox] = [await bus(aws), await queue(aws)];
    const Arn = `arn:aws:sqs:${OTHER_REGION}:${aws.account}:some`;
    const targets = [{ Id: 't', Arn: inbox.arn, DeadLetterConfig: { Arn } }];
    await refused(rule(aws, EventBusName, { targets }), 'ValidationException');
  },
);

behaviour(
  'without a dead-letter queue what cannot be delivered is gone, and other targets receive it all the same',
  { source: page, covers: ['events:PutTargets'] },
  async (aws) => {
    const [EventBusName, inbox] = [await bus(aws), await queue(aws)];
    await rule(aws, EventBusName, {
      targets: [
        { Id: 'gone', Arn: await goneQueue(aws) },
        { Id: 'inbox', Arn: inbox.arn },
      ],
    });
    await publish(aws, { EventBusName });
    expect(await messages(aws, inbox, 2)).toHaveLength(1);
  },
);
