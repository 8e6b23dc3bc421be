import { describe, expect, test } from 'vitest';
import { queueArn, stage } from './stubs.ts';

/** What a queue receives of an event with this detail when its target has these members. */
async function received(target: object, detail: object = { command: 'sell', item: { id: 'x1', n: 2 } }) {
  const { rule, put, pass, scene, notes } = stage();
  await rule('sold', { source: ['shop'] }, [{ Arn: queueArn('inbox'), ...target }]);
  const { Entries } = await put(detail);
  await pass(1000);
  return {
    id: Entries![0]!.EventId,
    text: scene.sent[0]?.input.MessageBody as string | undefined,
    dropped: notes('DeliveryDropped').map(({ input }) => input.code),
  };
}

test('Input is what the target receives, whatever the event', async () => {
  expect((await received({ Input: '{"fixed": true}' })).text).toBe('{"fixed": true}');
});

test.each([
  ['$.detail', '{"command":"sell","item":{"id":"x1","n":2}}'],
  ['$.detail.item', '{"id":"x1","n":2}'],
  ['$.detail.item.id', '"x1"'],
  ["$['detail']['item'].n", '2'],
  ['$.detail-type', '"item.sold"'],
])('InputPath %s gives %s', async (InputPath, text) => {
  expect((await received({ InputPath })).text).toBe(text);
});

test('an InputPath that finds nothing delivers nothing', async () => {
  expect(await received({ InputPath: '$.detail.nothing' })).toMatchObject({
    text: undefined,
    dropped: ['INVALID_JSON'],
  });
});

describe('an InputTransformer', () => {
  const transformed = (InputTemplate: string, InputPathsMap: Record<string, string> = {}, detail?: object) =>
    received({ InputTransformer: { InputTemplate, InputPathsMap } }, detail);
  const paths = { type: '$.detail-type', command: '$.detail.command', item: '$.detail.item', none: '$.detail.none' };

  test.each([
    ['"Event of <type> with <command>"', '"Event of item.sold with sell"'],
    ['"Event with <none>"', '"Event with "'],
    ['{"type": <type>, "item": <item>}', '{"type": "item.sold", "item": {"id":"x1","n":2}}'],
    ['{"none": <none>}', '{"none": ""}'],
    ['{"text": "it was <command>, <command>!"}', '{"text": "it was sell, sell!"}'],
    ['{"text": "a \\"<command>\\" b"}', '{"text": "a \\"sell\\" b"}'],
    ['{"text": "item <item>"}', '{"text": "item {id:x1,n:2}"}'],
    ['"{[/odd start <type>"', '"{[/odd start item.sold"'],
  ])('makes of %s the text %s', async (template, text) => {
    expect((await transformed(template, paths)).text).toBe(text);
  });

  test('knows the rule and the event', async () => {
    const { text, id } = await transformed(
      '{"rule": <aws.events.rule-arn>, "name": "<aws.events.rule-name>", "at": <aws.events.event.ingestion-time>, "event": <aws.events.event>, "all": <aws.events.event.json>}',
    );
    const common = { version: '0', id, source: 'shop', account: '123456789012', region: 'eu-west-1', resources: [] };
    const time = '2026-01-05T08:00:00Z';
    expect(JSON.parse(text!)).toEqual({
      rule: 'arn:aws:events:eu-west-1:123456789012:rule/trade/sold',
      name: 'sold',
      at: time,
      event: { ...common, time, detailType: 'item.sold' },
      all: { ...common, time, 'detail-type': 'item.sold', detail: { command: 'sell', item: { id: 'x1', n: 2 } } },
    });
  });

  test('loses the events whose values break its JSON, and only those', async () => {
    const template = '{"text": "<command>"}';
    expect((await transformed(template, paths, { command: 'fine' })).text).toBe('{"text": "fine"}');
    const broken = await transformed(template, paths, { command: 'a "quoted" word' });
    expect(broken).toMatchObject({ text: undefined, dropped: ['INVALID_JSON'] });
  });

  test.each([
    ['"<unknown>"', {}, 'InputTemplate for target t0 contains invalid placeholder unknown.'],
    [
      '[<aws.events.event.json>]',
      {},
      'InputTemplate for target t0 contains placeholder aws.events.event.json valid only for JSON template.',
    ],
    ['"<a>"', { a: '$.detail[*]' }, 'Invalid InputPath for target t0.'],
    ['"<aws.x>"', { 'aws.x': '$.id' }, 'InputPathsMap for target t0 contains reserved key aws.x.'],
  ])('with the template %s and the paths %j is refused', async (template, map, message) => {
    await expect(transformed(template, map)).rejects.toMatchObject({ code: 'ValidationException', message });
  });
});

test('a target has one way of input at most', async () => {
  await expect(received({ Input: '{}', InputPath: '$.detail' })).rejects.toMatchObject({
    code: 'ValidationException',
    message: 'Only one of Input, InputPath, or InputTransformer must be provided for target t0.',
  });
});
