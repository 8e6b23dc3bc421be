/** The two regions are deployed one after the other: what the one says of a new version is forwarded to the other of the old. */
import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { pipeline } from '../../bin/domain.ts';
import { createScene, deployed } from '../../bin/rehearse/scene.ts';
import { prepare } from '../../bin/start/prepare.ts';
import { createSteps } from '../../bin/start/steps.ts';
import { names } from '../../lib/model/names.ts';

const scratch = resolve(`dist/versions-apart-test-${process.pid}`);
afterAll(() => rm(scratch, { recursive: true, force: true }));

it('a bus takes what is forwarded to it, though it does not declare the type, and refuses it from anybody else', async () => {
  const folders = { assembly: `${scratch}/cdk.out`, functions: `${scratch}/functions`, shared: true };
  const prepared = await prepare(createSteps({ quiet: true }), folders);
  const scene = createScene(prepared, await deployed(prepared));
  const { standby: region } = prepared.config.regions;
  const bus = names.bus(scene.deployment);
  const there = (action: string, input: object) =>
    scene.virtual.request<any>({ service: 'events', action, region, input });

  // As the standby was before the last type came: none of an entry event's is known to it.
  const policy = JSON.parse((await there('DescribeEventBus', { Name: bus })).Policy);
  const entries: string[] = pipeline.entries.map(({ type }) => type);
  const { Condition } = policy.Statement.find(({ Sid }: { Sid: string }) => Sid === 'OnlyDeclaredTypes');
  const types: string[] = Condition['ForAnyValue:StringNotEquals']['events:detail-type'];
  Condition['ForAnyValue:StringNotEquals']['events:detail-type'] = types.filter((type) => !entries.includes(type));
  await there('PutPermission', { EventBusName: bus, Policy: JSON.stringify(policy) });

  await scene.publish(5);
  // Archives are late, by ten minutes at most.
  await scene.pass(15);
  const queue = scene.url(names.undelivered(scene.deployment));
  const AttributeNames = ['ApproximateNumberOfMessages'];
  const { Attributes } = await scene.ask('sqs', 'GetQueueAttributes', { QueueUrl: queue, AttributeNames });
  expect(Attributes).toEqual({ ApproximateNumberOfMessages: '0' });
  const { EventCount } = await there('DescribeArchive', { ArchiveName: names.archive(scene.deployment) });
  expect(EventCount).toBeGreaterThan(5);

  const entry = { EventBusName: bus, Source: `${pipeline.name}.ingress`, DetailType: entries[0], Detail: '{}' };
  expect(await there('PutEvents', { Entries: [entry] })).toMatchObject({
    FailedEntryCount: 1,
    Entries: [{ ErrorCode: 'NotAuthorizedForDetailTypeException' }],
  });
  scene.virtual.stop();
}, 60_000);
