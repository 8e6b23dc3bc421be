/** Entities whose events wait at a stage for a predecessor that has not come, or was given up. */
import { GetItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { lineKey, names, recordKey } from '../model/names.ts';
import { releaseOf } from '../model/release.ts';
import { earlierFirst, type Place } from '../model/sequence.ts';
import { newId, timestamp } from '../runtime/clock.ts';
import { recordOf } from '../runtime/commit.ts';
import { isOf } from '../runtime/known.ts';
import { isLeftBehind, type Line, lineOf, nameOf, ready, waitingOf } from '../runtime/line.ts';
import { parkedArrival, pass } from '../runtime/park.ts';
import { queueUrlOf } from './queue-url.ts';
import { RefusedError, stageKnown, type Target } from './target.ts';

/** Events of one emitter that wait in the line of one entity. */
export interface Waiting {
  readonly stage: string;
  readonly entity: string;
  /** Who said them. */
  readonly emitter: string;
  /** The place that everything waits for. */
  readonly missing: Place;
  /** Those that wait, in order. One in the missing place was refused when its turn came, or is about to go, or to be handed back. */
  readonly parked: readonly { readonly place: Place; readonly eventId: string }[];
}

/** Lists what waits at a stage, or at all. Reads the whole table of records, a page at a time. */
export async function listParked(target: Target, only?: string): Promise<readonly Waiting[]> {
  return (await scanParked(target, { only })).waiting;
}

/** Of the table of records no more is read for a mere count: 25 pages of a megabyte. */
const COUNTED_PAGES = 25;

/** Counts what waits, by stage, as far as a part of the table tells. */
export async function countParked(
  target: Target,
): Promise<{ readonly counts: ReadonlyMap<string, number>; readonly countedAll: boolean }> {
  const { waiting, all } = await scanParked(target, { pages: COUNTED_PAGES });
  const counts = new Map<string, number>();
  for (const { stage, parked } of waiting) counts.set(stage, (counts.get(stage) ?? 0) + parked.length);
  return { counts, countedAll: all };
}

async function scanParked(
  target: Target,
  { only, pages = Number.POSITIVE_INFINITY }: { only?: string | undefined; pages?: number },
): Promise<{ waiting: readonly Waiting[]; all: boolean }> {
  const { pipeline, deployment, dynamodb } = target;
  const stages = only === undefined ? pipeline.stages.map(({ name }) => name) : [stageKnown(target, only)];
  const waiting: Waiting[] = [];
  let ExclusiveStartKey: Record<string, any> | undefined;
  for (let read = 0; read < pages && (read === 0 || ExclusiveStartKey); read++) {
    const page = await dynamodb.send(
      new ScanCommand({
        TableName: names.records(deployment),
        FilterExpression: 'attribute_exists(heard) AND size(parked) > :none',
        ExpressionAttributeValues: marshall({ ':none': 0 }),
        ...(ExclusiveStartKey ? { ExclusiveStartKey } : {}),
      }),
    );
    for (const item of page.Items ?? []) {
      const { id, heard, parked } = unmarshall(item);
      const stage = stages.find((name) => id.startsWith(lineKey(name, '')));
      if (stage !== undefined)
        waiting.push(...waitingIn({ heard, parked }, { stage, entity: id.slice(lineKey(stage, '').length) }));
    }
    ExclusiveStartKey = page.LastEvaluatedKey;
  }
  return { waiting, all: ExclusiveStartKey === undefined };
}

function waitingIn(line: Pick<Line, 'heard' | 'parked'>, of: At): readonly Waiting[] {
  const byEmitter = Map.groupBy(waitingOf(line), ({ source }) => source);
  return [...byEmitter].map(([emitter, some]) => ({
    ...of,
    emitter,
    parked: some.map(({ place, id }) => ({ place, eventId: id })),
    missing: isLeftBehind(line, some[0]!) ? some[0]!.place : turnOf(line.heard[emitter], some[0]!.place),
  }));
}

/** Whose turn it is in the count of the first that waits. */
const turnOf = (last: Place | undefined, { generation }: Place): Place => ({
  generation,
  number: last?.generation === generation ? last.number + 1 : 1,
});

/**
 * What waits in the line of one entity at a stage.
 * @throws UsageError when there is no such stage, RefusedError when nothing waits there
 */
export async function waitingAt(target: Target, at: At): Promise<readonly Waiting[]> {
  return (await readLine(target, at)).waiting;
}

interface At {
  readonly stage: string;
  readonly entity: string;
}

async function readLine({ dynamodb, deployment, pipeline, trail }: Target, at: At) {
  const key = lineKey(stageKnown({ pipeline }, at.stage), at.entity);
  const { Item } = await dynamodb.send(
    new GetItemCommand({ TableName: names.records(deployment), Key: marshall({ id: key }), ConsistentRead: true }),
  );
  const line = lineOf(key, Item, trail.now());
  const waiting = waitingIn(line, at);
  if (waiting.length > 0) return { line, waiting };
  throw new RefusedError(`nothing of ${at.entity} waits at ${at.stage}; what waits is told by: park list`);
}

/**
 * Tells a stage to apply what may go now in the line of an entity.
 * @throws UsageError when there is no such stage
 */
export async function release(target: Target, stage: string, entity: string): Promise<void> {
  const word = releaseOf(entity, { id: `release-${newId()}`, time: timestamp() });
  await target.sqs.send(
    new SendMessageCommand({
      QueueUrl: await queueUrlOf(target, names.queue(target.deployment, stageKnown(target, stage))),
      MessageBody: JSON.stringify(word),
      MessageGroupId: entity,
      MessageDeduplicationId: word.id,
    }),
  );
}

export interface SkipOptions {
  /** Whose events; needed where those of several emitters wait. */
  readonly emitter?: string | undefined;
  /** Say what would be skipped, and change nothing. */
  readonly dryRun?: boolean | undefined;
}

/** What was, or would be, passed over. */
export interface Skipped {
  readonly emitter: string;
  readonly from: Place;
  /** The last place passed over; the one after it goes next. */
  readonly to: Place;
  /** The first that goes; none where the place after that is empty, too. */
  readonly next: string | undefined;
  /** The event that waited there, is not in the table any more and has not ended. */
  readonly lost?: string;
}

/**
 * Passes over what an entity's line waits for, and lets those behind it go. What was passed over is out of its place: if
 * it comes after all, the stage refuses it, and a second redrive applies it out of order. One that waited and was refused when
 * its turn came is passed over by itself; so is one that is not in the table any more. The line is never set back.
 * @throws UsageError when there is no such stage; RefusedError when nothing waits there, it is about to go, the emitter must
 * be named, or the stage is at the line
 */
export async function skip(target: Target, at: At, options: SkipOptions = {}): Promise<Skipped> {
  const { dynamodb, deployment } = target;
  const { line, waiting } = await readLine(target, at);
  const { missing, parked, emitter } = chosen(waiting, { ...at, emitter: options.emitter });
  const [first] = parked;
  const isItsTurn = earlierFirst(first!.place, missing) === 0;
  const held = isItsTurn ? await heldUp(target, at, first!.eventId) : undefined;
  const to = isItsTurn ? missing : { ...first!.place, number: first!.place.number - 1 };
  const { [nameOf(emitter, to)]: _refused, ...others } = line.parked;
  const last = line.heard[emitter];
  const heard = last && earlierFirst(to, last) <= 0 ? last : to;
  const after: Line = { ...line, parked: others, heard: { ...line.heard, [emitter]: heard } };
  const lost = held?.isLost ? { lost: first!.eventId } : {};
  const skipped = { emitter, from: missing, to, next: ready(after, emitter)?.id, ...lost };
  if (options.dryRun) return skipped;
  const passing = { id: first!.eventId, parkedAt: held?.parkedAt };
  const passed = await pass(after, passing, { dynamodb, table: names.records(deployment), stage: at.stage });
  if (!passed)
    throw new RefusedError(
      `${at.stage} changed the line of ${at.entity} at this moment; look what waits by now, with park list, and skip again`,
    );
  await release(target, at.stage, at.entity);
  return skipped;
}

/**
 * What the stage will not apply, although it is its turn: it is a dead letter, its id is another event's, or it is not there.
 * @throws RefusedError for any other
 */
async function heldUp({ dynamodb, deployment }: Target, { stage, entity }: At, eventId: string) {
  const table = names.records(deployment);
  const [record, parked] = await Promise.all([
    recordOf(dynamodb, { table, key: recordKey(stage, eventId) }),
    parkedArrival(eventId, { dynamodb, table, stage }),
  ]);
  if (!parked) return { parkedAt: undefined, isLost: record?.status !== 'COMPLETED' };
  const isRefused = record !== undefined && (record.decision?.failure !== undefined || !isOf(record, parked.event));
  if (!isRefused)
    throw new RefusedError(
      `it is the turn of ${eventId}, which the stage has not refused; it is told to go on by: park release ${stage} ${entity}`,
    );
  return { parkedAt: parked.parkedAt, isLost: false };
}

function chosen(
  waiting: readonly Waiting[],
  { stage, entity, emitter }: At & { readonly emitter: string | undefined },
): Waiting {
  const emitters = waiting.map((one) => one.emitter).join(', ');
  const some = emitter === undefined ? waiting : waiting.filter((one) => one.emitter === emitter);
  if (some.length === 1) return some[0]!;
  throw new RefusedError(
    some.length === 0
      ? `nothing of ${entity} from ${emitter} waits at ${stage}; events wait that come from ${emitters}`
      : `events of ${entity} from several emitters wait at ${stage}: ${emitters}; name one with --from`,
  );
}
