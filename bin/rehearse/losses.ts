/** What a lost region leaves behind: decisions of which only events came, and items that do not tell of all their writes. */
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { ACTIVE } from '../../lib/model/authority.ts';
import { type CloudEvent, followingId } from '../../lib/model/envelope.ts';
import { names, recordKey, testimonyKey } from '../../lib/model/names.ts';
import { reads, tablesOf } from '../../lib/model/stage.ts';
import type { Decision } from '../../lib/runtime/decision.ts';
import { testimonyAttribute } from '../../lib/runtime/testimony.ts';
import { pipeline } from '../domain.ts';
import { feed, of, type Rehearsal } from './rehearsal.ts';
import type { Scene } from './scene.ts';

type Item = Record<string, any>;

const put = (scene: Scene, TableName: string, item: Item): Promise<void> =>
  scene.ask('dynamodb', 'PutItem', { TableName, Item: marshall(item, { removeUndefinedValues: true }) });

/** As after a hand-over: what has been accepted until now is from before. Of the regions this one has the authority still. */
const handOver = ({ ask, deployment, virtual }: Scene): Promise<void> =>
  ask('dynamodb', 'UpdateItem', {
    TableName: names.authority(deployment),
    Key: marshall({ id: ACTIVE }),
    UpdateExpression: 'SET epoch = :second, #from = :now',
    ExpressionAttributeNames: { '#from': 'from' },
    ExpressionAttributeValues: marshall({ ':second': 2, ':now': virtual.cloud.now() }),
  });

/** Publishes events that go their way, and as many that wait before the stage. */
async function waiting(scene: Scene, stage: string, count: number): Promise<readonly CloudEvent[]> {
  const events: CloudEvent[] = [];
  const keep = (event: CloudEvent): CloudEvent => {
    events.push(event);
    return event;
  };
  await scene.publish(count, keep);
  await scene.pass(1);
  await feed(scene, names.queue(scene.deployment, stage), false);
  await scene.publish(count, keep);
  await scene.pass(1);
  return events;
}

/** What the stage said of one event, as it would be said of another, and at a place where its handler says nothing. */
async function foreign(scene: Scene, one: CloudEvent, other: CloudEvent): Promise<CloudEvent> {
  const { Item } = await scene.ask('dynamodb', 'GetItem', {
    TableName: names.records(scene.deployment),
    Key: marshall({ id: recordKey(of, one.id) }),
  });
  const [said] = (unmarshall(Item).data as Decision).events;
  const moved = JSON.stringify(said).replaceAll(one.partitionkey, other.partitionkey);
  return { ...JSON.parse(moved), id: followingId(other.id, of, PLACE) };
}
const PLACE = 7;

/** The first stage that decides by what others have written. */
const reader = pipeline.stages.find(reads);
/** Enough for some of them to read what the others have written. */
const SEVERAL = 10;

/** Lets the items of a stage look as if more had been written than they tell; `mend` lets them look as they did. */
function silenced(stage: NonNullable<typeof reader>) {
  const before: { readonly table: string; readonly item: Item }[] = [];
  return {
    async silence(scene: Scene): Promise<void> {
      for (const { table: logical } of tablesOf(stage).filter(({ operations }) => operations.includes('get'))) {
        const table = names.table(scene.deployment, logical);
        const { Items } = await scene.ask('dynamodb', 'Scan', { TableName: table });
        before.push(...Items.map((item: Item) => ({ table, item: unmarshall(item) })));
      }
      const past = [[scene.virtual.cloud.now(), '']];
      for (const { table, item } of before) await put(scene, table, { ...item, past });
    },
    async mend(scene: Scene): Promise<void> {
      for (const { table, item } of before.splice(0)) await put(scene, table, item);
    },
  };
}

function tornAt(stage: NonNullable<typeof reader>): Rehearsal {
  const { silence, mend } = silenced(stage);
  return {
    kind: 'torn',
    of: stage.name,
    trouble: 'the lost region had written to items more often than they tell, and events come that it may have applied',
    begin: async (scene) => {
      await waiting(scene, stage.name, SEVERAL);
      await handOver(scene);
      await silence(scene);
      await feed(scene, names.queue(scene.deployment, stage.name), true);
    },
    mending: 'it is back, and the items tell',
    end: mend,
    fires: 12,
    clears: 25,
  };
}

export const losses: readonly Rehearsal[] = [
  {
    kind: 'writes-unknown',
    trouble: 'an event of the lost region has come of whose decision no record has, and this region would not say it',
    begin: async (scene) => {
      const [one, other] = (await waiting(scene, of, 1)) as [CloudEvent, CloudEvent];
      await handOver(scene);
      await put(scene, names.records(scene.deployment), {
        id: testimonyKey(of, other.id),
        [testimonyAttribute(PLACE)]: JSON.stringify(await foreign(scene, one, other)),
      });
      await feed(scene, names.queue(scene.deployment, of), true);
    },
    mending: 'no other comes',
    end: async () => {},
    fires: 5,
    clears: 65,
  },
  ...(reader === undefined ? [] : [tornAt(reader)]),
];
