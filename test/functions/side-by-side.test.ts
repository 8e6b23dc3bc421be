/**
 * The pipeline is updated in mid-flight, by canary: old and new bundles work side by side, and read each other's events.
 * Then it is updated with versions that are no good. The checkers of lib/proof judge it all. The clock is virtual.
 */
import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Plugin } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildApp, environments } from '../../bin/app.ts';
import { deploymentOf } from '../../bin/start/live.ts';
import { orderAddressChanged, orderPlaced } from '../../events/index.ts';
import { orders } from '../../functions/index.ts';
import { bundle } from '../../lib/infra/bundle.ts';
import type { PipelineConfig } from '../../lib/infra/config.ts';
import { names } from '../../lib/model/names.ts';
import { createHistorian, type Line, prove, watchOutstanding } from '../../lib/proof/index.ts';
import { publisher } from '../../lib/runtime/publish.ts';
import { createVirtual } from '../../localcloud/drive/virtual.ts';
import { unusedGrants } from '../../localcloud/policy/grants.ts';
import { readAssembly } from '../../localcloud/stack/assembly.ts';
import { DeploymentError, type DeploymentReport, deploy } from '../../localcloud/stack/deploy.ts';

const root = resolve('.');
const scratch = resolve(`dist/side-by-side-${process.pid}`);
afterAll(() => rm(scratch, { recursive: true, force: true }));

const region = 'eu-west-1';
const config: PipelineConfig = {
  ...environments.dev,
  account: '123456789012',
  publishers: ['arn:aws:iam::123456789012:root'],
  traffic: environments.prod.traffic,
};
const deployment = deploymentOf(config);
const MINUTE = 60_000;

type Changes = Readonly<Record<string, readonly (readonly [from: string, to: string])[]>>;

const declared = `export const stockReserved = event('stock.reserved', {
  schema: v.object({ ...order, sku: id, quantity, address }),
  entity: byOrder,
});`;
const inUnits = 'v.object({ ...order, sku: id, units: quantity, address })';
const inQuantity = 'v.object({ ...order, sku: id, quantity, address })';

/** Says the first version and reads the second: what must be everywhere before anybody says the second. */
const ready: Changes = {
  'events/index.ts': [
    ["import { event } from '../lib/model/event.ts';", "import { event, reading } from '../lib/model/event.ts';"],
    [
      declared,
      `export const stockReserved = event('stock.reserved', {
        schema: ${inQuantity},
        entity: byOrder,
        reads: { 2: reading(${inUnits}, ({ units, ...rest }) => ({ ...rest, quantity: units })) },
      });`,
    ],
  ],
};

/** Says the second and reads the first; and what its shipments are called shows whose they are. */
const changed: Changes = {
  'events/index.ts': [
    ready['events/index.ts']![0]!,
    [
      declared,
      `export const stockReserved = event('stock.reserved', {
        version: 2,
        schema: ${inUnits},
        entity: byOrder,
        reads: { 1: reading(${inQuantity}, ({ quantity, ...rest }) => ({ ...rest, units: quantity })) },
      });`,
    ],
  ],
  'functions/reserve-stock/handler.ts': [
    [
      'stockReserved({ orderId, customerId, sku, quantity, address })',
      'stockReserved({ orderId, customerId, sku, units: quantity, address })',
    ],
  ],
};

const throwing = (what: string): Changes => ({
  ...changed,
  'functions/book-shipment/handler.ts': [
    ["    case 'stock.reserved': {", `    case 'stock.reserved': {\n      ${what}`],
  ],
});
/** Passes its check, and then fails whatever it is given. */
const broken = throwing("if (orderId) throw new Error('a bug of the new version');");

/** Does not even load. */
const stillborn: Changes = {
  ...changed,
  'functions/book-shipment/handler.ts': [
    ['export const handler =', "throw new Error('no such module');\nexport const handler ="],
  ],
};

const changing = (changes: Changes): Plugin => ({
  name: 'another version',
  setup(build) {
    for (const [file, replacements] of Object.entries(changes)) {
      build.onLoad({ filter: new RegExp(`${file.replaceAll('.', '\\.')}$`) }, ({ path }) => {
        if (path !== join(root, file)) return undefined;
        const contents = replacements.reduce(
          (text, [from, to]) => {
            if (text.split(from).length !== 2)
              throw new Error(`${file} has this ${text.split(from).length - 1} times:\n${from}`);
            return text.replace(from, () => to);
          },
          readFileSync(path, 'utf8'),
        );
        return { contents, loader: 'ts' };
      });
    }
  },
});

