import type {
  DescribeTableInput,
  DescribeTableOutput,
  GlobalSecondaryIndexDescription,
  ReplicaDescription,
  TableDescription,
} from '@aws-sdk/client-dynamodb';
import { type Action, type Context, refuseUnknown } from '../service.ts';
import { describedTable, type Index, type Table, type Tables } from './state.ts';
import type { Order } from './strong/order.ts';
import type { OnWire } from './values.ts';

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeTable.html */
export const describeTable: Action<Tables, OnWire<DescribeTableInput>, OnWire<DescribeTableOutput>> = (
  input,
  state,
  context,
) => {
  refuseUnknown('DescribeTable', input, ['TableName']);
  return { Table: descriptionOf(describedTable(state, input.TableName!), context) };
};

/** A table as answers show it; counts are exact, where AWS's are up to six hours old. */
export function descriptionOf(
  table: Table,
  context: Context,
  status: 'CREATING' | 'ACTIVE' | 'DELETING' = 'ACTIVE',
): OnWire<TableDescription> {
  const { design, items, keyArn, streams } = table;
  // AWS labels a stream with the time it began, as text.
  const label = String(table.createdAt);
  return {
    AttributeDefinitions: [...design.definitions] as OnWire<TableDescription>['AttributeDefinitions'],
    TableName: table.name,
    KeySchema: [...design.schema] as OnWire<TableDescription>['KeySchema'],
    TableStatus: status,
    CreationDateTime: table.createdAt / 1000,
    ProvisionedThroughput: { NumberOfDecreasesToday: 0, ReadCapacityUnits: 0, WriteCapacityUnits: 0 },
    TableSizeBytes: items.bytes,
    ItemCount: items.count,
    TableArn: table.arn,
    TableId: table.id,
    BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST', LastUpdateToPayPerRequestDateTime: table.createdAt / 1000 },
    DeletionProtectionEnabled: table.deletionProtection,
    ...(table.tableClass === 'STANDARD' ? {} : { TableClassSummary: { TableClass: 'STANDARD_INFREQUENT_ACCESS' } }),
    ...(table.indexes.size > 0
      ? { GlobalSecondaryIndexes: [...table.indexes.values()].map((index) => indexOf(table, index)) }
      : {}),
    ...(streams
      ? { StreamSpecification: streams, LatestStreamLabel: label, LatestStreamArn: `${table.arn}/stream/${label}` }
      : {}),
    ...(keyArn ? { SSEDescription: { Status: 'ENABLED', SSEType: 'KMS', KMSMasterKeyArn: keyArn } } : {}),
    ...(table.order ? orderOf(table.order) : {}),
    ...(table.replicas.size > 0 ? { GlobalTableVersion: '2019.11.21', Replicas: replicasOf(table, context) } : {}),
  };
}

const indexOf = ({ arn }: Table, { definition, entries }: Index): OnWire<GlobalSecondaryIndexDescription> => ({
  IndexName: definition.IndexName,
  KeySchema: definition.KeySchema,
  Projection: definition.Projection,
  IndexStatus: 'ACTIVE',
  ProvisionedThroughput: { NumberOfDecreasesToday: 0, ReadCapacityUnits: 0, WriteCapacityUnits: 0 },
  IndexSizeBytes: entries.bytes,
  ItemCount: entries.count,
  IndexArn: `${arn}/index/${definition.IndexName}`,
});

const orderOf = ({ members, witness }: Order): OnWire<TableDescription> => ({
  GlobalTableVersion: '2019.11.21',
  MultiRegionConsistency: 'STRONG',
  Replicas: members
    .filter((region) => region !== witness)
    .sort()
    .map((RegionName) => ({ RegionName, ReplicaStatus: 'ACTIVE' })),
  ...(witness ? { GlobalTableWitnesses: [{ RegionName: witness, WitnessStatus: 'ACTIVE' }] } : {}),
});

/** AWS lists the asking region too. */
const replicasOf = (table: Table, { region }: Context): OnWire<ReplicaDescription>[] =>
  [region, ...table.replicas.keys()].sort().map((RegionName) => ({ RegionName, ReplicaStatus: 'ACTIVE' }));
