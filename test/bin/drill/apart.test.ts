/** What two regions decided apart: a violation where the second could know, and named where it could not. */
import { expect, it } from 'vitest';
import { decidedApart, leftUnlessApart, unlessApart } from '../../../bin/drill/apart.ts';
import { ACTIVE } from '../../../lib/model/authority.ts';
import { names } from '../../../lib/model/names.ts';
import type { Finding, History, Line } from '../../../lib/proof/index.ts';

const deployment = { pipeline: 'bank', environment: 'dev' };
const region = 'eu-central-1';

/** The second region may commit from 1000 on. */
const taken = {
  ...{ action: 'UpdateItem', region, at: 900 },
  input: { TableName: names.authority(deployment), Key: { id: { S: ACTIVE } } },
  output: { Attributes: { epoch: { N: '2' }, region: { S: region }, from: { N: '1000' } } },
};
const heard = (at: number, id = 'said', where = region) => ({
  ...{ action: 'SendMessage', region: where, at },
  input: {
    QueueUrl: `http://q/1/${names.testimony(deployment)}`,
    MessageBody: JSON.stringify({ detail: { id } }),
  },
});

const again = (more: object = {}) => ({ stage: 'bill', eventId: 'e', region, epoch: 2, saidFirst: ['said'], ...more });
const judge = (one: object, ...lines: readonly object[]) =>
  decidedApart({ committedAgain: [again(one)] } as unknown as History, {
    lines: [taken, ...lines] as unknown as Line[],
    deployment,
  });
const differs = 'said this and that';

it('what lay where the hand-over looks before the region began must be said again', () => {
  const { outcome, cases } = judge({ differs }, heard(999));
  expect([outcome.holds, cases]).toEqual([false, []]);
  expect(outcome.violations[0]).toContain('bill#e was committed in eu-central-1 as well: said this and that');
});

it.each([
  ['nothing of it came', []],
  ['it came when the region had begun', [heard(1000)]],
  ['something else came', [heard(999, 'other')]],
  ['it came elsewhere', [heard(999, 'said', 'eu-west-1')]],
])('%s: nobody could know', (_, lines) => {
  const { outcome, cases } = judge({ differs }, ...lines);
  expect(outcome.holds).toBe(true);
  expect(cases).toEqual([expect.stringContaining('bill#e was decided anew in eu-central-1, which could not know')]);
});

it('writes that do not stand are named, and one outcome is none', () => {
  expect(judge({ unknown: 'writes' }).cases).toEqual([expect.stringContaining('and not what it wrote')]);
  expect(judge({}, heard(999))).toMatchObject({ outcome: { holds: true }, cases: [] });
});

it('where something was decided apart the laws are not judged, and nobody waits for its dead letters', () => {
  const law = { name: 'money', claim: '', cases: 1, violations: ['one too many'], holds: false } as Finding;
  const left = ['a dead letter of bill#e', 'bill#f has not ended'];
  const apart = judge({ differs });
  expect([unlessApart([law], apart)[0]!.holds, leftUnlessApart(left, apart.cases)]).toEqual(['unknown', [left[1]]]);
  const none = judge({});
  expect([unlessApart([law], none)[0]!.holds, leftUnlessApart(left, none.cases)]).toEqual([false, left]);
});
