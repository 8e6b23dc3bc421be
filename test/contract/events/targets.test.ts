import {
  ListTargetsByRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
  type Target,
} from '@aws-sdk/client-eventbridge';
import { SetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { expect } from 'vitest';
import { type Aws, behaviour, refused } from '../contract.ts';
import {
  bodies,
  bus,
  busArn,
  captured,
  fifoQueue,
  messages,
  OTHER_REGION,
  pipe,
  publish,
  queue,
  rule,
} from './given.ts';

const api = (action: string) => `https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_${action}.html`;
const recorded =
  'https://github.com/localstack/localstack/blob/main/tests/aws/services/events/test_events.snapshot.json';

/** A rule without targets, and how to give it one. */
async function given(aws: Aws) {
  const EventBusName = await bus(aws);
  const where = { Rule: await rule(aws, EventBusName), EventBusName };
  const put = (...Targets: Target[]) => aws.events.send(new PutTargetsCommand({ ...where, Targets }));
  const list = async () => (await aws.events.send(new ListTargetsByRuleCommand(where))).Targets;
  return { where, put, list };
}

behaviour(
  'targets are put, listed and removed',
  { source: recorded, covers: ['events:PutTargets', 'events:ListTargetsByRule', 'events:RemoveTargets'] },
  async (aws) => {
    const [{ where, put, list }, inbox] = [await given(aws), await queue(aws)];
    const { FailedEntries, FailedEntryCount } = await put({ Id: 'inbox', Arn: inbox.arn });
    expect([FailedEntryCount, FailedEntries]).toEqual([0, []]);
    expect(await list()).toEqual([{ Id: 'inbox', Arn: inbox.arn }]);
    const removed = await aws.events.send(new RemoveTargetsCommand({ ...where, Ids: ['inbox'] }));
    expect([removed.FailedEntryCount, removed.FailedEntries]).toEqual([0, []]);
    expect(await list()).toEqual([]);
  },
);

behaviour(
  'a target that is put again under its id is replaced',
  { source: api('PutTargets'), covers: ['events:PutTargets'] },
  async (aws) => {
    const [{ put, list }, one, other] = [await given(aws), await queue(aws), await queue(aws)];
    await put({ Id: 't', Arn: one.arn, Input: '{}' });
    await put({ Id: 't', Arn: other.arn });
    expect(await list()).toEqual([{ Id: 't', Arn: other.arn }]);
  },
);

behaviour(
  'removing a target that is not there fails for none: it is removed already',
  { source: captured('control_plane'), covers: ['events:RemoveTargets'] },
  async (aws) => {
    const [{ where, put, list }, inbox] = [await given(aws), await queue(aws)];
    await put({ Id: 'inbox', Arn: inbox.arn });
    const { FailedEntryCount, FailedEntries } = await aws.events.send(
      new RemoveTargetsCommand({ ...where, Ids: ['none', 'inbox'] }),
    );
    expect([FailedEntryCount, FailedEntries]).toEqual([0, []]);
    expect(await list()).toEqual([]);
  },
);

behaviour(
  'a rule has at most five targets; none of a request that would make it six is put',
  { source: recorded, covers: ['events:PutTargets!LimitExceededException'] },
  async (aws) => {
    const [{ put, list }, inbox] = [await given(aws), await queue(aws)];
    const targets = (from: number, to: number) =>
      Array.from({ length: to - from + 1 }, (_, n) => ({ Id: `t${from + n}`, Arn: inbox.arn }));
    await put(...targets(1, 4));
    await refused(
      put(...targets(5, 6)),
      'LimitExceededException',
      'The requested resource exceeds the maximum number allowed.',
    );
    expect(await list()).toHaveLength(4);
    await put(...targets(4, 5));
    expect(await list()).toHaveLength(5);
  },
);

behaviour('targets are listed in pages', { source: recorded, covers: ['events:ListTargetsByRule'] }, async (aws) => {
  const [{ where, put }, inbox] = [await given(aws), await queue(aws)];
  await put(...[1, 2, 3].map((n) => ({ Id: `t${n}`, Arn: inbox.arn })));
  const first = await aws.events.send(new ListTargetsByRuleCommand({ ...where, Limit: 2 }));
  const { Targets, NextToken } = await aws.events.send(
    new ListTargetsByRuleCommand({ ...where, Limit: 2, NextToken: first.NextToken }),
  );
  expect(NextToken).toBeUndefined();
  expect([...first.Targets!, ...Targets!].map(({ Id }) => Id)).toEqual(['t1', 't2', 't3']);
});

behaviour(
  'a rule that does not exist gets and loses no targets',
  {
    source: api('PutTargets'),
    covers: ['events:PutTargets!ResourceNotFoundException', 'events:RemoveTargets!ResourceNotFoundException'],
  },
  async (aws) => {
    const [EventBusName, Rule] = [await bus(aws), aws.name('none')];
    const message = `Rule ${Rule} does not exist on EventBus ${EventBusName}.`;
    const Targets = [{ Id: 't', Arn: `arn:aws:sqs:${aws.region}:${aws.account}:some` }];
    await refused(
      aws.events.send(new PutTargetsCommand({ Rule, EventBusName, Targets })),
      'ResourceNotFoundException',
      message,
    );
    await refused(
      aws.events.send(new RemoveTargetsCommand({ Rule, EventBusName, Ids: ['t'] })),
      'ResourceNotFoundException',
      message,
    );
  },
);

behaviour(
  "a target's id has letters, digits and . - _, and at most 64 of them",
  { source: recorded, covers: ['events:PutTargets'] },
  async (aws) => {
    const [{ put }, { arn: Arn }] = [await given(aws), await queue(aws)];
    const where = "at 'targets.1.member.id' failed to satisfy constraint";
    await refused(
      put({ Id: '!@#$@!#$', Arn }),
      'ValidationException',
      `1 validation error detected: Value '!@#$@!#$' ${where}: Member must satisfy regular expression pattern: [\\.\\-_A-Za-z0-9]+`,
    );
    const Id = 'n'.repeat(65);
    await refused(
      put({ Id, Arn }),
      'ValidationException',
      `1 validation error detected: Value '${Id}' ${where}: Member must have length less than or equal to 64`,
    );
  },
);

behaviour(
  'only a bus may be a target in another region',
  {
    source: 'https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cross-region.html',
    covers: ['events:PutTargets'],
  },
  async (aws) => {
    const { put } = await given(aws);
    const Arn = `arn:aws:sqs:${OTHER_REGION}:${aws.account}:some`;
    await refused(put({ Id: 't', Arn }), 'ValidationException');
  },
);

behaviour(
  'a target must have an ARN that is one',
  { source: api('PutTargets'), covers: ['events:PutTargets'] },
  async (aws) => {
    const { put } = await given(aws);
    await refused(
      put({ Id: 't', Arn: 'some' }),
      'ValidationException',
      'Parameter some is not valid. Reason: Provided Arn is not in correct format.',
    );
  },
);

behaviour(
  'a FIFO queue needs a message group, and that is one fixed text, even where it looks like a path',
  { source: 'https://github.com/aws/aws-cdk/issues/32965', covers: ['events:PutTargets'] },
  async (aws) => {
    const [{ where, put }, inbox] = [await given(aws), await fifoQueue(aws)];
    await refused(
      put({ Id: 't', Arn: inbox.arn }),
      'ValidationException',
      'Parameter(s) SqsParameters must be specified for target: t.',
    );
    await put({ Id: 't', Arn: inbox.arn, SqsParameters: { MessageGroupId: '$.detail.n' } });
    await publish(aws, { EventBusName: where.EventBusName, Detail: '{"n":1}' });
    await publish(aws, { EventBusName: where.EventBusName, Detail: '{"n":2}' });
    const groups = (await messages(aws, inbox, 2)).map(({ Attributes }) => Attributes!.MessageGroupId);
    expect(groups).toEqual(['$.detail.n', '$.detail.n']);
  },
);

behaviour(
  'a FIFO queue without deduplication by content gets nothing, for EventBridge gives no deduplication id',
  { source: 'https://github.com/aws/aws-cdk/issues/36498', covers: ['events:PutTargets'] },
  async (aws) => {
    const [{ where, put }, inbox, failed] = [await given(aws), await fifoQueue(aws), await queue(aws)];
    await aws.sqs.send(
      new SetQueueAttributesCommand({ QueueUrl: inbox.url, Attributes: { ContentBasedDeduplication: 'false' } }),
    );
    const SqsParameters = { MessageGroupId: 'g' };
    await put({ Id: 't', Arn: inbox.arn, SqsParameters, DeadLetterConfig: { Arn: failed.arn } });
    await publish(aws, { EventBusName: where.EventBusName });
    const [message] = await messages(aws, failed);
    expect(message!.MessageAttributes!.ERROR_CODE!.StringValue).toBe('SDK_CLIENT_ERROR');
    expect(await messages(aws, inbox)).toEqual([]);
  },
);

behaviour(
  'content deduplication swallows equal parts of two events, but not two whole events, whose ids differ',
  {
    source:
      'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/using-messagededuplicationid-property.html',
    covers: ['events:PutTargets', 'events:PutEvents'],
  },
  async (aws) => {
    const [{ where, put }, whole, part] = [await given(aws), await fifoQueue(aws), await fifoQueue(aws)];
    const SqsParameters = { MessageGroupId: 'g' };
    await put({ Id: 'whole', Arn: whole.arn, SqsParameters });
    await put({ Id: 'part', Arn: part.arn, SqsParameters, InputPath: '$.detail' });
    await publish(aws, { EventBusName: where.EventBusName });
    await publish(aws, { EventBusName: where.EventBusName });
    expect(await bodies(aws, whole, 3)).toHaveLength(2);
    expect(await bodies(aws, part, 2)).toEqual([{ n: 1 }]);
  },
);

behaviour(
  'a bus as a target needs a role, takes the event as it is, and never its own',
  {
    source: captured('bus_forwarding'),
    covers: ['events:PutTargets'],
  },
  async (aws) => {
    const [{ where, put }, other] = [await given(aws), await bus(aws)];
    const Arn = busArn(aws, other);
    await refused(put({ Id: 't', Arn }), 'ValidationException', `RoleArn is required for target ${Arn}.`);
    const RoleArn = `arn:aws:iam::${aws.account}:role/some`;
    await refused(put({ Id: 't', Arn, RoleArn, Input: '{}' }), 'ValidationException');
    await refused(put({ Id: 't', Arn: busArn(aws, where.EventBusName), RoleArn }), 'ValidationException');
  },
);

behaviour(
  'a bus as a target may have a dead-letter queue, but no retry policy',
  {
    source: 'https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.aws_events_targets.EventBusProps.html',
    covers: ['events:PutTargets'],
  },
  async (aws) => {
    const [{ put, list }, other, { arn }] = [await given(aws), await bus(aws), await queue(aws)];
    const target = { Id: 't', Arn: busArn(aws, other), RoleArn: `arn:aws:iam::${aws.account}:role/some` };
    await refused(
      put({ ...target, RetryPolicy: { MaximumRetryAttempts: 1 } }),
      'ValidationException',
      /^Retry ?Policy /i,
    );
    await put({ ...target, DeadLetterConfig: { Arn: arn } });
    expect(await list()).toEqual([{ ...target, DeadLetterConfig: { Arn: arn } }]);
  },
);

behaviour(
  'a retry policy allows 0 to 185 attempts and 60 to 86,400 seconds',
  { source: api('RetryPolicy'), covers: ['events:PutTargets'] },
  async (aws) => {
    const [{ put, list }, { arn: Arn }] = [await given(aws), await queue(aws)];
    const policies = [
      [
        { MaximumRetryAttempts: 186 },
        "Value '186' at 'targets.1.member.retryPolicy.maximumRetryAttempts' failed to satisfy constraint: Member must have value less than or equal to 185",
      ],
      [
        { MaximumRetryAttempts: -1 },
        "Value '-1' at 'targets.1.member.retryPolicy.maximumRetryAttempts' failed to satisfy constraint: Member must have value greater than or equal to 0",
      ],
      [
        { MaximumEventAgeInSeconds: 59 },
        "Value '59' at 'targets.1.member.retryPolicy.maximumEventAgeInSeconds' failed to satisfy constraint: Member must have value greater than or equal to 60",
      ],
      [
        { MaximumEventAgeInSeconds: 86_401 },
        "Value '86401' at 'targets.1.member.retryPolicy.maximumEventAgeInSeconds' failed to satisfy constraint: Member must have value less than or equal to 86400",
      ],
    ] as const;
    for (const [RetryPolicy, message] of policies) {
      await refused(
        put({ Id: 't', Arn, RetryPolicy }),
        'ValidationException',
        `1 validation error detected: ${message}`,
      );
    }
    const RetryPolicy = { MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 };
    await put({ Id: 't', Arn, RetryPolicy });
    expect(await list()).toEqual([{ Id: 't', Arn, RetryPolicy }]);
  },
);

behaviour(
  'what a rule has matched is delivered although the target is removed at once',
  {
    source: api('RemoveTargets'),
    covers: ['events:RemoveTargets'],
    notRemote: 'on AWS "a short period" may pass either way',
  },
  async (aws) => {
    const to = await pipe(aws);
    await publish(aws, { EventBusName: to.bus });
    await aws.events.send(new RemoveTargetsCommand({ Rule: to.rule, EventBusName: to.bus, Ids: ['inbox'] }));
    expect(await bodies(aws, to.inbox)).toHaveLength(1);
  },
);
