/** From when on a hand-over replays, as one knows it from the authority and from what waits. */
import { describe, expect, it } from 'vitest';
import { ARCHIVE_DAYS_MAX } from '../../../lib/model/retention.ts';
import type { HeldAuthority } from '../../../lib/operate/authority.ts';
import type { Target } from '../../../lib/operate/target.ts';
import {
  askBacklog,
  backlogOf,
  owedSince,
  replayFrom,
  tellBacklog,
  unheardSince,
  unheardStill,
} from '../../../lib/operate/unheard.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const now = Date.parse('2026-03-02T12:00:00Z');

const held = (of: Partial<HeldAuthority> = {}): HeldAuthority => ({
  ...{ region: 'eu-west-1', home: 'eu-west-1', epoch: 1, from: now - DAY, since: now - DAY },
  ...{ until: now + 30_000, before: undefined, by: undefined, arrived: undefined },
  ...{ started: undefined, stopped: undefined, unheard: undefined, replayed: undefined },
  ...of,
});
const answers = { reachable: true, stopped: undefined, now };

describe('an authority that is about to be taken', () => {
  it('owes nothing older than now, where the region before has run until now', () => {
    expect(unheardSince(held(), answers)).toBe(now);
  });

  it('owes what came since the region was stopped', () => {
    expect(unheardSince(held(), { ...answers, stopped: now - 3 * HOUR })).toBe(now - 3 * HOUR);
  });

  it('owes what came since the region was lost, as the end of its lease tells; without a lease nobody knows', () => {
    const lost = { ...answers, reachable: false };
    expect(unheardSince(held({ until: now - 3 * HOUR }), lost)).toBe(now - 3 * HOUR - MINUTE);
    expect(unheardSince(held({ until: undefined }), lost)).toBe(now);
    // One that answers may have had nothing to do.
    expect(unheardSince(held({ until: now - 3 * HOUR }), answers)).toBe(now);
  });

  it('owes what the hand-over before has not replayed', () => {
    const after = { epoch: 2, before: 'eu-central-1', unheard: now - 5 * HOUR, started: now - HOUR };
    expect(unheardSince(held(after), answers)).toBe(now - 5 * HOUR);
    expect(unheardSince(held({ ...after, replayed: 2 }), answers)).toBe(now);
    expect(owedSince(held({ ...after, replayed: 1 }))).toBe(now - 5 * HOUR);
  });

  it('taken by an older version, which noted none of it, owes it where its rules were never on', () => {
    const older = { epoch: 2, before: 'eu-central-1', since: now - 4 * HOUR };
    expect(unheardSince(held(older), answers)).toBe(now - 4 * HOUR);
    expect(unheardSince(held({ ...older, started: now - HOUR }), answers)).toBe(now);
  });

  it('never owes what is older than an archive may be: records forget', () => {
    expect(unheardSince(held(), { ...answers, stopped: now - 100 * DAY })).toBe(now - ARCHIVE_DAYS_MAX * DAY);
    expect(unheardStill(held({ unheard: now - 100 * DAY }), { backlog: undefined, unknown: undefined, now })).toBe(
      now - ARCHIVE_DAYS_MAX * DAY,
    );
  });
});

describe('one that has been taken', () => {
  const asked = (since: number) => ({ backlog: { messages: 1, since, told: true }, unknown: undefined, now });

  it('owes more where something waits in the region before that came earlier, by more than one look differs from the next', () => {
    const taken = held({ unheard: now - HOUR });
    expect(unheardStill(taken, asked(now - 5 * HOUR))).toBe(now - 5 * HOUR);
    expect(unheardStill(taken, asked(now - HOUR - 5 * MINUTE))).toBe(now - HOUR);
    expect(unheardStill(taken, asked(now))).toBe(now - HOUR);
  });

  it('by an older version, owes what came since', () => {
    expect(unheardStill(held({ since: now - 2 * HOUR }), asked(now))).toBe(now - 2 * HOUR);
  });

  it('replays from an hour before', () => {
    expect(replayFrom(now)).toBe('2026-03-02T11:00:00.000Z');
  });
});

describe('what waits', () => {
  /** A region of two stages, of which the queues hold so much, and CloudWatch says so much. */
  const region = (waiting: number, ages: readonly (number | undefined)[] | undefined) =>
    ({
      region: 'eu-west-1',
      pipeline: { name: 'bank', stages: [{ name: 'one' }, { name: 'two' }] },
      deployment: { pipeline: 'bank', environment: 'dev' },
      sqs: {
        send: async ({ input: { QueueName, QueueUrl } }: any) => ({
          QueueUrl: QueueName,
          Attributes: { ApproximateNumberOfMessages: QueueUrl === 'bank-dev-two.fifo' ? String(waiting) : '0' },
        }),
      },
      cloudwatch: {
        send: async () => {
          if (!ages) throw new Error('CloudWatch is out of order');
          const MetricDataResults = ages.map((age, index) => ({
            Id: `q${index}`,
            Values: age === undefined ? [] : [age],
          }));
          return { MetricDataResults };
        },
      },
    }) as unknown as Target;

  it('is as old as the oldest of all queues', async () => {
    const backlog = await backlogOf(region(3, [0, 0, 7200, 60]), now);
    expect(backlog).toEqual({ messages: 3, since: now - 2 * HOUR, told: true });
  });

  it('is as old as can be where something waits and CloudWatch does not know of it, or does not answer', async () => {
    const unknown = { messages: 3, since: now - ARCHIVE_DAYS_MAX * DAY, told: false };
    expect(await backlogOf(region(3, [0, 0]), now)).toEqual(unknown);
    expect(await backlogOf(region(3, undefined), now)).toEqual(unknown);
    expect(await backlogOf(region(0, undefined), now)).toEqual({ messages: 0, since: now, told: true });
  });

  it('is told, or that it is not known', async () => {
    const tell = async (target: Target, options: object = {}) =>
      tellBacklog('eu-west-1', await askBacklog(target, { here: {}, by: undefined, now, ...options }), 'then');
    expect(await tell(region(0, []))).toBe('nothing waits in eu-west-1; replayed is what came since then');
    expect(await tell(region(1, [0, 0, 60]))).toBe(
      '1 message waits in eu-west-1, the oldest since about 2026-03-02T11:59:00.000Z; replayed is what came since then',
    );
    expect(await tell(region(2, undefined))).toMatch(/^2 messages wait in eu-west-1, for how long is not known; /);
    expect(await tell(region(2, []), { here: undefined })).toMatch(/not known: eu-west-1 cannot be asked; .* --since$/);
    expect(await tell(region(2, []), { by: 'alarm' })).toMatch(/not known: an alarm does not ask; /);
    expect(await tell({ ...region(0, []), sqs: { send: () => Promise.reject(new Error('denied')) } } as any)).toMatch(
      /not known: denied; /,
    );
  });
});
