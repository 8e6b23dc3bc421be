import { describe, expect, test } from 'vitest';
import { busArn, queueArn, stage } from './stubs.ts';

describe('a target', () => {
  const queue = { Id: 't', Arn: queueArn('inbox') };

  test.each<[object, string, string]>([
    [
      { ...queue, Arn: 'inbox' },
      'ValidationException',
      'Parameter inbox is not valid. Reason: Provided Arn is not in correct format.',
    ],
    [{ ...queue, Id: 'a b' }, 'ValidationException', "'targets.1.member.id'"],
    [
      { ...queue, Arn: queueArn('in.fifo') },
      'ValidationException',
      'Parameter(s) SqsParameters must be specified for target: t.',
    ],
    [{ ...queue, Arn: queueArn('inbox', 'us-east-1') }, 'ValidationException', 'not in Region eu-west-1'],
    [{ ...queue, Arn: busArn('other') }, 'ValidationException', `RoleArn is required for target ${busArn('other')}.`],
    [
      { ...queue, Arn: busArn('other'), RoleArn: 'arn:aws:iam::123456789012:role/r', Input: '{}' },
      'ValidationException',
      'Input is not supported',
    ],
    [{ ...queue, Input: 'not json' }, 'ValidationException', 'JSON syntax error in input for target t.'],
    [{ ...queue, InputPath: 'detail' }, 'ValidationException', 'Invalid InputPath for target t.'],
    [{ ...queue, RetryPolicy: { MaximumRetryAttempts: 186 } }, 'ValidationException', 'less than or equal to 185'],
    [{ ...queue, RetryPolicy: { MaximumEventAgeInSeconds: 59 } }, 'ValidationException', 'greater than or equal to 60'],
    [
      { ...queue, DeadLetterConfig: { Arn: queueArn('lost', 'us-east-1') } },
      'ValidationException',
      'DeadLetterConfig.Arn',
    ],
    [{ ...queue, EcsParameters: {} }, 'NotImplemented', 'EcsParameters'],
    [{ ...queue, Arn: 'arn:aws:kinesis:eu-west-1:123456789012:stream/s' }, 'NotImplemented', 'stream/s'],
  ])('%j is refused as %s', async (target, code, message) => {
    const { call, rule } = stage();
    await rule('sold', { source: ['shop'] }, []);
    const put = call('events', 'PutTargets', { Rule: 'sold', EventBusName: 'trade', Targets: [target] });
    await expect(put).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
  });

  test('is one of five at most, and replaces its namesake', async () => {
    const { call, rule } = stage();
    await rule(
      'sold',
      { source: ['shop'] },
      [1, 2, 3, 4, 5].map((n) => ({ Id: `t${n}`, Arn: queueArn('inbox') })),
    );
    const put = (Id: string) =>
      call('events', 'PutTargets', { Rule: 'sold', EventBusName: 'trade', Targets: [{ Id, Arn: queueArn('other') }] });
    await expect(put('t6')).rejects.toMatchObject({ code: 'LimitExceededException' });
    expect(await put('t5')).toEqual({ FailedEntryCount: 0, FailedEntries: [] });
    const { Targets } = await call('events', 'ListTargetsByRule', { Rule: 'sold', EventBusName: 'trade' });
    expect(Targets).toHaveLength(5);
    expect(Targets[4]).toEqual({ Id: 't5', Arn: queueArn('other') });
  });

  test('that is not there is removed already', async () => {
    const { call, rule } = stage();
    await rule('sold', { source: ['shop'] }, [{ Arn: queueArn('inbox') }]);
    const removed = await call('events', 'RemoveTargets', { Rule: 'sold', EventBusName: 'trade', Ids: ['t0', 't9'] });
    expect(removed).toEqual({ FailedEntryCount: 0, FailedEntries: [] });
    expect((await call('events', 'ListTargetsByRule', { Rule: 'sold', EventBusName: 'trade' })).Targets).toEqual([]);
  });
});
