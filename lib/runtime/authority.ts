/**
 * Whether this region may commit. Asked at the start of every batch and, by the clock alone, before every write: a region
 * that is cut off from the other reads its own copy of everything, so only time can stop it.
 */
import { type DynamoDBClient, GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { ACTIVE, type Authority, FRESH_MS, LEASE_MS, RENEW_BELOW_MS, SKEW_MS } from '../model/authority.ts';
import type { CloudEvent } from '../model/envelope.ts';
import { now } from './clock.ts';
import { comeBackAfter } from './come-back.ts';

/** Another region is active, or this one may not commit yet or any more. What arrives waits in its queue. */
export class NotActive extends Error {
  override name = 'NotActive';
}

export interface Keeper {
  /** Makes sure that this region may commit, renewing its lease where little is left. @throws NotActive */
  enter(): Promise<void>;
  /** Before a write. @throws NotActive when the lease has run out meanwhile */
  check(): void;
  /** How often the authority has changed hands, from 1, as far as this region knows. */
  epoch(): number;
  /** Whether an event is older than a hand-over to this region. */
  isFromBefore(event: Pick<CloudEvent, 'time'>): boolean;
  /** Whether all that was written before the last hand-over has come. */
  hasArrived(): boolean;
}

export interface KeeperOptions {
  readonly dynamodb: Pick<DynamoDBClient, 'send'>;
  /** Physical name of the table. */
  readonly table: string;
  readonly region: string;
  /** Where the pipeline began: this region may claim the authority while nobody ever had it. */
  readonly home: string;
  /** Whether the authority has an end and is renewed; or is handed over by a person, and lasts. */
  readonly renewed: boolean;
}

/** How soon what cannot be committed here is looked at again. It should be switched off by then. */
const AGAIN_MS = 300_000;
const SOON_MS = 5000;

export function createKeeper(options: KeeperOptions): Keeper {
  const { region, renewed } = options;
  let held: (Authority & { readonly read: number }) | undefined;

  const refuse = (why: string, again: number): never => {
    const error = new NotActive(`${region} may not commit: ${why}`);
    comeBackAfter(error, Math.min(AGAIN_MS, Math.max(1000, again)));
    throw error;
  };

  /** What is held still covers a write now. */
  const isCovered = (at: number): boolean =>
    held !== undefined && (held.until === undefined || at < held.until - SKEW_MS);

  return {
    async enter() {
      const at = now();
      if (held && at - held.read < FRESH_MS && isCovered(at)) return;
      try {
        const found = (await read(options)) ?? (await claim(options, at));
        if (!found) return refuse(`nobody has the authority yet, and ${options.home} is to have it first`, SOON_MS);
        if (found.region !== region) return refuse(`${found.region} has the authority, epoch ${found.epoch}`, AGAIN_MS);
        if (at < found.from) return refuse(`it has the authority from ${stamp(found.from)} on`, found.from - at);
        const mine = renewed && (found.until ?? 0) - at < RENEW_BELOW_MS ? await renew(options, found, at) : found;
        if (!mine) return refuse('the authority was taken from it', AGAIN_MS);
        held = { ...mine, read: at };
      } catch (error) {
        // Where the authority cannot be read or renewed, what is left of the lease still holds. One without an end does not:
        // it may have been handed over.
        if (error instanceof NotActive || !isCovered(at) || held!.until === undefined) throw error;
      }
      if (!isCovered(at)) refuse('its lease has run out', SOON_MS);
    },
    check() {
      if (!isCovered(now())) refuse(held ? 'its lease has run out' : 'it has not asked', SOON_MS);
    },
    epoch: () => held?.epoch ?? 1,
    isFromBefore: ({ time }) => held !== undefined && held.epoch > 1 && Date.parse(time) < held.from,
    hasArrived: () => held !== undefined && held.arrived === held.epoch,
  };
}

const stamp = (time: number): string => new Date(time).toISOString();

const authorityOf = (item: Record<string, any>): Authority => {
  const { region, epoch, from, until, arrived } = unmarshall(item);
  return { region, epoch, from, until, arrived };
};

/** The region's own copy will do: an old one shows an earlier end, or a region that has it no longer, which stops sooner. */
async function read({ dynamodb, table }: KeeperOptions): Promise<Authority | undefined> {
  const { Item } = await dynamodb.send(new GetItemCommand({ TableName: table, Key: marshall({ id: ACTIVE }) }));
  return Item && authorityOf(Item);
}

/** The first authority there is. Undefined when it is not this region's to claim. */
async function claim({ dynamodb, table, region, home, renewed }: KeeperOptions, at: number) {
  if (region !== home) return undefined;
  try {
    const { Attributes } = await dynamodb.send(
      new UpdateItemCommand({
        TableName: table,
        Key: marshall({ id: ACTIVE }),
        UpdateExpression: `SET #region = :region, home = :region, epoch = :first, #from = :at, since = :at${renewed ? ', #until = :until' : ''}`,
        ConditionExpression: 'attribute_not_exists(id)',
        ExpressionAttributeNames: {
          '#region': 'region',
          '#from': 'from',
          ...(renewed ? { '#until': 'until' } : {}),
        },
        ExpressionAttributeValues: marshall({
          ':region': region,
          ':first': 1,
          ':at': at,
          ...(renewed ? { ':until': at + LEASE_MS } : {}),
        }),
        ReturnValues: 'ALL_NEW',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    );
    return authorityOf(Attributes!);
  } catch (error) {
    return whatStands(error);
  }
}

/** Undefined when somebody else has it. */
async function renew(
  { dynamodb, table, region }: KeeperOptions,
  { epoch }: Authority,
  at: number,
): Promise<Authority | undefined> {
  try {
    const { Attributes } = await dynamodb.send(
      new UpdateItemCommand({
        TableName: table,
        Key: marshall({ id: ACTIVE }),
        UpdateExpression: 'SET #until = :until',
        ConditionExpression:
          '#region = :region AND epoch = :epoch AND (attribute_not_exists(#until) OR #until < :until)',
        ExpressionAttributeNames: { '#region': 'region', '#until': 'until' },
        ExpressionAttributeValues: marshall({ ':region': region, ':epoch': epoch, ':until': at + LEASE_MS }),
        ReturnValues: 'ALL_NEW',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    );
    return authorityOf(Attributes!);
  } catch (error) {
    const standing = whatStands(error);
    // Somebody renewed it for longer in the meantime.
    return standing?.region === region && standing.epoch === epoch ? standing : undefined;
  }
}

/** What made a condition fail; undefined where it is not said. @throws any other error */
function whatStands(error: unknown): Authority | undefined {
  if (!(error instanceof Error) || error.name !== 'ConditionalCheckFailedException') throw error;
  const item = 'Item' in error ? (error.Item as Record<string, any> | undefined) : undefined;
  return item && authorityOf(item);
}
