/** The authority to commit, as an operator sees it and hands it over. */
import { GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { ACTIVE, type Authority, safetyMs } from '../model/authority.ts';
import { names } from '../model/names.ts';
import { createTarget, RefusedError, type Target } from './target.ts';

/** A person, or an alarm by itself. */
export type HandedBy = 'operator' | 'alarm';

export interface HeldAuthority extends Authority {
  /** When it was claimed or handed over, in milliseconds since 1970. */
  readonly since: number;
  /** Who had it first. */
  readonly home: string;
  /** Who had it before; undefined for the first. */
  readonly before: string | undefined;
  /** Who handed it over last; undefined for the first, and for what was handed over before this was noted. */
  readonly by: HandedBy | undefined;
  /** When the rules of the region were switched on after a hand-over; undefined before that. */
  readonly started: number | undefined;
  /** Since when its region is being stopped for a hand-over; undefined once the authority was taken, or the hand-over called off. */
  readonly stopped: number | undefined;
  /** From when on events may have run nowhere, when it was taken; undefined for the first, and for what was handed over before this was noted. */
  readonly unheard: number | undefined;
  /** The epoch for which these have been replayed; undefined, or an earlier one, where they have not. */
  readonly replayed: number | undefined;
}

/** The same pipeline in another region. */
export const targetIn = ({ pipeline, deployment, clientOptions, trail }: Target, region: string): Target =>
  createTarget({ ...clientOptions, pipeline, deployment, region, trail });

/** As a region sees it; undefined where nobody has it yet. */
export async function authorityIn({ dynamodb, deployment }: Target): Promise<HeldAuthority | undefined> {
  const key = { TableName: names.authority(deployment), Key: marshall({ id: ACTIVE }) };
  const { Item } = await dynamodb.send(new GetItemCommand({ ...key, ConsistentRead: true }));
  return Item && authorityOf(Item);
}

/** As `authorityIn`. @throws RefusedError when the pipeline is not deployed there */
export const authorityThere = (target: Target): Promise<HeldAuthority | undefined> =>
  authorityIn(target).catch((error: Error) => {
    if (error.name !== 'ResourceNotFoundException') throw error;
    const { deployment, region } = target;
    throw new RefusedError(
      `there is no ${names.authority(deployment)} in ${region}; is ${names.base(deployment)} deployed there?`,
    );
  });

/**
 * Makes sure that what an operator is about to tell a region is heard there: in the passive one rules and sources are off, and what
 * is sent into its queues lies there.
 * @throws RefusedError where another region may commit
 */
export async function mustBeActive(target: Target): Promise<void> {
  const held = await authorityThere(target);
  if (held === undefined || held.region === target.region) return;
  throw new RefusedError(
    `${held.region} is the active region; in ${target.region} all is off until a failover, and nobody would hear of it. ` +
      `Say it with --region ${held.region}`,
  );
}

/**
 * The pipeline in the region that is active, be it this one: what was given up elsewhere is sent back there.
 * @throws RefusedError when the pipeline is not deployed here
 */
export async function whereActive(target: Target): Promise<Target> {
  const held = await authorityThere(target);
  return held === undefined || held.region === target.region ? target : targetIn(target, held.region);
}

const authorityOf = (item: Record<string, any>): HeldAuthority => {
  const { region, epoch, from, until, arrived, since, home, before, by, ...noted } = unmarshall(item);
  const { started, stopped, unheard, replayed } = noted;
  return { region, epoch, from, until, arrived, since, home, before, by, started, stopped, unheard, replayed };
};

/** The longest that an invocation can still write after it has asked. */
export const longestInvocation = ({ pipeline }: Target): number =>
  1000 * Math.max(...pipeline.stages.map(({ timeoutSeconds }) => timeoutSeconds));

/**
 * Takes the authority for the target's region, from when on the other is sure to have stopped.
 * @param now the region's own time; an operator's clock may be wrong
 * @param unheard from when on events may have run nowhere, in milliseconds since 1970
 * @throws RefusedError when it has changed hands meanwhile
 */
export async function take(
  target: Target,
  old: HeldAuthority,
  { now, by, unheard }: { readonly now: number; readonly by: HandedBy; readonly unheard: number },
): Promise<HeldAuthority> {
  const { dynamodb, deployment, region } = target;
  const renewed = old.until !== undefined;
  try {
    const { Attributes } = await dynamodb.send(
      new UpdateItemCommand({
        TableName: names.authority(deployment),
        Key: marshall({ id: ACTIVE }),
        // Counted from the end that stands there now: it may have been renewed since it was looked at.
        UpdateExpression: `SET #region = :region, epoch = epoch + :one, #from = ${renewed ? '#until' : ':now'} + :wait, since = :now, unheard = :unheard, #before = :before, #by = :by REMOVE started, stopped, arrived`,
        ConditionExpression: `epoch = :epoch AND attribute${renewed ? '' : '_not'}_exists(#until)`,
        ExpressionAttributeNames: {
          '#region': 'region',
          '#from': 'from',
          '#until': 'until',
          '#before': 'before',
          '#by': 'by',
        },
        ExpressionAttributeValues: marshall({
          ':region': region,
          ':before': old.region,
          ':by': by,
          ':one': 1,
          ':epoch': old.epoch,
          ':now': now,
          ':unheard': unheard,
          ':wait': safetyMs(old, longestInvocation(target)),
        }),
        ReturnValues: 'ALL_NEW',
      }),
    );
    return authorityOf(Attributes!);
  } catch (error) {
    if ((error as Error).name !== 'ConditionalCheckFailedException') throw error;
    throw changedHands();
  }
}

/** Notes that the region's rules are on: from then on nothing needs to be replayed. Returns since when. @throws as `noteArrival` */
export async function noteStart(target: Target, { epoch }: HeldAuthority, now: number): Promise<number> {
  const held = await change(target, epoch, { set: 'started = if_not_exists(started, :now)', values: { ':now': now } });
  return held.started!;
}

/** Notes that the region that has the authority is being stopped. Returns since when. @throws as `noteArrival` */
export async function noteStop(target: Target, { epoch }: HeldAuthority, now: number): Promise<number> {
  const held = await change(target, epoch, { set: 'stopped = if_not_exists(stopped, :now)', values: { ':now': now } });
  return held.stopped!;
}

/** Notes that events may have run nowhere from an earlier time on: they are to be replayed. @throws as `noteArrival` */
export const noteUnheard = (target: Target, { epoch }: HeldAuthority, unheard: number): Promise<HeldAuthority> =>
  change(target, epoch, { set: 'unheard = :unheard', remove: 'replayed', values: { ':unheard': unheard } });

/** Notes that they have been replayed. @throws as `noteArrival` */
export const noteReplayed = (target: Target, { epoch }: HeldAuthority): Promise<HeldAuthority> =>
  change(target, epoch, { set: 'replayed = :epoch' });

/** Notes that all that was written before it was taken has come. @throws RefusedError when it has changed hands meanwhile */
export const noteArrival = (target: Target, { epoch }: HeldAuthority): Promise<HeldAuthority> =>
  change(target, epoch, { set: 'arrived = :epoch' });

/** Notes that it goes on. @throws as `noteArrival` */
export const forgetStop = (target: Target, { epoch }: HeldAuthority): Promise<HeldAuthority> =>
  change(target, epoch, { remove: 'stopped' });

interface Change {
  readonly set?: string;
  readonly remove?: string;
  readonly values?: Readonly<Record<string, number>>;
}

async function change(
  { dynamodb, deployment }: Target,
  epoch: number,
  { set, remove, values }: Change,
): Promise<HeldAuthority> {
  try {
    const { Attributes } = await dynamodb.send(
      new UpdateItemCommand({
        TableName: names.authority(deployment),
        Key: marshall({ id: ACTIVE }),
        UpdateExpression: `${set ? `SET ${set}` : ''} ${remove ? `REMOVE ${remove}` : ''}`.trim(),
        ConditionExpression: 'epoch = :epoch',
        ExpressionAttributeValues: marshall({ ...values, ':epoch': epoch }),
        ReturnValues: 'ALL_NEW',
      }),
    );
    return authorityOf(Attributes!);
  } catch (error) {
    if ((error as Error).name !== 'ConditionalCheckFailedException') throw error;
    throw changedHands();
  }
}

const changedHands = () => new RefusedError('the authority has just changed hands; look at it with: regions');
