import { describe, expect, test } from 'vitest';
import { queueArn, stage } from './stubs.ts';

const pattern = JSON.stringify({ source: ['shop'] });
const refused = (code: string, message?: string) => (message === undefined ? { code } : { code, message });

describe('a rule', () => {
  test('is described, switched, replaced and deleted', async () => {
    const { call, rule } = stage();
    await rule('sold', { source: ['shop'] }, [{ Arn: queueArn('inbox') }]);
    const where = { Name: 'sold', EventBusName: 'trade' };
    expect(await call('events', 'DescribeRule', where)).toEqual({
      Name: 'sold',
      Arn: 'arn:aws:events:eu-west-1:123456789012:rule/trade/sold',
      EventPattern: pattern,
      EventBusName: 'trade',
      State: 'ENABLED',
      CreatedBy: '123456789012',
    });
    await call('events', 'DisableRule', where);
    expect(await call('events', 'DescribeRule', where)).toMatchObject({ State: 'DISABLED' });
    await call('events', 'EnableRule', where);
    expect(await call('events', 'DescribeRule', where)).toMatchObject({ State: 'ENABLED' });
    await call('events', 'PutRule', { ...where, EventPattern: '{"source":["other"]}', State: 'DISABLED' });
    expect(await call('events', 'DescribeRule', where)).toMatchObject({
      State: 'DISABLED',
      EventPattern: '{"source":["other"]}',
    });
    expect((await call('events', 'ListTargetsByRule', { Rule: 'sold', EventBusName: 'trade' })).Targets).toHaveLength(
      1,
    );
    await expect(call('events', 'DeleteRule', where)).rejects.toMatchObject(
      refused('ValidationException', "Rule can't be deleted since it has targets."),
    );
    await call('events', 'RemoveTargets', { Rule: 'sold', EventBusName: 'trade', Ids: ['t0'] });
    await call('events', 'DeleteRule', where);
    await call('events', 'DeleteRule', where);
    await expect(call('events', 'DescribeRule', where)).rejects.toMatchObject(
      refused('ResourceNotFoundException', 'Rule sold does not exist on EventBus trade.'),
    );
  });

  test('of the default bus has an ARN without it', async () => {
    const { call } = stage();
    const { RuleArn } = await call('events', 'PutRule', { Name: 'sold', EventPattern: pattern });
    expect(RuleArn).toBe('arn:aws:events:eu-west-1:123456789012:rule/sold');
  });

  test('takes effect with its new pattern at once', async () => {
    const { call, rule, put, pass, scene } = stage();
    await rule('sold', { source: ['shop'] }, [{ Arn: queueArn('inbox') }]);
    await put({ n: 1 });
    const EventPattern = JSON.stringify({ detail: { n: [3] } });
    await call('events', 'PutRule', { Name: 'sold', EventBusName: 'trade', EventPattern });
    await put({ n: 2 });
    await put({ n: 3 });
    await pass(1000);
    expect(scene.sent.map(({ body }) => body.detail.n).sort()).toEqual([1, 3]);
  });

  test.each([
    [{ EventPattern: '{"a":[]}' }, 'InvalidEventPatternException'],
    [{}, 'ValidationException'],
    [{ EventPattern: pattern, Name: 'no spaces' }, 'ValidationException'],
    [{ EventPattern: pattern, Name: 'x'.repeat(65) }, 'ValidationException'],
    [{ EventPattern: pattern, State: 'ASLEEP' }, 'ValidationException'],
    [{ EventPattern: pattern, EventBusName: 'none' }, 'ResourceNotFoundException'],
    [{ ScheduleExpression: 'rate(1 minute)' }, 'NotImplemented'],
    [{ EventPattern: JSON.stringify({ a: ['x'.repeat(4096)] }) }, 'ValidationException'],
  ])('with %j is refused as %s', async (input, code) => {
    const { call } = stage();
    await expect(call('events', 'PutRule', { Name: 'sold', ...input })).rejects.toMatchObject({ code });
  });

  test('is one of 300 at most', async () => {
    const { call } = stage();
    for (let n = 0; n < 300; n++) await call('events', 'PutRule', { Name: `r${n}`, EventPattern: pattern });
    await call('events', 'PutRule', { Name: 'r0', EventPattern: pattern });
    await expect(call('events', 'PutRule', { Name: 'r300', EventPattern: pattern })).rejects.toMatchObject(
      refused('LimitExceededException', 'The requested resource exceeds the maximum number allowed.'),
    );
  });

  test('is found by prefix and by target', async () => {
    const { call, rule } = stage();
    await rule('sold', { source: ['shop'] }, [{ Arn: queueArn('a') }]);
    await rule('back', { source: ['shop'] }, [{ Arn: queueArn('a') }, { Arn: queueArn('b') }]);
    const names = await call('events', 'ListRuleNamesByTarget', { TargetArn: queueArn('b'), EventBusName: 'trade' });
    expect(names).toEqual({ RuleNames: ['back'] });
    const { Rules } = await call('events', 'ListRules', { NamePrefix: 'so', EventBusName: 'trade' });
    expect(Rules.map(({ Name }: { Name: string }) => Name)).toEqual(['sold']);
  });

  test('carries tags, as does a bus', async () => {
    const { call } = stage();
    const Tags = [{ Key: 'team', Value: 'x' }];
    const { EventBusArn } = await call('events', 'CreateEventBus', { Name: 'trade', Tags });
    const { RuleArn } = await call('events', 'PutRule', {
      Name: 'sold',
      EventBusName: 'trade',
      EventPattern: pattern,
      Tags,
    });
    for (const ResourceARN of [EventBusArn, RuleArn]) {
      await call('events', 'TagResource', { ResourceARN, Tags: [{ Key: 'stage', Value: 'y' }] });
      await call('events', 'UntagResource', { ResourceARN, TagKeys: ['team'] });
      expect(await call('events', 'ListTagsForResource', { ResourceARN })).toEqual({
        Tags: [{ Key: 'stage', Value: 'y' }],
      });
    }
    await expect(call('events', 'ListTagsForResource', { ResourceARN: `${RuleArn}x` })).rejects.toMatchObject(
      refused('ResourceNotFoundException'),
    );
  });
});
