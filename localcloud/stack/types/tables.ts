/** What both kinds of DynamoDB table share. */
import { isDeepStrictEqual } from 'node:util';
import type { Properties, ResourceContext, Standing } from '../resource-type.ts';

/** Where a table is: a replica's settings are made in its own region. */
export interface TablePlace {
  readonly TableName: string;
  readonly region?: string;
}

const to = ({ region }: TablePlace) => (region === undefined ? {} : { region });

interface TimeToLive {
  readonly Enabled: boolean;
  readonly AttributeName?: string;
}

/** Switches time to live on or off, where `after` differs from `before`. */
export function setTimeToLive(
  TableName: string,
  change: { readonly before?: TimeToLive | undefined; readonly after?: TimeToLive | undefined },
  context: ResourceContext,
): void {
  const { before, after } = change;
  if (isDeepStrictEqual(before, after) || (!before?.Enabled && !after?.Enabled)) return;
  const TimeToLiveSpecification = after ?? { ...before, Enabled: false };
  context.call('dynamodb', 'UpdateTimeToLive', { TableName, TimeToLiveSpecification });
}

export function setPointInTimeRecovery(
  place: TablePlace,
  specification: Properties | undefined,
  context: ResourceContext,
): void {
  const PointInTimeRecoverySpecification = specification ?? { PointInTimeRecoveryEnabled: false };
  const request = { TableName: place.TableName, PointInTimeRecoverySpecification };
  context.call('dynamodb', 'UpdateContinuousBackups', request, to(place));
}

interface Index {
  readonly IndexName: string;
}

/** The changes that make the indexes of `before` those of `after`, each a call of its own since DynamoDB takes one at a time. */
export function indexUpdates(before: readonly Index[] = [], after: readonly Index[] = []): object[][] {
  const isIn = (indexes: readonly Index[]) => (index: Index) =>
    indexes.some((other) => isDeepStrictEqual(index, other));
  const gone = before.filter((index) => !isIn(after)(index));
  const come = after.filter((index) => !isIn(before)(index));
  return [...gone.map(({ IndexName }) => [{ Delete: { IndexName } }]), ...come.map((index) => [{ Create: index }])];
}

export function tagTable(
  ResourceArn: unknown,
  changes: { gone: string[]; put: readonly object[] },
  call: (action: string, input: object) => void,
) {
  if (changes.gone.length > 0) call('UntagResource', { ResourceArn, TagKeys: changes.gone });
  if (changes.put.length > 0) call('TagResource', { ResourceArn, Tags: changes.put });
}

/** A table as it stands, with the attributes of `AWS::DynamoDB::GlobalTable`; a table without a stream has an empty `StreamArn`. */
export function tableStanding(TableName: string, context: ResourceContext): Standing {
  const { Table } = context.call('dynamodb', 'DescribeTable', { TableName });
  return {
    ref: TableName,
    attributes: { Arn: Table.TableArn, StreamArn: Table.LatestStreamArn ?? '', TableId: Table.TableId },
  };
}
