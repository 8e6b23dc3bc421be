/** What operators set at a stage: refused where it cannot be, in the trail where it can, and there for whoever reads it. */
import { expect, it } from 'vitest';
import { DECLARED, names, SET } from '../../../lib/model/names.ts';
import { listAudit } from '../../../lib/operate/audit.ts';
import { targetIn } from '../../../lib/operate/authority.ts';
import { carrySettings } from '../../../lib/operate/carry-settings.ts';
import { resetSettings } from '../../../lib/operate/reset-settings.ts';
import { setSettings } from '../../../lib/operate/set-settings.ts';
import { showSettings } from '../../../lib/operate/show-settings.ts';
import { writePaused } from '../../../lib/operate/stored-settings.ts';
import { createTarget, type Target } from '../../../lib/operate/target.ts';
import { administrator } from '../../../localcloud/cloud.ts';
import { ServiceError } from '../../../localcloud/service.ts';
import type { Workbench } from '../runtime/workbench.ts';
import { deployment } from '../runtime/workbench.ts';
import { bank, type Desk, desk } from './desk.ts';
import { slowLambda } from './slow-lambda.ts';

const note = 'the night is loud';
const Name = `${names.settings(deployment, 'open')}/${SET}`;
const store = (bench: Workbench, action: string, input: object, region = 'eu-west-1'): Promise<any> =>
  bench.cloud.request({ service: 'ssm', action, region, principal: administrator, input });
const stored = async (bench: Workbench): Promise<unknown> =>
  JSON.parse((await store(bench, 'GetParameter', { Name })).Parameter.Value);
const atDesk = () => desk({ services: [slowLambda(1).service] });

it('what is set is stored beside what was set before, shown, and in the trail', async () => {
  const { target, bench } = await atDesk();
  await setSettings(target, { stage: 'open', said: { 'log.level': 'WARN' } }, { note });
  const second = await setSettings(target, { stage: 'open', said: { 'log.sampling': 0.1 } }, { note });
  expect(second).toEqual({
    stage: 'open',
    changes: [{ setting: 'log.sampling', before: undefined, after: 0.1 }],
    overtook: false,
    elsewhere: [],
  });
  expect(await stored(bench)).toEqual({ 'log.level': 'WARN', 'log.sampling': 0.1 });
  const [shown] = await showSettings(target, 'open');
  expect(shown!.settings.map(({ name, declared, set }) => [name, declared, set])).toEqual([
    ['paused', false, undefined],
    ['log.level', 'INFO', 'WARN'],
    ['log.sampling', 0, 0.1],
  ]);
  expect(shown!.version).toBe(2);
  expect(await listAudit(target)).toMatchObject([
    { what: 'config set', why: note, on: { stage: 'open' }, result: 'log.level – → WARN' },
    { what: 'config set', why: note, on: { stage: 'open' }, result: 'log.sampling – → 0.1' },
  ]);
});

it.each([
  [{ 'log.level': 'LOUD' }, 'log.level is "LOUD"; allowed are DEBUG, INFO, WARN, ERROR'],
  [{ 'log.sampling': 2 }, 'log.sampling is 2; allowed are numbers from 0 to 1'],
  [{ 'log.volume': 2 }, 'log.volume is no setting of open; settings are paused, log.level, log.sampling'],
  [{ paused: true, 'log.level': 'WARN' }, 'paused goes by itself'],
])('%j is refused, and nothing is written', async (said, told) => {
  const { target, bench } = await atDesk();
  await expect(setSettings(target, { stage: 'open', said }, { note })).rejects.toThrow(told);
  expect(bench.calls('ssm', 'PutParameter').filter((input) => input.Name === Name)).toEqual([]);
  expect(await listAudit(target)).toEqual([]);
});

it('nothing is set without a reason, in a dry run, or where no such stage is deployed', async () => {
  const { target, bench } = await atDesk();
  const said = { 'log.level': 'WARN' };
  await expect(setSettings(target, { stage: 'open', said }, { note: undefined })).rejects.toThrow('say why');
  await expect(setSettings(target, { stage: 'shut', said }, { note })).rejects.toThrow('stages are open, close');
  await expect(setSettings(target, { stage: 'close', said }, { note })).rejects.toThrow('is bank-test deployed there?');
  const dry = await setSettings(target, { stage: 'open', said }, { note: undefined, dryRun: true });
  expect(dry.changes).toEqual([{ setting: 'log.level', before: undefined, after: 'WARN' }]);
  expect(bench.calls('ssm', 'PutParameter').filter((input) => input.Name === Name)).toEqual([]);
});

