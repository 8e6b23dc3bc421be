/** What the alarms said against what lay there. */
import { describe, expect, it } from 'vitest';
import { alarmClaims, fired, type Heard, unfounded, unheard } from '../../../bin/simulate/alarms.ts';

const MINUTE = 60_000;
const letter = {
  n: 1,
  at: 0,
  stage: 'bill',
  eventId: 'e',
  reason: 'rejected',
  detail: '',
  by: 'stage',
  messageId: 'm',
};

/** A history with this in it, and these changes of alarms; ten minutes long. */
const heard = (
  given: object,
  ...changes: readonly (readonly [at: number, alarm: string, to: 'ALARM' | 'OK'])[]
): Heard =>
  ({
    history: {
      pipeline: { name: 'bank', stages: [{ name: 'bill' }] },
      deadLettered: [],
      quarantined: [],
      sentBack: [],
      parked: [],
      ...given,
    },
    region: 'here',
    ringing: [],
    lines: [
      { n: 1, at: 0, action: 'SendMessage', input: {} },
      ...changes.map(([at, alarm, to], index) => ({
        n: 10 + index,
        at,
        action: 'AlarmChangedState',
        region: 'here',
        input: { alarm: `bank-dev-${alarm}`, to, reason: 'so' },
      })),
      { n: 90, at: 2 * MINUTE, action: 'MessageMoved', input: {} },
      { n: 99, at: 10 * MINUTE, action: 'Last', input: {} },
    ].map((line) => ({ region: 'here', ...line })),
  }) as unknown as Heard;

describe('an alarm must tell of what was given up', () => {
  it('within minutes', () => {
    expect(unheard(heard({ deadLettered: [letter] }))).toEqual([
      'bank-dev-bill-dead-letters was silent, though e lay there',
    ]);
    expect(unheard(heard({ deadLettered: [letter] }, [2 * MINUTE, 'bill-dead-letters', 'ALARM']))).toEqual([]);
    expect(unheard(heard({ deadLettered: [letter] }, [9 * MINUTE, 'bill-dead-letters', 'ALARM']))).toHaveLength(1);
    expect(unheard(heard({ deadLettered: [letter] }, [2 * MINUTE, 'quarantine', 'ALARM']))).toHaveLength(1);
  });

  it('unless it tells of another one already, or it was gone before anybody could look', () => {
    const later = { ...letter, at: 3 * MINUTE };
    expect(unheard(heard({ deadLettered: [later] }, [MINUTE, 'bill-dead-letters', 'ALARM']))).toEqual([]);
    expect(unheard(heard({ deadLettered: [letter], sentBack: [{ n: 90, at: 2 * MINUTE, messageId: 'm' }] }))).toEqual(
      [],
    );
  });

  it('each of its own queue', () => {
    const received = { ...letter, by: 'queue' };
    expect(unheard(heard({ deadLettered: [received] }))[0]).toContain('bill-inbox-dead-letters');
    expect(unheard(heard({ deadLettered: [{ ...received, receives: 5 }] }))[0]).toContain('bill-dead-letters');
    expect(unheard(heard({ quarantined: [letter] }))[0]).toContain('bank-dev-quarantine');
  });
});

describe('an alarm must tell of nothing else', () => {
  it('but of what lies there or lay there just now', () => {
    const alarm = [5 * MINUTE, 'bill-dead-letters', 'ALARM'] as const;
    expect(unfounded(heard({ deadLettered: [letter] }, alarm))).toEqual([]);
    expect(unfounded(heard({}, alarm))).toEqual(['bank-dev-bill-dead-letters fired, though nothing lay there']);
    expect(unfounded(heard({ deadLettered: [{ ...letter, at: 6 * MINUTE }] }, alarm))).toHaveLength(1);
    const late = [9 * MINUTE, 'bill-dead-letters', 'ALARM'] as const;
    expect(
      unfounded(heard({ deadLettered: [letter], sentBack: [{ n: 90, at: 2 * MINUTE, messageId: 'm' }] }, late)),
    ).toHaveLength(1);
  });

  it('and whoever watches other things is not asked', () => {
    expect(unfounded(heard({}, [MINUTE, 'bill-errors', 'ALARM']))).toEqual([]);
    expect(unfounded(heard({}, [MINUTE, 'bill-dead-letters', 'OK']))).toEqual([]);
  });
});

it('those that fired are listed with their reasons', () => {
  expect(fired(heard({}, [1, 'bill-age', 'ALARM'], [2, 'bill-age', 'OK']))).toEqual(['bank-dev-bill-age: so']);
});

