/** A stage, or the sequencer, that does not work as it should. */
import type { CloudEvent } from '../../lib/model/envelope.ts';
import { LIVE, names } from '../../lib/model/names.ts';
import { withPlaces } from '../../lib/model/sequence.ts';
import { outsidesOf } from '../../lib/model/stage.ts';
import { listParked, skip } from '../../lib/operate/park.ts';
import { ServiceError } from '../../localcloud/service.ts';
import { pipeline } from '../domain.ts';
import { empty, feed, functionOf, of, type Rehearsal } from './rehearsal.ts';
import type { Scene } from './scene.ts';

const some = (scene: Scene) => scene.publish(2);

const age: Omit<Rehearsal, 'kind' | 'trouble' | 'mending' | 'begin' | 'end'> = { of, fires: 20, clears: 10 };
const ofItsFunction = { of, meanwhile: some, afterwards: some, fires: 12, clears: 15 };

/** As a deployment does it that shifts everything at once. */
async function configure(scene: Scene, more: object): Promise<void> {
  const FunctionName = functionOf(scene);
  await scene.ask('lambda', 'UpdateFunctionConfiguration', { FunctionName, ...more });
  const { Version } = await scene.ask('lambda', 'PublishVersion', { FunctionName });
  await scene.ask('lambda', 'UpdateAlias', { FunctionName, Name: LIVE, FunctionVersion: Version });
}

/** The first stage that calls a system which is not ours, and that system. */
const caller = pipeline.stages.flatMap((one) => outsidesOf(one).map(({ system }) => ({ stage: one.name, system })))[0];

export const stages: readonly Rehearsal[] = [
  {
    ...age,
    kind: 'age',
    trouble: 'the stage is paused, and forgotten',
    begin: async (scene) => {
      await feed(scene, names.queue(scene.deployment, of), false);
      await scene.publish(5);
    },
    mending: 'it is resumed',
    end: (scene) => feed(scene, names.queue(scene.deployment, of), true),
  },
  {
    ...age,
    kind: 'inbox-age',
    trouble: 'the sequencer takes nothing from the stage’s inbox',
    begin: async (scene) => {
      await feed(scene, names.inbox(scene.deployment, of), false);
      await scene.publish(5);
    },
    mending: 'it does again',
    end: (scene) => feed(scene, names.inbox(scene.deployment, of), true),
  },
  {
    ...ofItsFunction,
    kind: 'errors',
    trouble: 'a deployment names a handler that is not there',
    begin: (scene) => configure(scene, { Handler: 'index.gone' }),
    mending: 'the one before is back',
    end: (scene) => configure(scene, { Handler: 'index.handler' }),
  },
  {
    ...ofItsFunction,
    kind: 'throttles',
    trouble: 'somebody has set the function’s reserved concurrency to 0',
    begin: (scene) =>
      scene.ask('lambda', 'PutFunctionConcurrency', {
        FunctionName: functionOf(scene),
        ReservedConcurrentExecutions: 0,
      }),
    mending: 'it is as it was',
    end: (scene) => scene.ask('lambda', 'DeleteFunctionConcurrency', { FunctionName: functionOf(scene) }),
  },
  {
    ...ofItsFunction,
    kind: 'duration',
    trouble: 'every call of the function takes nearly two seconds',
    begin: async (scene) => {
      scene.trouble.slow = { of: functionOf(scene), milliseconds: 1800 };
    },
    mending: 'calls are fast again',
    end: async (scene) => {
      scene.trouble.slow = undefined;
    },
  },
  {
    kind: 'conflicts',
    of,
    trouble: 'a producer gives one id to two events, again and again',
    begin: async () => {},
    meanwhile: async (scene) => {
      const id = `twice-${scene.virtual.cloud.now()}`;
      await scene.publish(2, (event) => ({ ...event, id, correlationid: id }));
    },
    mending: 'it does not any more',
    end: (scene) => empty(scene, names.deadLetters(scene.deployment, of)),
    fires: 10,
    clears: 20,
  },
  {
    kind: 'parked',
    of,
    trouble: 'the second event of an entity comes, and the first does not',
    begin: (scene) => scene.publish(1, numbered(2)),
    mending: 'its place is given up',
    end: async (scene) => {
      const [waiting] = await listParked(scene.operator, of);
      await skip(scene.operator, { stage: of, entity: waiting!.entity });
    },
    fires: 50,
    clears: 20,
  },
  ...(caller === undefined
    ? []
    : [
        {
          kind: 'breaker-open' as const,
          of: `${caller.stage}-${caller.system}`,
          trouble: 'the system is down',
          begin: async (scene: Scene) => {
            const table = names.sandbox(scene.deployment, caller.system);
            scene.trouble.before = ({ service, input }) => {
              if (service === 'dynamodb' && (input as { TableName?: string }).TableName === table)
                throw new ServiceError('InternalServerError', 'the sandbox is down', { status: 500 });
            };
            await scene.publish(20);
          },
          mending: 'it is up again',
          end: async (scene: Scene) => {
            scene.trouble.before = undefined;
          },
          fires: 15,
          clears: 35,
        },
      ]),
];

/** An event with this place in the line of its entity at the stage. */
const numbered =
  (number: number) =>
  (event: CloudEvent): CloudEvent =>
    withPlaces({ ...event, id: `${event.id}-${number}` }, new Map([[of, { generation: 1, number }]]));