it('what is reset is as declared; the pause stays, for it is the event source’s', async () => {
  const { target, bench } = await atDesk();
  await setSettings(target, { stage: 'open', said: { 'log.level': 'WARN', 'log.sampling': 0.1 } }, { note });
  await resetSettings(target, { stage: 'open', settings: ['log.level'] }, { note });
  expect(await stored(bench)).toEqual({ 'log.sampling': 0.1 });
  await writePaused(target, 'open', true);
  const all = await resetSettings(target, { stage: 'open', settings: [] }, { note });
  expect(all).toMatchObject({ staysPaused: true, changes: [{ setting: 'log.sampling', after: undefined }] });
  expect(await stored(bench)).toEqual({ paused: true });
  await writePaused(target, 'open', false);
  await expect(stored(bench)).rejects.toThrow('not found');
  await expect(resetSettings(target, { stage: 'open', settings: ['volume'] }, { note })).rejects.toThrow(
    'open has no setting volume; settings are',
  );
});

it('what somebody wrote by hand and cannot be is shown, and gone with the next change', async () => {
  const { target, bench } = await atDesk();
  const Value = '{"log.level":"LOUD","log.sampling":0.5,"volume":11}';
  await store(bench, 'PutParameter', { Name, Type: 'String', Value });
  const [shown] = await showSettings(target, 'open');
  expect(shown!.problems).toEqual([
    'refused by whoever reads it: log.level is "LOUD"; allowed are DEBUG, INFO, WARN, ERROR',
    'refused by whoever reads it: volume is no setting of open',
  ]);
  await setSettings(target, { stage: 'open', said: { 'log.level': 'WARN' } }, { note });
  expect(await stored(bench)).toEqual({ 'log.level': 'WARN', 'log.sampling': 0.5 });
});

it('where the deployment is of other code than is at hand, that is told', async () => {
  const { target, bench } = await atDesk();
  const declared = { Name: `${names.settings(deployment, 'open')}/${DECLARED}`, Overwrite: true };
  const Value = '{"paused":false,"log.level":"WARN","log.sampling":0}';
  await store(bench, 'PutParameter', { ...declared, Value });
  const [shown] = await showSettings(target, 'open');
  expect(shown!.problems).toEqual(['what is deployed declares log.level as WARN, your code INFO']);
  expect((await showSettings(target))[1]).toMatchObject({
    stage: 'close',
    deployed: false,
    problems: ['not deployed in eu-west-1'],
  });
});

it('two who set at the same time are told', async () => {
  const { target, bench } = await atDesk();
  await setSettings(target, { stage: 'open', said: { 'log.level': 'WARN' } }, { note });
  let done = false;
  bench.faults.before = ({ service, action }) => {
    if (service !== 'ssm' || action !== 'PutParameter' || done) return;
    done = true;
    void store(bench, 'PutParameter', { Name, Value: '{"log.sampling":1}', Overwrite: true });
  };
  const second = await setSettings(target, { stage: 'open', said: { 'log.level': 'ERROR' } }, { note });
  expect(second.overtook).toBe(true);
  expect((await listAudit(target)).at(-1)!.result).toContain('somebody else wrote at the same time');
});

/** The same pipeline in another region, with its first stage deployed. */
async function otherRegion({ bench, target }: Desk): Promise<Target> {
  const declared = { Name: `${names.settings(deployment, 'open')}/${DECLARED}`, Type: 'String', Value: '{}' };
  await store(bench, 'PutParameter', declared, 'eu-central-1');
  return targetIn(target, 'eu-central-1');
}
const storedThere = async (bench: Workbench): Promise<unknown> =>
  JSON.parse((await store(bench, 'GetParameter', { Name }, 'eu-central-1')).Parameter.Value);