describe('what the bus gave up', () => {
  const QueueUrl = 'http://q/1/bank-dev-undelivered';
  const givenUp = {
    ...{ n: 2, at: MINUTE, action: 'SendMessage' },
    ...{ input: { QueueUrl, MessageBody: JSON.stringify({ id: 'e' }) }, output: { MessageId: 'm' } },
  };
  const Messages = [{ MessageId: 'm', ReceiptHandle: 'r' }];
  const taken = (at: number) => [
    { n: 94, at, action: 'ReceiveMessage', input: { QueueUrl }, output: { Messages } },
    { n: 95, at, action: 'DeleteMessage', input: { QueueUrl, ReceiptHandle: 'r' } },
  ];
  const withLines = (one: Heard, ...more: readonly object[]): Heard => ({
    ...one,
    lines: [...one.lines, ...(more as Heard['lines']).map((line) => ({ ...line, region: 'here' }))].toSorted(
      (a, b) => a.at - b.at,
    ),
  });

  it('lies there until an operator takes it out', () => {
    expect(unheard(withLines(heard({}), givenUp))[0]).toContain('bank-dev-undelivered was silent');
    expect(unheard(withLines(heard({}), givenUp, ...taken(2 * MINUTE)))).toEqual([]);
    const alarm = [8 * MINUTE, 'undelivered', 'ALARM'] as const;
    // Another that comes later is another.
    const later = { ...givenUp, at: 9 * MINUTE, output: { MessageId: 'another' } };
    expect(unheard(withLines(heard({}), givenUp, ...taken(2 * MINUTE), later))).toEqual([]);
    expect(unfounded(withLines(heard({}, alarm), givenUp))).toEqual([]);
    expect(unfounded(withLines(heard({}, alarm), givenUp, ...taken(2 * MINUTE)))).toHaveLength(1);
  });
});

describe('alarms of another region', () => {
  it('tell of nothing here, though they bear the same names', () => {
    const elsewhere = (run: Heard): Heard => ({
      ...run,
      lines: run.lines.map((line) => (line.action === 'AlarmChangedState' ? { ...line, region: 'there' } : line)),
    });
    const told = heard({ deadLettered: [letter] }, [2 * MINUTE, 'bill-dead-letters', 'ALARM']);
    expect(unheard(told)).toEqual([]);
    expect(unheard(elsewhere(told))).toHaveLength(1);
    expect(unfounded(elsewhere(heard({}, [MINUTE, 'bill-dead-letters', 'ALARM'])))).toEqual([]);
  });
});

describe('a region that is lost', () => {
  const lostFor = (from: number, to: number, where = 'here') =>
    [
      { n: 3, at: from * MINUTE, service: 'regions', action: 'RegionLost', region: where, input: {} },
      { n: 96, at: to * MINUTE, service: 'regions', action: 'RegionReturned', region: where, input: {} },
    ] as unknown as Heard['lines'];
  const during = (one: Heard, lost: Heard['lines']): Heard => ({
    ...one,
    lines: [...one.lines, ...lost].toSorted((a, b) => a.at - b.at),
  });

  it('tells of nothing meanwhile, and of what lies there when it is back', () => {
    const silent = heard({ deadLettered: [letter] });
    expect(unheard(during(silent, lostFor(1, 7)))).toEqual([]);
    expect(unheard(during(silent, lostFor(1, 5)))).toHaveLength(1);
    expect(unheard(during(silent, lostFor(1, 7, 'there')))).toHaveLength(1);
    const late = heard({ deadLettered: [letter] }, [8 * MINUTE, 'bill-dead-letters', 'ALARM']);
    expect(unheard(during(late, lostFor(1, 5)))).toEqual([]);
  });

  it('may tell late of what is gone by now', () => {
    const late = heard({ deadLettered: [letter], sentBack: [{ n: 90, at: 2 * MINUTE, messageId: 'm' }] }, [
      9 * MINUTE,
      'bill-dead-letters',
      'ALARM',
    ]);
    expect(unfounded(late)).toHaveLength(1);
    expect(unfounded(during(late, lostFor(3, 8)))).toEqual([]);
  });
});

describe('what is asked of alarms', () => {
  const cases = (run: Heard) => Object.fromEntries(alarmClaims.map((one) => [one.name, one.cases(run)]));

  it('has something to look at where something lay there, or an alarm fired', () => {
    expect(cases(heard({}))).toEqual({ 'alarms-fire': 0, 'alarms-founded': 0, 'alarms-clear': 0 });
    const alarms = [
      [2 * MINUTE, 'bill-dead-letters', 'ALARM'],
      [3 * MINUTE, 'bill-errors', 'ALARM'],
    ] as const;
    expect(cases(heard({ deadLettered: [letter] }, ...alarms))).toEqual({
      'alarms-fire': 1,
      'alarms-founded': 1,
      'alarms-clear': 2,
    });
  });

  it('is that those end which tell of what is over', () => {
    const clear = alarmClaims.find(({ name }) => name === 'alarms-clear')!;
    expect(clear.violations(heard({}))).toEqual([]);
    expect(clear.violations({ ...heard({}), ringing: ['bank-dev-bill-errors'] })[0]).toContain(
      'bill-errors is on still',
    );
  });

  it('but not that of a region which parked what the other applied', () => {
    const clear = alarmClaims.find(({ name }) => name === 'alarms-clear')!;
    const here = { ...heard({ parked: [{ stage: 'bill', eventId: 'e' }] }), ringing: ['bank-dev-bill-parked'] };
    expect(clear.violations(here)).toHaveLength(1);
    expect(clear.violations({ ...here, elsewhere: new Set(['bill#other']) })).toHaveLength(1);
    expect(clear.violations({ ...here, elsewhere: new Set(['bill#e']) })).toEqual([]);
  });
});