async function assemblyOf(name: string, changes: Changes, traffic = config.traffic) {
  const functions = join(scratch, name, 'functions');
  await bundle({ outdir: functions, plugins: [changing(changes)] });
  const outdir = join(scratch, name, 'cdk.out');
  buildApp({ ...config, traffic }, { outdir, validation: false, functions }).synth();
  return readAssembly(outdir);
}

type Version = 'ready' | 'changed' | 'atOnce' | 'broken' | 'stillborn';
const assemblies = {} as Record<Version, Awaited<ReturnType<typeof assemblyOf>>>;
beforeAll(async () => {
  for (const [name, changes] of Object.entries({ ready, changed, broken, stillborn })) {
    assemblies[name as Version] = await assemblyOf(name, changes);
  }
  assemblies.atOnce = await assemblyOf('atOnce', changed, 'AllAtOnce');
}, 120_000);

/** The pipeline as it says the first version, with orders coming in every three seconds, and what became of them. */
async function given() {
  const virtual = createVirtual({ seed: 'side by side' });
  const { cloud } = virtual;
  await deploy(cloud, assemblies.ready);
  const { history, read } = createHistorian({ pipeline: orders, deployment, region });
  const outstanding = watchOutstanding(history);
  const lines: Line[] = [];
  cloud.journal.subscribe((entry) => {
    lines.push(entry as Line);
    read(entry as Line);
  });
  const client = (service: string): any => ({
    send: (command: { input: unknown; constructor: { name: string } }) => {
      const action = command.constructor.name.replace(/Command$/, '');
      return virtual.request({ service, action, region, input: command.input });
    },
  });
  const pause = (milliseconds: number) =>
    new Promise<void>((done) => cloud.agenda.at(cloud.now() + milliseconds, done));
  const { publish } = publisher(orders, deployment, {
    events: client('events'),
    dynamodb: client('dynamodb'),
    clock: { now: cloud.now, pause },
  });
  let open = 0;
  /** Orders for so many minutes; a third of them change their address. */
  const orderFor = (minutes: number, series: string) => {
    for (let at = 0; at < minutes * 20; at++) {
      cloud.agenda.at(cloud.now() + at * 3000, async () => {
        open++;
        const order = { orderId: `${series}-${at}`, customerId: 'c-1' };
        const address = { street: '1 Kade', city: 'Gent', country: 'BE' };
        const placed = { ...order, sku: 'mug', quantity: 1, amountCents: 900, cardToken: 'card-1', address };
        await publish([{ id: `${series}-${at}.placed`, event: orderPlaced(placed) }]);
        const moved = { ...order, address: { ...address, street: '2 Kade' } };
        if (at % 3 === 0) await publish([{ id: `${series}-${at}.moved`, event: orderAddressChanged(moved) }]);
        open--;
      });
    }
  };
  /** Begins an update, and says how it ended once it has. */
  const update = (version: Version) => {
    const ended: { report?: DeploymentReport; failure?: string } = {};
    deploy(cloud, assemblies[version]).then(
      (report) => Object.assign(ended, { report }),
      (error) => {
        if (!(error instanceof DeploymentError)) throw error;
        Object.assign(ended, { report: error.report, failure: error.message });
      },
    );
    return ended;
  };
  const pass = (minutes: number) => virtual.run({ for: minutes * MINUTE });
  const settled = () => {
    outstanding.update();
    return open === 0 && outstanding.open.size === 0;
  };
  const live = async (stage: string) => {
    const input = { FunctionName: names.function(deployment, stage), Name: 'live' };
    const { FunctionVersion, RoutingConfig } = await virtual.request({
      service: 'lambda',
      action: 'GetAlias',
      region,
      input,
    });
    return [FunctionVersion, RoutingConfig?.AdditionalVersionWeights];
  };
  return { virtual, history, lines, orderFor, update, pass, settled, live };
}

type Given = Awaited<ReturnType<typeof given>>;

/** Lets everything end; what was given up for the trouble of a version, an operator sends back first. */
async function conclude({ virtual, history, settled }: Given): Promise<void> {
  expect(await virtual.run({ until: settled, for: 60 * MINUTE })).toBe(true);
  virtual.stop();
  const { findings, holds } = prove(history);
  expect(findings.filter((one) => one.holds !== true)).toEqual([]);
  expect(holds).toBe(true);
}

/** Which version of the function took which version of the schema, as `2 took 1`: by the messages of its FIFO queue. */
function meetings(lines: readonly Line[], stage: string, type: string): Set<string> {
  const schemas = new Map<string, string>();
  for (const { action, input, output } of lines as any[]) {
    if (action !== 'SendMessageBatch' || !input.QueueUrl.endsWith(`/${names.queue(deployment, stage)}`)) continue;
    for (const { Id, MessageId } of output?.Successful ?? []) {
      const { dataschema } = JSON.parse(input.Entries.find((one: any) => one.Id === Id).MessageBody);
      schemas.set(MessageId, dataschema);
    }
  }
  const met = new Set<string>();
  for (const { action, input } of lines as any[]) {
    if (action !== 'InvocationStarted' || input.function !== names.function(deployment, stage)) continue;
    for (const id of input.records ?? []) {
      const [, version] = new RegExp(`^urn:event:${type}:(\\d+)$`).exec(schemas.get(id) ?? '') ?? [];
      if (version !== undefined) met.add(`${input.version} took ${version}`);
    }
  }
  return met;
}

