/** `npm start` beside a cloud that runs already: what it deploys there, and where it refuses to. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { pipeline } from '../../bin/domain.ts';
import { createSteps } from '../../bin/start/steps.ts';
import { renderUpdated, update } from '../../bin/start/update.ts';
import { names } from '../../lib/model/names.ts';
import { UsageError } from '../../lib/operate/target.ts';
import { administrator } from '../../localcloud/cloud.ts';
import { type Live, startLive } from '../../localcloud/drive/live.ts';
import { config, smallAssembly } from './small-assembly.ts';

const TableName = names.authority({ pipeline: pipeline.name, environment: config.environment });
const Authority = {
  Type: 'AWS::DynamoDB::Table',
  Properties: {
    TableName,
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    BillingMode: 'PAY_PER_REQUEST',
  },
};
const deployed = smallAssembly({ Authority });
const more = smallAssembly({ Authority, Queue: { Type: 'AWS::SQS::Queue' } });
// Its authority has no witness: this cloud's table has none.
const { witness: _, ...regions } = config.regions;
const prepared = { ...more, config: { ...config, regions } };
const { active, standby } = regions;

let live: Live;
const arrivals: unknown[] = [];
beforeAll(async () => {
  live = await startLive({ port: 0, onArrival: (arrival) => arrivals.push(arrival) });
  await live.deploy(deployed.assembly);
});
afterAll(async () => {
  await live.stop();
  for (const assembly of [deployed, more]) assembly.remove();
});

const handTo = (region: string, epoch: number) =>
  live.cloud.request({
    service: 'dynamodb',
    action: 'PutItem',
    region: active,
    input: { TableName, Item: { id: { S: 'active' }, region: { S: region }, epoch: { N: String(epoch) } } },
    principal: administrator,
  });
let printed: string[];
const running = () => ({ endpoint: live.endpoint, name: undefined, seed: live.seed });
const updated = (how = prepared) => {
  printed = [];
  const to = { isTTY: false, write: (text: string) => printed.push(text) > 0 };
  return update(how, running(), createSteps({ to })).catch((error) => error);
};

it('refuses after a failover, as npm run deploy does: the configuration has to follow', async () => {
  await handTo(standby, 2);
  const refused = await updated();
  expect(refused).toBeInstanceOf(UsageError);
  expect(refused.message).toBe(
    `the configuration says that ${active} is active, but ${standby} has the authority, epoch 2: ` +
      `set regions.active to ${standby} in bin/app.ts (regions.home stays what it is), or hand it over first: failover --to ${active}`,
  );
  expect([arrivals, printed]).toEqual([[], []]);
});

it('refuses another witness than the authority was made with', async () => {
  await handTo(active, 3);
  expect((await updated({ ...more, config })).message).toMatch(/but .* was made with none, and that stays/);
  expect(arrivals).toEqual([]);
});

it('deploys where the configuration says of the regions what is', async () => {
  await handTo(active, 3);
  const done = await updated();
  const { failure, report } = done;
  expect(printed[0]).toMatch(/^A local cloud runs already at .*: its stacks are updated, and no sample is sent\.\n/);
  const send = /To send events into it: .* send events\/samples\/entries\.json/;
  expect(renderUpdated(done, running())).toMatch(send);
  expect(renderUpdated({ ...done, failure: 'it was rolled back' }, running())).not.toMatch(send);
  expect(failure).toBeUndefined();
  expect(report.stacks[0].Changes.map(({ Change }: { Change: string }) => Change).sort()).toEqual([
    'created',
    'unchanged',
  ]);
  expect(arrivals.length).toBe(1);
});
