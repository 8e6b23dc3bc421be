/** What every rehearsal of an alarm consists of. */
import type { AlarmKind } from '../../lib/infra/alarm-kinds.ts';
import { names } from '../../lib/model/names.ts';
import { type Scene, stage } from './scene.ts';

export interface Rehearsal {
  readonly kind: AlarmKind;
  /** Which alarm of the kind; absent where there is one. */
  readonly of?: string;
  /** The trouble, in words. */
  readonly trouble: string;
  /** Makes it. */
  readonly begin: (scene: Scene) => Promise<void>;
  /** What goes on meanwhile, minute by minute; default nothing. */
  readonly meanwhile?: (scene: Scene, minute: number) => Promise<void>;
  /** Ends it, in words and in deed. */
  readonly mending: string;
  readonly end: (scene: Scene) => Promise<void>;
  /** What goes on after it has ended, minute by minute; default nothing. */
  readonly afterwards?: (scene: Scene, minute: number) => Promise<void>;
  /** Minutes after which the alarm must have fired, and after which it must have cleared. */
  readonly fires: number;
  readonly clears: number;
  /** Begins so many hours before now, by the wall clock: for operators' commands, which go by that. */
  readonly hoursAgo?: number;
}

export const of: string = stage.name;

/** Empties a queue, as somebody does who has taken care of what lay in it. */
export const empty = (scene: Scene, queue: string): Promise<void> =>
  scene.ask('sqs', 'PurgeQueue', { QueueUrl: scene.url(queue) });

/** Switches the source of a queue on or off, as `pause` and `resume` do. */
export async function feed(scene: Scene, queue: string, Enabled: boolean): Promise<void> {
  const EventSourceArn = `arn:aws:sqs:${scene.region}:${scene.config.account}:${queue}`;
  const { EventSourceMappings } = await scene.ask('lambda', 'ListEventSourceMappings', { EventSourceArn });
  for (const { UUID } of EventSourceMappings) await scene.ask('lambda', 'UpdateEventSourceMapping', { UUID, Enabled });
}

export const functionOf = ({ deployment }: Scene): string => names.function(deployment, of);