const outcomes = (lines: readonly Line[]) =>
  Object.fromEntries(
    (lines as any[])
      .filter(({ action, region: where }) => action === 'DeploymentEnded' && where === region)
      .map(({ input }) => [input.function.replace(`${names.base(deployment)}-`, ''), input]),
  );

describe('an update in mid-flight', () => {
  test('loses nothing and does nothing twice, while each of two versions takes what the other says', async () => {
    const one = await given();
    const { virtual, lines, orderFor, update, pass, live } = one;
    orderFor(13, 'a');
    await pass(1);
    const ended = update('changed');
    await pass(6);
    expect(await live('book-shipment')).toEqual(['1', { 2: 0.1 }]);
    expect(ended).toEqual({});
    await pass(6);
    expect(ended.failure).toBeUndefined();
    for (const stage of ['book-shipment', 'reserve-stock', 'sequencer'])
      expect(await live(stage)).toEqual(['2', undefined]);
    await conclude(one);

    expect(meetings(lines, 'book-shipment', 'stock.reserved')).toEqual(
      new Set(['1 took 1', '1 took 2', '2 took 1', '2 took 2']),
    );
    expect([one.history.deadLettered, one.history.quarantined]).toEqual([[], []]);
    // What a first deployment leaves unused (test/pipeline/grants.test.ts) is used by the next.
    const unused = unusedGrants(virtual.cloud, virtual.used).filter(({ role }) =>
      ['check', 'traffic'].some((who) => role === names.role(deployment, who, region)),
    );
    expect(new Set(unused.map(({ action }) => action))).toEqual(new Set(['lambda:GetProvisionedConcurrencyConfig']));
  }, 120_000);

  test('goes back when the new version fails, and nothing was lost or done twice', async () => {
    const one = await given();
    const { lines, orderFor, update, pass, live } = one;
    orderFor(10, 'b');
    await pass(1);
    const ended = update('broken');
    await pass(11);
    expect(ended.failure).toMatch(/UPDATE_ROLLBACK_COMPLETE.*book-shipment-retries/);
    for (const stage of ['book-shipment', 'reserve-stock', 'sequencer'])
      expect(await live(stage)).toEqual(['1', undefined]);
    const { 'book-shipment': stopped } = outcomes(lines);
    expect(stopped).toMatchObject({ status: 'Stopped', from: '1', to: '2' });
    expect(meetings(lines, 'book-shipment', 'stock.reserved')).toContain('2 took 1');
    await conclude(one);
    expect([one.history.deadLettered, one.history.quarantined]).toEqual([[], []]);
  }, 120_000);

  test('is let through where a letter lies only when it goes all at once, and looks at no alarms', async () => {
    const { virtual, update, pass, live } = await given();
    const QueueUrl = `${virtual.cloud.endpoint}/${config.account}/${names.deadLetters(deployment, 'book-shipment')}`;
    const input = { QueueUrl, MessageBody: 'a letter', MessageGroupId: 'a', MessageDeduplicationId: 'a' };
    await virtual.request({ service: 'sqs', action: 'SendMessage', region, input });
    await pass(3);
    const stopped = update('changed');
    await pass(2);
    expect(stopped.failure).toMatch(/UPDATE_ROLLBACK_COMPLETE.*book-shipment-dead-letters/);
    const through = update('atOnce');
    await pass(2);
    expect(through.failure).toBeUndefined();
    expect(await live('book-shipment')).toEqual(['3', undefined]);
    virtual.stop();
  }, 120_000);

  test('gives no traffic to a version that does not load', async () => {
    const one = await given();
    const { lines, orderFor, update, pass, live } = one;
    orderFor(3, 'c');
    await pass(1);
    const ended = update('stillborn');
    await pass(2);
    expect(ended.failure).toMatch(/UPDATE_ROLLBACK_COMPLETE.*BeforeAllowTraffic.*orders-dev-check.*said Failed/);
    expect(await live('book-shipment')).toEqual(['1', undefined]);
    expect(outcomes(lines)['book-shipment']).toMatchObject({ status: 'Failed' });
    expect(meetings(lines, 'book-shipment', 'stock.reserved')).toEqual(new Set(['1 took 1']));
    await conclude(one);
  }, 120_000);
});
