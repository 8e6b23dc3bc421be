/** The pipeline as a whole does not keep its promise; and the composites that tell of it all. */
import { ACTIVE } from '../../lib/model/authority.ts';
import { names, SET } from '../../lib/model/names.ts';
import { ServiceError } from '../../localcloud/service.ts';
import { empty, feed, of, type Rehearsal } from './rehearsal.ts';
import type { Scene } from './scene.ts';

/** An hour old when it comes in. */
const late = (scene: Scene) => {
  const time = new Date(scene.virtual.cloud.now() - 3_600_000).toISOString();
  return scene.publish(1, (event) => ({ ...event, time }));
};

const cut = (scene: Scene) => {
  scene.trouble.before = ({ action }) => {
    if (action === 'ApplyReplicatedWrites')
      throw new ServiceError('InternalServerError', 'the other region cannot be reached', { status: 500 });
  };
};

const settingsOf = ({ deployment }: Scene): string => `${names.settings(deployment, of)}/${SET}`;

/** Gives the authority to a region for the hour, as no command does: without a look at what is on where. */
async function hold(scene: Scene, region: string): Promise<void> {
  // Somebody has it, or there is nothing to give.
  await scene.publish(1);
  await scene.pass(1);
  await scene.ask('dynamodb', 'UpdateItem', {
    TableName: names.authority(scene.deployment),
    Key: { id: { S: ACTIVE } },
    UpdateExpression: 'SET #region = :region, #until = :until',
    ExpressionAttributeNames: { '#region': 'region', '#until': 'until' },
    ExpressionAttributeValues: {
      ':region': { S: region },
      ':until': { N: `${scene.virtual.cloud.now() + 3_600_000}` },
    },
  });
}

/** Every five minutes one event, and for a quarter of an hour ten. */
const QUIET_MINUTES = 190;
const volume = (scene: Scene, minute: number) =>
  minute % 5 === 1 ? scene.publish(minute < QUIET_MINUTES ? 1 : 10) : Promise.resolve();

const tooLate = {
  trouble: 'events come in that are an hour old',
  begin: async () => {},
  meanwhile: late,
  mending: 'those that come are new',
  end: async () => {},
  fires: 10,
  clears: 10,
};

export const promises: readonly Rehearsal[] = [
  {
    kind: 'unfinished',
    trouble: 'the stage takes nothing from its queue, while events come',
    begin: (scene) => feed(scene, names.queue(scene.deployment, of), false),
    meanwhile: (scene) => scene.publish(3),
    mending: 'it does again',
    end: (scene) => feed(scene, names.queue(scene.deployment, of), true),
    fires: 22,
    clears: 12,
  },
  { kind: 'latency', ...tooLate },
  {
    kind: 'replication',
    of: 'records',
    trouble: 'the other region cannot be reached',
    begin: async (scene) => cut(scene),
    meanwhile: (scene, minute) => (minute % 2 === 0 ? scene.publish(1) : Promise.resolve()),
    mending: 'it can again',
    end: async (scene) => {
      scene.trouble.before = undefined;
    },
    afterwards: (scene) => scene.publish(1),
    fires: 15,
    clears: 15,
  },
  {
    kind: 'not-active',
    trouble: 'the authority is the other region’s, and this one goes on being fed',
    begin: (scene) => hold(scene, scene.config.regions.standby),
    // One is enough: it comes back every five minutes.
    meanwhile: (scene, minute) => (minute === 1 ? scene.publish(1) : Promise.resolve()),
    mending: 'it is handed back',
    end: (scene) => hold(scene, scene.region),
    fires: 15,
    clears: 20,
  },
  {
    kind: 'settings-refused',
    trouble: 'somebody writes a level of log that there is not into Parameter Store',
    begin: (scene) =>
      scene.ask('ssm', 'PutParameter', { Name: settingsOf(scene), Type: 'String', Value: '{"log.level":"LOUD"}' }),
    meanwhile: (scene) => scene.publish(1),
    mending: 'it is taken away',
    end: (scene) => scene.ask('ssm', 'DeleteParameter', { Name: settingsOf(scene) }),
    afterwards: (scene) => scene.publish(1),
    fires: 10,
    clears: 20,
  },
  {
    kind: 'volume',
    trouble: 'after hours of an event every five minutes, ten come at a time',
    begin: async () => {},
    meanwhile: volume,
    mending: 'it is one again',
    end: async () => {},
    afterwards: (scene, minute) => (minute % 5 === 1 ? scene.publish(1) : Promise.resolve()),
    fires: QUIET_MINUTES + 30,
    clears: 20,
  },
  {
    kind: 'stage',
    of,
    trouble: 'the stage is paused, and forgotten',
    begin: async (scene) => {
      await feed(scene, names.queue(scene.deployment, of), false);
      await scene.publish(5);
    },
    mending: 'it is resumed',
    end: (scene) => feed(scene, names.queue(scene.deployment, of), true),
    fires: 20,
    clears: 10,
  },
  {
    kind: 'sequencer',
    trouble: 'the sequencer takes nothing from an inbox',
    begin: async (scene) => {
      await feed(scene, names.inbox(scene.deployment, of), false);
      await scene.publish(5);
    },
    mending: 'it does again',
    end: (scene) => feed(scene, names.inbox(scene.deployment, of), true),
    fires: 20,
    clears: 10,
  },
  { kind: 'promise', ...tooLate },
  {
    kind: 'pipeline',
    trouble: 'a message that is no event comes into an inbox',
    begin: (scene) => scene.put(names.inbox(scene.deployment, of), '{"detail":{}}'),
    mending: 'it is taken out of quarantine',
    end: (scene) => empty(scene, names.quarantine(scene.deployment)),
    fires: 5,
    clears: 5,
  },
];
