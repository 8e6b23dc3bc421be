/** What was given up, and lies there until somebody takes care of it. */
import { names } from '../../lib/model/names.ts';
import { LETTER_DAYS } from '../../lib/model/retention.ts';
import { boxesOf, look } from '../../lib/operate/letters.ts';
import { tellRepair } from '../../lib/operate/repair.ts';
import type { Target } from '../../lib/operate/target.ts';
import { pipeline } from '../domain.ts';
import { empty, of, type Rehearsal } from './rehearsal.ts';
import { type Scene, stage } from './scene.ts';

const policyOf = async (scene: Scene, queue: string): Promise<string> =>
  (await scene.ask('sqs', 'GetQueueAttributes', { QueueUrl: scene.url(queue), AttributeNames: ['Policy'] })).Attributes
    .Policy;

/** Takes from queues what lets rules send to them, for the length of the rehearsal. */
function closed(queuesOf: (scene: Scene) => readonly string[]) {
  const before = new Map<string, string>();
  const set = (scene: Scene, queue: string, Policy: string) =>
    scene.ask('sqs', 'SetQueueAttributes', { QueueUrl: scene.url(queue), Attributes: { Policy } });
  return {
    async close(scene: Scene) {
      for (const queue of queuesOf(scene)) {
        before.set(queue, await policyOf(scene, queue));
        await set(scene, queue, '');
      }
      await scene.publish(5);
    },
    async open(scene: Scene) {
      for (const queue of queuesOf(scene)) await set(scene, queue, before.get(queue)!);
      await empty(scene, names.undelivered(scene.deployment));
    },
  };
}

const inboxOf = ({ deployment }: Scene): string => names.inbox(deployment, of);
const inbox = closed((scene) => [inboxOf(scene)]);
const both = closed((scene) => [inboxOf(scene), names.undelivered(scene.deployment)]);

const disableKey = (scene: Scene, action: 'DisableKey' | 'EnableKey') =>
  scene
    .ask('kms', 'DescribeKey', { KeyId: names.keyAlias(scene.deployment) })
    .then(({ KeyMetadata: { KeyId } }) => scene.ask('kms', action, { KeyId }));

export const letters: readonly Rehearsal[] = [
  {
    kind: 'dead-letters',
    of,
    trouble: 'a message that is no event comes into the stage’s queue',
    begin: (scene) => scene.put(names.queue(scene.deployment, of), 'no event'),
    mending: 'it is taken out of the dead-letter queue',
    end: (scene) => empty(scene, names.deadLetters(scene.deployment, of)),
    fires: 5,
    clears: 5,
  },
  {
    kind: 'inbox-dead-letters',
    of,
    trouble: 'a message lies in the dead-letter queue of the stage’s inbox',
    begin: (scene) => scene.put(names.inboxDeadLetters(scene.deployment, of), '{}'),
    mending: 'it is taken out',
    end: (scene) => empty(scene, names.inboxDeadLetters(scene.deployment, of)),
    fires: 5,
    clears: 5,
  },
  {
    kind: 'quarantine',
    trouble: 'a message that is no event comes into an inbox',
    begin: (scene) => scene.put(names.inbox(scene.deployment, of), '{"detail":{}}'),
    mending: 'it is taken out of quarantine',
    end: (scene) => empty(scene, names.quarantine(scene.deployment)),
    fires: 5,
    clears: 5,
  },
  {
    kind: 'undelivered',
    trouble: 'somebody has taken the policy off an inbox',
    begin: inbox.close,
    mending: 'the policy is back, and what was not delivered is taken out',
    end: inbox.open,
    fires: 5,
    clears: 5,
  },
  {
    kind: 'failed-deliveries',
    of,
    trouble: 'somebody has taken the policy off the inbox',
    begin: inbox.close,
    mending: 'the policy is back',
    end: inbox.open,
    fires: 5,
    clears: 5,
  },
  {
    kind: 'lost-deliveries',
    of,
    trouble: 'somebody has taken the policies off the inbox and off the queue of the undelivered',
    begin: both.close,
    mending: 'the policies are back',
    end: both.open,
    fires: 5,
    clears: 5,
  },
  {
    kind: 'bus-undelivered',
    trouble: 'the key is disabled while events come',
    begin: async (scene) => {
      await disableKey(scene, 'DisableKey');
      await scene.publish(1);
    },
    mending: 'the key is enabled, and what the bus put aside is taken out',
    end: async (scene) => {
      await disableKey(scene, 'EnableKey');
      await empty(scene, names.busUndelivered(scene.deployment));
    },
    fires: 10,
    clears: 10,
  },
  {
    kind: 'expiring',
    of,
    trouble: 'a letter lies there for five days, and nobody takes care of it',
    begin: async (scene) => {
      await scene.put(names.queue(scene.deployment, of), 'no event');
      await scene.pass(LETTER_DAYS * 24 * 60 - 30);
    },
    mending: 'it is taken out of the dead-letter queue',
    end: (scene) => empty(scene, names.deadLetters(scene.deployment, of)),
    fires: 45,
    clears: 5,
  },
  {
    kind: 'availability',
    trouble: 'of the messages of an hour a third is no event',
    begin: async (scene) => {
      await scene.publish(2);
      for (let n = 0; n < 5; n++) await scene.put(names.queue(scene.deployment, of), 'no event');
    },
    mending: 'they are taken out; the next hour has none',
    end: (scene) => empty(scene, names.deadLetters(scene.deployment, of)),
    afterwards: (scene, minute) => (minute % 30 === 1 ? scene.publish(1) : Promise.resolve()),
    fires: 62,
    clears: 122,
  },
  {
    kind: 'time-to-repair',
    trouble: 'a letter lies for more than a day before somebody takes care of it',
    hoursAgo: 26,
    begin: async (scene) => {
      await scene.put(names.queue(scene.deployment, of), 'no event');
      await scene.pass(25.5 * 60);
      const target = targetOf(scene);
      const boxes = boxesOf(target, 'dead-letters', stage.name);
      const lying = await look(target, boxes, { patience: 0 });
      await empty(scene, names.deadLetters(scene.deployment, of));
      // As every redrive and discard does at its end.
      await tellRepair(target, lying);
    },
    mending: 'no other letter has lain so long',
    end: async () => {},
    fires: 62,
    // An alarm looks two periods further back for data, and these are hours.
    clears: 242,
  },
];

/** The operator's commands, on the virtual cloud. */
function targetOf({ deployment, region, virtual }: Scene): Target {
  const client = (service: string): any => ({
    send: (command: { input: object; constructor: { name: string } }) =>
      virtual.request({
        service,
        region,
        action: command.constructor.name.replace(/Command$/, ''),
        input: command.input,
      }),
  });
  return {
    pipeline,
    deployment,
    region,
    sqs: client('sqs'),
    events: client('events'),
    dynamodb: client('dynamodb'),
    lambda: client('lambda'),
    cloudwatch: client('monitoring'),
    clientOptions: { region, maxAttempts: 1 },
    trail: { now: virtual.cloud.now, newId: () => virtual.cloud.dice.uuid('operator') },
  };
}
