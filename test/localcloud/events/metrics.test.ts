import { describe, expect, test } from 'vitest';
import { failing, queueArn, stage } from './stubs.ts';

const HOUR = 3_600_000;
const sold = { 'detail-type': ['item.sold'] };

describe('metrics', () => {
  test('are sent once a minute, by bus and rule, if there is something to say', async () => {
    const { rule, put, pass, scene } = stage();
    await rule('sold', sold, [
      { Arn: queueArn('inbox') },
      { Arn: queueArn('bad'), DeadLetterConfig: { Arn: queueArn('lost') } },
    ]);
    scene.refuse = failing('AccessDenied', 403, 'bad');
    await put({ n: 1 });
    await put({ n: 2 });
    await pass(60_000);
    expect(Object.fromEntries(scene.metrics.map(({ MetricName, Value }) => [MetricName, Value]))).toEqual({
      MatchedEvents: 2,
      Invocations: 4,
      FailedInvocations: 2,
      InvocationsSentToDlq: 2,
    });
    expect(scene.metrics.at(-1)).toMatchObject({
      Namespace: 'AWS/Events',
      Dimensions: [
        { Name: 'EventBusName', Value: 'trade' },
        { Name: 'RuleName', Value: 'sold' },
      ],
      Timestamp: new Date(Date.UTC(2026, 0, 5, 8)),
      Unit: 'Count',
    });
    const before = scene.metrics.length;
    await pass(HOUR);
    expect(scene.metrics).toHaveLength(before);
    await put({ n: 3 });
    await pass(60_000);
    expect(scene.metrics.slice(before)[0]).toMatchObject({ MetricName: 'MatchedEvents', Value: 1 });
  });

  test('tell that a dead-letter queue could not be reached', async () => {
    const { rule, put, pass, scene } = stage();
    await rule('sold', sold, [{ Arn: queueArn('bad'), DeadLetterConfig: { Arn: queueArn('bad') } }]);
    scene.refuse = failing('AccessDenied', 403, 'bad');
    await put({ n: 1 });
    await pass(60_000);
    expect(scene.metrics.map(({ MetricName }) => MetricName)).toContain('InvocationsFailedToBeSentToDlq');
  });
});
