/**
 * A region that is lost, and the other taking over by itself: the very functions and roles of the failover stack, on the
 * virtual cloud. What the local cloud does not have of that stack, the call by the alarm among it, is made by the test.
 * Nothing here names the sample.
 */
import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { pipeline, sample } from '../../bin/domain.ts';
import { deploymentOf } from '../../bin/start/live.ts';
import { type Prepared, prepare } from '../../bin/start/prepare.ts';
import { createSteps } from '../../bin/start/steps.ts';
import { ACTIVE } from '../../lib/model/authority.ts';
import { canarySource } from '../../lib/model/canary.ts';
import { names } from '../../lib/model/names.ts';
import { arm } from '../../lib/operate/armed.ts';
import { listAudit } from '../../lib/operate/audit.ts';
import { authorityIn, targetIn } from '../../lib/operate/authority.ts';
import { failback, failover } from '../../lib/operate/failover.ts';
import { regions } from '../../lib/operate/regions.ts';
import { send } from '../../lib/operate/send.ts';
import { setSettings } from '../../lib/operate/set-settings.ts';
import { takeOver } from '../../lib/operate/take-over.ts';
import { createTarget, type Target } from '../../lib/operate/target.ts';
import type { Monitoring } from '../../localcloud/cloudwatch/state.ts';
import { type DeployedCloud, deployOnce } from '../../localcloud/drive/deployed.ts';
import { createVirtual, type Virtual } from '../../localcloud/drive/virtual.ts';
import { virtualRequestHandler } from '../../localcloud/drive/virtual-client.ts';
import { unusedGrants } from '../../localcloud/policy/grants.ts';
import { type Call, ServiceError } from '../../localcloud/service.ts';
import { type Assembly, readAssembly } from '../../localcloud/stack/assembly.ts';

const scratch = resolve(`dist/take-over-test-${process.pid}`);
const failing = { failedMinutes: 3, managedReplication: false, automatic: true, coolDownHours: 24 };
let prepared: Prepared;
let deployed: DeployedCloud;

beforeAll(async () => {
  const folders = { assembly: `${scratch}/cdk.out`, functions: `${scratch}/functions` };
  prepared = await prepare(createSteps({ quiet: true }), { ...folders, regions: { failover: failing } });
  deployed = await deployOnce(simulated(readAssembly(folders.assembly)));
}, 90_000);
afterAll(() => rm(scratch, { recursive: true, force: true }));

const notSimulated = [
  'AWS::CloudWatch::CompositeAlarm',
  'AWS::Events::Endpoint',
  'AWS::Events::Rule',
  'AWS::Lambda::EventInvokeConfig',
  'AWS::Route53::HealthCheck',
];

/** The assembly without what the local cloud refuses of the failover stacks. */
const simulated = (assembly: Assembly): Assembly => ({
  ...assembly,
  stacks: assembly.stacks.map((stack) => {
    if (!stack.name.includes('-failover-')) return stack;
    const kept = Object.entries<any>(stack.template.Resources!).filter(([, { Type }]) => !notSimulated.includes(Type));
    return { ...stack, template: { ...stack.template, Resources: Object.fromEntries(kept) } };
  }),
});

let virtual: Virtual;
let target: Target;
/** What fails at present. */
let deny: (call: Call) => boolean;
let alarmName: string;
let active: string;
let standby: string;
const minute = 60_000;
const stage = pipeline.stages[0]!.name;
const roleIn = (region: string) => names.role(target.deployment, 'failover', region);

beforeEach(async () => {
  ({ active, standby } = prepared.config.regions);
  deny = () => false;
  const before = (call: Call) => {
    if (deny(call)) throw new ServiceError('InternalFailure', 'not now', { status: 400 });
  };
  virtual = createVirtual({ seed: 'take over', deployed, gate: { before } });
  target = createTarget({
    pipeline,
    deployment: deploymentOf(prepared.config),
    region: standby,
    endpoint: virtual.cloud.endpoint,
    requestHandler: virtualRequestHandler(virtual),
  });
  alarmName = names.alarm(target.deployment, 'region-lost');
  await send(
    targetIn(target, active),
    sample(2).map(({ id, event }) => ({ id, event })),
  );
  await virtual.run({ for: minute });
});

const note = 'a test';
const clock = { now: () => virtual.cloud.now(), pause: (milliseconds: number) => virtual.pass(milliseconds) };

