import { describe, expect, test } from 'vitest';
import type { Events } from '../../../localcloud/events/state.ts';
import { ServiceError } from '../../../localcloud/service.ts';
import { failing, queueArn, stage } from './stubs.ts';

const HOUR = 3_600_000;
const sold = { 'detail-type': ['item.sold'] };

describe('a delivery that fails', () => {
  test.each([
    ['AccessDenied', 403, 'NO_PERMISSIONS'],
    ['KMS.AccessDeniedException', 400, 'NO_PERMISSIONS'],
    ['QueueDoesNotExist', 400, 'NO_RESOURCE'],
    ['AWS.SimpleQueueService.NonExistentQueue', 400, 'NO_RESOURCE'],
    ['InvalidParameterValue', 400, 'SDK_CLIENT_ERROR'],
  ])('with %s is not tried again, and ends in the dead-letter queue as %s', async (code, status, said) => {
    const { rule, put, pass, scene, notes } = stage();
    await rule('sold', sold, [{ Arn: queueArn('inbox'), DeadLetterConfig: { Arn: queueArn('lost') } }]);
    scene.refuse = failing(code, status);
    const { Entries } = await put({ n: 1 });
    await pass(1000);
    expect(scene.sent).toHaveLength(1);
    expect(scene.sent[0]).toMatchObject({
      queue: 'lost',
      body: { id: Entries![0]!.EventId, detail: { n: 1 } },
      principal: { kind: 'service', sourceArn: 'arn:aws:events:eu-west-1:123456789012:rule/trade/sold' },
    });
    const attributes = Object.entries(
      scene.sent[0]!.input.MessageAttributes as Record<string, { StringValue: string }>,
    );
    expect(Object.fromEntries(attributes.map(([name, { StringValue }]) => [name, StringValue]))).toEqual({
      RULE_ARN: 'arn:aws:events:eu-west-1:123456789012:rule/trade/sold',
      TARGET_ARN: queueArn('inbox'),
      ERROR_CODE: said,
      ERROR_MESSAGE: expect.stringContaining(`${code} said`),
    });
    expect(notes('DeliveryDeadLettered')[0]!.input).toMatchObject({
      bus: 'trade',
      rule: 'sold',
      targetArn: queueArn('inbox'),
      eventId: Entries![0]!.EventId,
      deadLetterQueue: queueArn('lost'),
      code: said,
    });
    await pass(24 * HOUR);
    expect(scene.sent).toHaveLength(1);
  });

  test('without a dead-letter queue is dropped, with a note', async () => {
    const { rule, put, pass, scene, notes } = stage();
    await rule('sold', sold, [{ Arn: queueArn('inbox') }]);
    scene.refuse = failing('AccessDenied', 403);
    const { Entries } = await put({ n: 1 });
    await pass(1000);
    expect(notes('DeliveryDropped')[0]!.input).toMatchObject({ eventId: Entries![0]!.EventId, code: 'NO_PERMISSIONS' });
  });

  test('for a moment is repeated with growing pauses, and succeeds', async () => {
    const { rule, put, pass, scene, cloud } = stage();
    await rule('sold', sold, [{ Arn: queueArn('inbox') }]);
    const attempts: number[] = [];
    const waiting: number[] = [];
    scene.refuse = () => {
      attempts.push(cloud.now());
      waiting.push(cloud.state<Events>('events', 'eu-west-1').retrying);
      if (attempts.length < 6) throw new ServiceError('ServiceUnavailable', 'later', { status: 503 });
    };
    await put({ n: 1 });
    await pass(500);
    const { retrying } = cloud.state<Events>('events', 'eu-west-1');
    await pass(HOUR);
    // Whoever waits for the end of it is told of one that is under way, from the first failure to the success.
    expect([retrying, cloud.state<Events>('events', 'eu-west-1').retrying, Math.max(...waiting)]).toEqual([1, 0, 0]);
    expect(scene.sent).toHaveLength(1);
    const pauses = attempts.slice(1).map((at, i) => at - attempts[i]!);
    for (const [i, pause] of pauses.entries()) {
      expect(pause).toBeGreaterThanOrEqual(750 * 2 ** i);
      expect(pause).toBeLessThanOrEqual(1000 * 2 ** i);
    }
  });

  test.each([
    [{ MaximumRetryAttempts: 3 }, 4, 'MaximumRetryAttempts'],
    [{ MaximumRetryAttempts: 0 }, 1, 'MaximumRetryAttempts'],
    [{ MaximumEventAgeInSeconds: 60 }, undefined, 'MaximumEventAgeInSeconds'],
    [undefined, 186, 'MaximumRetryAttempts'],
  ])(
    'for ever under the retry policy %j is given up after %s attempts for %s',
    async (RetryPolicy, attempts, condition) => {
      const { rule, put, pass, scene } = stage();
      const target = { Arn: queueArn('inbox'), DeadLetterConfig: { Arn: queueArn('lost') } };
      await rule('sold', sold, [RetryPolicy ? { ...target, RetryPolicy } : target]);
      let tries = 0;
      scene.refuse = (queue) => {
        if (queue !== 'inbox') return;
        tries++;
        throw new ServiceError('ThrottlingException', 'slow down', { status: 400 });
      };
      await put({ n: 1 });
      await pass(24 * HOUR);
      if (attempts !== undefined) expect(tries).toBe(attempts);
      expect(scene.sent).toHaveLength(1);
      expect(scene.sent[0]!.input.MessageAttributes).toMatchObject({
        ERROR_CODE: { StringValue: 'THROTTLING' },
        EXHAUSTED_RETRY_CONDITION: { StringValue: condition },
        RETRY_ATTEMPTS: { StringValue: String(tries - 1) },
      });
    },
  );

  test('whose dead-letter queue refuses is dropped, with a note of both errors', async () => {
    const { rule, put, pass, scene, notes } = stage();
    await rule('sold', sold, [{ Arn: queueArn('inbox'), DeadLetterConfig: { Arn: queueArn('lost.fifo') } }]);
    scene.refuse = (queue) => {
      failing('AccessDenied', 403)(queue);
      failing('MissingParameter', 400, 'lost.fifo')(queue);
    };
    await put({ n: 1 });
    await pass(1000);
    expect(notes('DeliveryDropped').map(({ input }) => input)).toMatchObject([
      {
        code: 'NO_PERMISSIONS',
        deadLetterQueue: queueArn('lost.fifo'),
        deadLetterError: expect.stringContaining('MissingParameter'),
      },
    ]);
  });

  test('whose dead-letter queue is busy waits for it', async () => {
    const { rule, put, pass, scene } = stage();
    await rule('sold', sold, [{ Arn: queueArn('inbox'), DeadLetterConfig: { Arn: queueArn('lost') } }]);
    let busy = 2;
    scene.refuse = (queue) => {
      failing('AccessDenied', 403)(queue);
      if (busy-- > 0) throw new ServiceError('ServiceUnavailable', 'later', { status: 503 });
    };
    await put({ n: 1 });
    await pass(60_000);
    expect(scene.sent.map(({ queue }) => queue)).toEqual(['lost']);
  });
});
