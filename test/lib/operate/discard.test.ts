/** What is taken away is written down first, whole. */
import { beforeEach, expect, it } from 'vitest';
import { listAudit } from '../../../lib/operate/audit.ts';
import { type DiscardOptions, discard } from '../../../lib/operate/discard.ts';
import { boxesOf } from '../../../lib/operate/letters.ts';
import { lost } from '../runtime/workbench.ts';
import { accountEvent, type Desk, deadLetters, desk } from './desk.ts';

let at: Desk;
beforeEach(async () => {
  at = await desk();
});

const takeAway = (options: Partial<DiscardOptions> = {}) =>
  discard(at.target, boxesOf(at.target, 'dead-letters', 'open'), {
    what: 'dlq discard',
    note: 'a test account',
    patience: 0,
    selection: {},
    ...options,
  });

it('a discarded letter is in the audit trail, with its body', async () => {
  const messageId = await at.giveUp(accountEvent('1'));
  expect((await takeAway()).discarded).toMatchObject([{ eventId: '1' }]);
  expect(await at.depth(deadLetters)).toBe(0);
  expect(await listAudit(at.target)).toMatchObject([
    {
      what: 'dlq discard',
      why: 'a test account',
      result: 'discarded',
      on: {
        ...{ messageId, stage: 'open', entity: 'a', reason: 'rejected' },
        attributes: { redrive: '1' },
        body: JSON.stringify(accountEvent('1')),
      },
    },
  ]);
});

it('what cannot be written down is not deleted', async () => {
  await at.giveUp(accountEvent('1'));
  at.bench.faults.before = ({ action }) => {
    if (action === 'PutItem') throw lost();
  };
  expect((await takeAway()).failed).toMatchObject([{ letter: { eventId: '1' } }]);
  expect(await at.depth(deadLetters)).toBe(1);
});

it('what cannot be deleted is not said to be', async () => {
  await at.giveUp(accountEvent('1'));
  at.bench.faults.before = ({ action }) => {
    if (action === 'DeleteMessage') throw lost();
  };
  expect((await takeAway()).failed).toHaveLength(1);
  expect((await listAudit(at.target))[0]!.result).toContain('not discarded');
});

it('a body that fits into no item is kept in parts', async () => {
  const body = JSON.stringify({ junk: 'é'.repeat(400_000) });
  await at.put(deadLetters, body, { group: 'a' });
  await takeAway();
  const [entry] = await listAudit(at.target);
  expect(entry!.on).toMatchObject({ bodyParts: 3 });
  const records = await at.bench.items('records');
  const parts = [1, 2, 3].map((part) => Buffer.from(records[`${entry!.id} part ${part}`].body.B, 'base64'));
  expect(Buffer.concat(parts).toString()).toBe(body);
});

it('a dry run takes nothing away; without a reason nothing is done', async () => {
  await at.giveUp(accountEvent('1'));
  expect((await takeAway({ dryRun: true, note: undefined })).discarded).toHaveLength(1);
  await expect(takeAway({ note: undefined })).rejects.toThrow('say why with --note');
  expect(await at.depth(deadLetters)).toBe(1);
  expect(await listAudit(at.target)).toEqual([]);
});