/** As CloudWatch does when the composite goes into alarm. */
const alarm = (region: string, value = 'ALARM') =>
  virtual.request({
    service: 'lambda',
    action: 'Invoke',
    region,
    input: {
      FunctionName: names.function(target.deployment, 'failover'),
      InvocationType: 'Event',
      Payload: JSON.stringify({ alarmData: { alarmName, state: { value } } }),
    },
  });
/** Whether people are told that it did not succeed, in the region or its peer. */
const failed = (region: string) =>
  virtual.cloud.state<Monitoring>('monitoring', region).alarms.get(names.alarm(target.deployment, 'take-over-failed'))!
    .state === 'ALARM';
const trail = async () => (await listAudit(target)).map(({ what, who, why, result }) => ({ what, who, why, result }));

describe('when the active region is lost', () => {
  it('the standby takes over: with a trail, and all switches on', async () => {
    virtual.lose(active);
    await virtual.run({ for: 3 * minute });
    await alarm(standby);
    await virtual.run({ for: 20 * minute });
    expect(await authorityIn(target)).toMatchObject({ region: standby, epoch: 2, before: active, by: 'alarm' });
    const [{ switches }] = (await regions(target, [standby])) as [any];
    expect([switches.rules.length, switches.sources.length]).toEqual([switches.all.rules, switches.all.sources]);
    expect(await trail()).toEqual([
      {
        what: 'failover',
        who: expect.stringContaining(`assumed-role/${roleIn(standby)}/`),
        why: `by itself: ${alarmName} is in alarm`,
        result: expect.stringMatching(
          /^epoch 2: .*stop left.*rules done, replay done, arrival left, replay-again done$/,
        ),
      },
    ]);
  }, 120_000);

  it('goes on with the next try where Lambda cut it off, and takes the authority once', async () => {
    virtual.lose(active);
    await virtual.run({ for: 3 * minute });
    let cut = 0;
    deny = ({ action }) => action === 'StartReplay' && cut++ === 0;
    await alarm(standby);
    await virtual.run({ for: 25 * minute });
    expect((await trail()).map(({ result }) => result.split(':')[0])).toEqual(['failed', 'epoch 2']);
    expect(await authorityIn(target)).toMatchObject({ region: standby, epoch: 2, by: 'alarm' });
    expect(failed(standby)).toBe(false);
  }, 120_000);

  it('and no try succeeds, people are told for an hour', async () => {
    virtual.lose(active);
    await virtual.run({ for: 3 * minute });
    deny = ({ action }) => action === 'UpdateItem';
    await alarm(standby);
    await virtual.run({ for: 2 * minute });
    expect(failed(standby)).toBe(false);
    await virtual.run({ for: 8 * minute });
    expect([(await authorityIn(target))!.region, failed(standby)]).toEqual([active, true]);
    await virtual.run({ for: 65 * minute });
    expect(failed(standby)).toBe(false);
  }, 120_000);

  it('is done with what its role allows, of which nothing is left over but what the case did not need', async () => {
    // The signs were wrong, and the other region answers: then everything is asked of it too.
    await setSettings(targetIn(target, active), { stage, said: { 'log.level': 'WARN' } }, { note });
    await alarm(standby);
    await virtual.run({ for: 20 * minute });
    expect((await authorityIn(target))!.region).toBe(standby);
    const own = virtual.cloud.journal.entries.filter(({ principal }) => principal.includes('failover-'));
    expect(own.filter(({ action }) => action === 'Denied')).toEqual([]);
    const left = unusedGrants(virtual.cloud, virtual.used).filter(({ role }) => role === roleIn(standby));
    expect(left.map(({ action }) => action).sort()).toEqual([
      // Of a decision whose record has not come: here all have.
      'dynamodb:UpdateItem',
      // Of a setting that there is no more.
      ...pipeline.stages.map(() => 'ssm:DeleteParameter'),
      // Of the stages that have no other setting.
      ...pipeline.stages.slice(1).map(() => 'ssm:PutParameter'),
    ]);
  }, 120_000);
});

