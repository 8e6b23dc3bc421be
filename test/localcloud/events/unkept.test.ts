/** What a bus cannot encrypt, and a dead-letter queue that is not there for it at once. */
import { expect, test } from 'vitest';
import type { BusEvent } from '../../../localcloud/events/state.ts';
import { putAside, putAsideAgain } from '../../../localcloud/events/unkept.ts';
import { ServiceError } from '../../../localcloud/service.ts';
import { createDice } from '../../../localcloud/world.ts';
import { queueArn } from './stubs.ts';

const bus = { name: 'trade', arn: 'arn:trade', deadLetterConfig: { Arn: queueArn('unkept') } } as any;
const event = { envelope: { id: 'e' } } as BusEvent;

/** Puts an event aside, with everything that follows, while the queue answers so the first times. */
function aside(error: ServiceError, times: number, deadLetters = bus) {
  const seen = { sent: 0, waits: [] as number[], notes: [] as string[] };
  const due: (readonly [when: number, input: any])[] = [];
  const context: any = {
    now: 0,
    endpoint: 'http://cloud',
    account: '1',
    dice: createDice('unkept'),
    call() {
      if (seen.waits.length < times) throw error;
      seen.sent++;
    },
    later: (when: number, step: string, input: object) => void (step === 'putAsideAgain' && due.push([when, input])),
    note: (name: string) => seen.notes.push(name),
  };
  putAside(deadLetters, event, { why: 'the key is disabled', context });
  for (let next = due.shift(); next; next = due.shift()) {
    seen.waits.push(next[0] - context.now);
    context.now = next[0];
    putAsideAgain(next[1], { buses: new Map([['trade', bus]]) } as any, context);
  }
  return seen;
}

const busy = new ServiceError('ServiceUnavailable', 'later', { status: 503 });

test('a queue that is busy is tried again, later each time', () => {
  const { sent, waits, notes } = aside(busy, 3);
  expect([sent, notes]).toEqual([1, ['EventDeadLettered']]);
  expect(waits).toHaveLength(3);
  expect(waits[2]).toBeGreaterThan(waits[0]!);
});

test('one that is busy for a day costs the event, with a note', () => {
  const { sent, notes } = aside(busy, Number.POSITIVE_INFINITY);
  expect([sent, notes]).toEqual([0, ['EventDropped']]);
});

test('one that refuses costs the event at once, and so does none', () => {
  const refusal = new ServiceError('AccessDenied', 'no', { status: 403 });
  expect(aside(refusal, Number.POSITIVE_INFINITY)).toMatchObject({ waits: [], notes: ['EventDropped'] });
  expect(aside(busy, 0, { ...bus, deadLetterConfig: undefined })).toMatchObject({ sent: 0, notes: ['EventDropped'] });
});