it('what is set or reset is so in the other region too, where what is set besides stays', async () => {
  const atIt = await atDesk();
  const { target, bench } = atIt;
  const other = await otherRegion(atIt);
  await store(bench, 'PutParameter', { Name, Type: 'String', Value: '{"log.sampling":1}' }, 'eu-central-1');
  const set = await setSettings(target, { stage: 'open', said: { 'log.level': 'WARN' } }, { note, alsoIn: [other] });
  expect(set.elsewhere).toEqual([{ region: 'eu-central-1', undone: undefined }]);
  expect([await stored(bench), await storedThere(bench)]).toEqual([
    { 'log.level': 'WARN' },
    { 'log.level': 'WARN', 'log.sampling': 1 },
  ]);
  expect((await listAudit(target)).at(-1)!.result).toBe('log.level – → WARN; also in eu-central-1');
  await resetSettings(target, { stage: 'open', settings: ['log.level'] }, { note, alsoIn: [other] });
  expect(await storedThere(bench)).toEqual({ 'log.sampling': 1 });
});

it('where the other region could not be reached, that is told, and the same command writes it later', async () => {
  const atIt = await atDesk();
  const { target, bench } = atIt;
  const other = await otherRegion(atIt);
  const lost = createTarget({ pipeline: bank, deployment, region: other.region, endpoint: 'http://127.0.0.1:1' });
  const said = { stage: 'open', said: { 'log.level': 'WARN' } };
  const undone = 'it cannot be reached';
  const first = await setSettings(target, said, { note, alsoIn: [lost] });
  expect(first.elsewhere).toEqual([{ region: 'eu-central-1', undone }]);
  expect(await stored(bench)).toEqual({ 'log.level': 'WARN' });
  expect((await listAudit(target)).at(-1)!.result).toContain(`not in eu-central-1: ${undone}`);
  await setSettings(target, said, { note, alsoIn: [other] });
  expect(await storedThere(bench)).toEqual({ 'log.level': 'WARN' });
  const entries = (await listAudit(target)).length;
  await setSettings(target, said, { note, alsoIn: [other] });
  expect(await listAudit(target)).toHaveLength(entries);
});

it('where the stage is not deployed in the other region, or it refuses, the reason is told', async () => {
  const { target, bench } = await atDesk();
  const other = targetIn(target, 'eu-central-1');
  const said = { stage: 'open', said: { 'log.level': 'WARN' } };
  const { elsewhere } = await setSettings(target, said, { note, alsoIn: [other] });
  expect(elsewhere[0]!.undone).toMatch(/in eu-central-1; is bank-test deployed there\?/);
  expect(await stored(bench)).toEqual({ 'log.level': 'WARN' });
});

it('a hand-over takes along what is set, and says beforehand what that is', async () => {
  const atIt = await atDesk();
  const { target: from, bench } = atIt;
  const to = await otherRegion(atIt);
  await setSettings(from, { stage: 'open', said: { 'log.level': 'WARN' } }, { note });
  await store(bench, 'PutParameter', { Name, Type: 'String', Value: '{"log.sampling":1}' }, 'eu-central-1');
  const foretold = await carrySettings({ from, to, reachable: true }, { dryRun: true });
  expect(foretold.detail).toBe('as in eu-west-1: open log.sampling 1 → –, log.level – → WARN');
  expect(await storedThere(bench)).toEqual({ 'log.sampling': 1 });
  expect(await carrySettings({ from, to, reachable: true }, { dryRun: false })).toEqual(foretold);
  expect(await storedThere(bench)).toEqual({ 'log.level': 'WARN' });
  expect((await carrySettings({ from, to, reachable: true }, { dryRun: false })).detail).toBe(
    'what is set in eu-west-1 is set in eu-central-1',
  );
});

it('a hand-over does not wait for settings: what cannot be taken along is told', async () => {
  const atIt = await atDesk();
  const { target, bench } = atIt;
  const to = await otherRegion(atIt);
  const lost = createTarget({ pipeline: bank, deployment, region: 'eu-west-1', endpoint: 'http://127.0.0.1:1' });
  expect(await carrySettings({ from: lost, to, reachable: true }, { dryRun: false })).toEqual({
    done: true,
    detail: 'eu-west-1 cannot be asked what is set; what is set in eu-central-1 holds',
  });
  await setSettings(target, { stage: 'open', said: { 'log.level': 'WARN' } }, { note });
  bench.faults.before = ({ service, action }) => {
    if (service === 'ssm' && action === 'PutParameter') throw new ServiceError('AccessDeniedException', 'not you');
  };
  const { done, detail } = await carrySettings({ from: target, to, reachable: true }, { dryRun: false });
  expect([done, detail]).toEqual([
    false,
    expect.stringMatching(/not you; compare with config show --region eu-west-1/),
  ]);
});
