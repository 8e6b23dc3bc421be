import { expect, it } from 'vitest';
import { fatesOf } from '../../../bin/simulate/fates.ts';
import type { History } from '../../../lib/proof/index.ts';

const opened = { type: 'account.opened' };
const history = (more: object) =>
  ({
    pipeline: {
      stages: [
        { name: 'verify', accepts: [opened] },
        { name: 'greet', accepts: [opened] },
      ],
    },
    said: [{ id: 'e', detailType: 'account.opened' }],
    commits: [],
    deadLettered: [],
    quarantined: [],
    parked: [],
    sentBack: [],
    ...more,
  }) as unknown as History;

const ends = (more: object) => fatesOf(history(more))[0]!.ends;
const at = (stage: string, more: object = {}) => ({ stage, eventId: 'e', messageId: 'm', ...more });

it('an event has a fate at each stage that accepts it', () => {
  const commits = [at('verify')];
  expect(ends({ commits })).toEqual([
    ['verify', 'completed'],
    ['greet', 'never ended'],
  ]);
  expect(ends({ commits: [...commits, at('verify')] })[0]).toEqual(['verify', 'completed 2 times']);
});

it('a refusal is told by its letter, unless that was sent back', () => {
  const refused = {
    commits: [at('verify', { failure: {} })],
    deadLettered: [at('verify', { by: 'stage', reason: 'no' })],
  };
  expect(ends(refused)[0]).toEqual(['verify', 'dead-lettered (no)']);
  expect(ends({ ...refused, sentBack: [{ messageId: 'm' }] })[0]).toEqual(['verify', 'never ended']);
  expect(ends({ quarantined: [at('greet', { by: 'sequencer', reason: 'schema' })] })[1]).toEqual([
    'greet',
    'quarantined (schema)',
  ]);
});

it('what waits for its predecessor is parked', () => {
  expect(ends({ parked: [at('verify')] })[0]).toEqual(['verify', 'parked']);
});

it('what nobody accepts has none, and what is said twice is one event', () => {
  const said = [
    { id: 'x', detailType: 'other' },
    { id: 'x', detailType: 'other' },
  ];
  expect(fatesOf(history({ said }))).toEqual([{ eventId: 'x', type: 'other', ends: [] }]);
});
