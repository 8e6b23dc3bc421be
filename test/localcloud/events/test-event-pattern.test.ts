import { describe, expect, test } from 'vitest';
import { stage } from './stubs.ts';

const pattern = JSON.stringify({ source: ['shop'] });
const refused = (code: string, message?: string) => (message === undefined ? { code } : { code, message });

describe('TestEventPattern', () => {
  const event = { id: '1', account: '1', source: 's', time: 't', region: 'r', resources: [], 'detail-type': 'd', n: 5 };

  test('says whether an event matches', async () => {
    const { call } = stage();
    const ask = (n: number) =>
      call('events', 'TestEventPattern', { EventPattern: JSON.stringify({ n: [n] }), Event: JSON.stringify(event) });
    expect([await ask(5), await ask(6)]).toEqual([{ Result: true }, { Result: false }]);
  });

  test.each(['text', '"text"', '{}', JSON.stringify({ ...event, source: undefined })])(
    'refuses the event %s',
    async (Event) => {
      const { call } = stage();
      await expect(call('events', 'TestEventPattern', { EventPattern: pattern, Event })).rejects.toMatchObject(
        refused('ValidationException', 'Parameter Event is not valid.'),
      );
    },
  );
});
