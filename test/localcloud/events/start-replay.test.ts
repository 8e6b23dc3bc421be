import { describe, expect, test } from 'vitest';
import { archiveArn, busArn, MORNING, queueArn, withArchive } from './stubs.ts';

const MINUTE = 60_000;

describe('a replay', () => {
  test('sends the events of its time again, marked, through the rules; and goes from STARTING to COMPLETED', async () => {
    const { put, pass, replay, replayed, describe, call } = await withArchive();
    const { Entries } = await put({ n: 1 });
    await put({ n: 2 }, { Time: new Date(MORNING - MINUTE) });
    await pass(10 * MINUTE);
    const begun = { ReplayStartTime: new Date(MORNING + 10 * MINUTE) };
    expect(await replay({ Description: 'd' })).toEqual({
      ReplayArn: 'arn:aws:events:eu-west-1:123456789012:replay/again',
      State: 'STARTING',
      ...begun,
    });
    await pass(10_000);
    expect(replayed().map(({ body }) => body)).toEqual([
      expect.objectContaining({
        id: expect.not.stringMatching(Entries![0]!.EventId!),
        'replay-name': 'again',
        detail: { n: 1 },
        time: '2026-01-05T08:00:00Z',
      }),
    ]);
    expect(await describe()).toMatchObject({
      State: 'COMPLETED',
      Description: 'd',
      Destination: { Arn: busArn('trade') },
      EventLastReplayedTime: new Date(MORNING),
      ReplayEndTime: expect.any(Date),
      ...begun,
    });
    expect((await call('events', 'ListReplays', { State: 'COMPLETED' })).Replays).toMatchObject([
      { ReplayName: 'again' },
    ]);
    await pass(10 * MINUTE);
    expect(await call('events', 'DescribeArchive', { ArchiveName: 'kept' })).toMatchObject({ EventCount: 2 });
  });

  test('does not see what has not arrived in the archive', async () => {
    const { put, pass, replay, replayed } = await withArchive();
    for (let n = 0; n < 50; n++) await put({ n });
    await replay({ ReplayName: 'early' });
    await pass(MINUTE);
    const early = replayed().length;
    expect(early).toBeLessThan(10);
    await pass(10 * MINUTE);
    await replay({ ReplayName: 'late' });
    await pass(MINUTE);
    expect(replayed().length - early).toBe(50);
  });

  test('goes minute by minute, within a minute in any order', async () => {
    const { put, pass, replay, replayed } = await withArchive();
    for (let n = 0; n < 30; n++) await put({ n }, { Time: new Date(MORNING + (2 - (n % 3)) * MINUTE) });
    await pass(15 * MINUTE);
    await replay();
    await pass(MINUTE);
    const order = replayed().map(({ body }) => body.detail.n as number);
    const minutes = order.map((n) => 2 - (n % 3));
    expect(minutes).toEqual([...minutes].sort());
    const firstMinute = order.filter((n) => n % 3 === 2);
    expect(firstMinute).not.toEqual([...firstMinute].sort((a, b) => a - b));
    expect([...order].sort((a, b) => a - b)).toEqual([...Array(30).keys()]);
  });

  test('reaches only the rules that it names, and no rule that looks for its mark', async () => {
    const { put, pass, replay, scene, rule } = await withArchive();
    await rule('also', { source: ['shop'] }, [{ Arn: queueArn('second') }]);
    await rule('live', { source: ['shop'], 'replay-name': [{ exists: false }] }, [{ Arn: queueArn('live') }]);
    await put({ n: 1 });
    await pass(10 * MINUTE);
    scene.sent.length = 0;
    await replay({ ReplayName: 'all' });
    await pass(MINUTE);
    expect(scene.sent.map(({ queue }) => queue).sort()).toEqual(['inbox', 'second']);
    scene.sent.length = 0;
    const FilterArns = ['arn:aws:events:eu-west-1:123456789012:rule/trade/also'];
    await replay({ ReplayName: 'some', Destination: { Arn: busArn('trade'), FilterArns } });
    await pass(MINUTE);
    expect(scene.sent.map(({ queue }) => queue)).toEqual(['second']);
  });

  test('can be cancelled until it is over', async () => {
    const { put, pass, replay, replayed, describe, call } = await withArchive();
    await put({ n: 1 });
    await pass(10 * MINUTE);
    await replay();
    expect(await call('events', 'CancelReplay', { ReplayName: 'again' })).toMatchObject({ State: 'CANCELLING' });
    await pass(MINUTE);
    expect(await describe()).toMatchObject({ State: 'CANCELLED' });
    expect(replayed()).toEqual([]);
    await expect(call('events', 'CancelReplay', { ReplayName: 'again' })).rejects.toMatchObject({
      code: 'IllegalStatusException',
    });
  });

  test.each([
    [
      { EventSourceArn: `${archiveArn}x` },
      'ValidationException',
      'Parameter EventSourceArn is not valid. Reason: Archive keptx does not exist.',
    ],
    [{ Destination: { Arn: busArn('none') } }, 'ResourceNotFoundException', 'Event bus none does not exist.'],
    [
      { Destination: { Arn: busArn('default') } },
      'ValidationException',
      'Parameter Destination.Arn is not valid. Reason: Cross event bus replay is not permitted.',
    ],
    [
      { EventEndTime: new Date(MORNING) },
      'ValidationException',
      'Parameter EventEndTime is not valid. Reason: EventStartTime must be before EventEndTime.',
    ],
  ])('with %j is refused', async (input, code, message) => {
    const { replay } = await withArchive();
    await expect(replay(input)).rejects.toMatchObject({ code, message });
  });

  test('has a name of its own, and is one of ten at a time', async () => {
    const { replay } = await withArchive();
    for (let n = 0; n < 10; n++) await replay({ ReplayName: `r${n}` });
    await expect(replay({ ReplayName: 'r0' })).rejects.toMatchObject({
      code: 'ResourceAlreadyExistsException',
      message: 'Replay r0 already exists.',
    });
    await expect(replay()).rejects.toMatchObject({ code: 'LimitExceededException' });
  });
});
