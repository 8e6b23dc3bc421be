/** What operators set at a stage: refused where it cannot be, in the trail where it can, and there for whoever reads it. */
import { expect, it } from 'vitest';
import { DECLARED, names, SET } from '../../../lib/model/names.ts';
import { listAudit } from '../../../lib/operate/audit.ts';
import { resetSettings } from '../../../lib/operate/reset-settings.ts';
import { setSettings } from '../../../lib/operate/set-settings.ts';
import { showSettings } from '../../../lib/operate/show-settings.ts';
import { writePaused } from '../../../lib/operate/stored-settings.ts';
import { administrator } from '../../../localcloud/cloud.ts';
import type { Workbench } from '../runtime/workbench.ts';
import { deployment } from '../runtime/workbench.ts';
import { desk } from './desk.ts';
import { slowLambda } from './slow-lambda.ts';

const note = 'the night is loud';
const Name = `${names.settings(deployment, 'open')}/${SET}`;
const store = (bench: Workbench, action: string, input: object): Promise<any> =>
  bench.cloud.request({ service: 'ssm', action, region: 'eu-west-1', principal: administrator, input });
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