describe('it does not take over by itself', () => {
  const options = () => ({ alarm: alarmName, coolDownHours: 24, clock });
  const there = () => targetIn(target, active);

  it('when the alarm is over, or the region has the authority', async () => {
    await alarm(standby, 'OK');
    await alarm(active);
    await virtual.run({ for: minute });
    expect(await authorityIn(target)).toMatchObject({ region: active, epoch: 1 });
    expect(await trail()).toEqual([]);
    expect((await takeOver(there(), options())).refused).toBe(`${active} has the authority already, epoch 1`);
    await virtual.run({ for: 3 * minute });
    expect([failed(standby), failed(active)]).toEqual([false, false]);
  });

  it('when it is disarmed, until it is armed again', async () => {
    await arm(target, { armed: false, note, alsoIn: [there()] });
    virtual.lose(active);
    await virtual.run({ for: 3 * minute });
    await alarm(standby);
    await virtual.run({ for: minute });
    expect((await takeOver(target, options())).refused).toBe(`${standby} was disarmed by: automatic disarm`);
    await virtual.run({ for: 3 * minute });
    expect(failed(standby)).toBe(true);
    expect((await authorityIn(target))!.epoch).toBe(1);
    await arm(target, { armed: true, note, alsoIn: [] });
    expect((await takeOver(target, options())).done!.epoch).toBe(2);
    expect((await trail()).map(({ what }) => what)).toEqual(['automatic disarm', 'automatic arm', 'failover']);
  }, 60_000);

  it('back to where it took over from, however long ago that is; a person does', async () => {
    expect((await takeOver(target, options())).done!.to).toBe(standby);
    const refused = (await takeOver(there(), { ...options(), coolDownHours: 0 })).refused;
    expect(refused).toBe(`${standby} took over from ${active} by itself; the way back is a person's decision`);
    await failback(there(), { note, clock });
    expect(await authorityIn(there())).toMatchObject({ region: active, epoch: 3, by: 'operator' });
  }, 60_000);

  it('soon after a hand-over, whoever did that', async () => {
    await failover(target, { to: standby, note, clock });
    expect((await takeOver(there(), options())).refused).toMatch(
      /changed hands 0\.\d h ago; .* after 24 h at the earliest/,
    );
    expect((await takeOver(there(), { ...options(), coolDownHours: 0 })).done!.epoch).toBe(3);
  }, 60_000);

  it('without a witness, for nobody knows then that the old region has stopped', async () => {
    await virtual.request({
      service: 'dynamodb',
      action: 'UpdateItem',
      region: standby,
      input: {
        TableName: names.authority(target.deployment),
        Key: { id: { S: ACTIVE } },
        UpdateExpression: 'REMOVE #until',
        ExpressionAttributeNames: { '#until': 'until' },
      },
    });
    expect((await takeOver(target, options())).refused).toMatch(/has no end: without a witness region/);
  });
});

describe('the canary', () => {
  const tick = (region: string) =>
    virtual.request({
      service: 'lambda',
      action: 'Invoke',
      region,
      input: {
        FunctionName: names.function(target.deployment, 'canary'),
        Payload: JSON.stringify({ 'detail-type': 'Scheduled Event', region, detail: {} }),
      },
    });
  const metricsOf = async (region: string, MetricName: string) => {
    const { Datapoints } = await virtual.request({
      service: 'monitoring',
      action: 'GetMetricStatistics',
      region,
      input: {
        ...{ Namespace: pipeline.name, MetricName, Period: 60, Statistics: ['Maximum'] },
        Dimensions: [
          { Name: 'environment', Value: target.deployment.environment },
          { Name: 'service', Value: 'canary' },
        ],
        StartTime: new Date(virtual.cloud.now() - 5 * minute),
        EndTime: new Date(virtual.cloud.now() + minute),
      },
    });
    return Datapoints.map(({ Maximum }: any) => Maximum);
  };

  it('of each region may say what it says, which reaches the other region; and looks whether that answers', async () => {
    await tick(active);
    await virtual.run({ for: minute });
    const said = virtual.cloud.journal.entries.filter(
      ({ action, input }) =>
        action === 'PutEvents' && input.Entries.some(({ Source }: any) => Source === canarySource(pipeline.name)),
    );
    expect(said.map(({ region, error }) => [region, error])).toEqual([
      [active, undefined],
      [standby, undefined],
    ]);
    expect(virtual.cloud.journal.entries.filter(({ action }) => action === 'Denied')).toEqual([]);
    expect(await metricsOf(active, 'PeerSilent')).toEqual([0]);
  });

  it('of the standby tells that nothing of the other answers when that is lost', async () => {
    virtual.lose(active);
    await tick(standby);
    await virtual.run({ for: minute });
    expect(await metricsOf(standby, 'PeerSilent')).toEqual([3]);
  });
});
