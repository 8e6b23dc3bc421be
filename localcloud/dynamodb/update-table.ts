import type { ReplicationGroupUpdate, UpdateTableInput, UpdateTableOutput } from '@aws-sdk/client-dynamodb';
import { type Action, type Context, refuseUnknown, ServiceError } from '../service.ts';
import { keyArnOf } from './create-table.ts';
import { descriptionOf } from './describe-table.ts';
import { checkBillingMode, checkStreams } from './design.ts';
import { updateIndexes } from './index-updates.ts';
import { addReplica, dropReplica } from './replica-group.ts';
import { describedTable, type Table, type Tables } from './state.ts';
import { updateOrder } from './strong/group.ts';
import { invalid, type OnWire } from './values.ts';

const KNOWN = [
  'TableName',
  'AttributeDefinitions',
  'BillingMode',
  'DeletionProtectionEnabled',
  'SSESpecification',
  'TableClass',
  'StreamSpecification',
  'GlobalSecondaryIndexUpdates',
  'ReplicaUpdates',
  'MultiRegionConsistency',
  'GlobalTableWitnessUpdates',
];

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTable.html */
export const updateTable: Action<Tables, OnWire<UpdateTableInput>, OnWire<UpdateTableOutput>> = (
  input,
  state,
  context,
) => {
  refuseUnknown('UpdateTable', input, KNOWN);
  const table = describedTable(state, input.TableName!);
  if (Object.keys(input).every((member) => member === 'TableName' || member === 'AttributeDefinitions')) {
    throw invalid(
      'At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates or SSESpecification or ReplicaUpdates is required',
    );
  }
  checkBillingMode(input.BillingMode);
  if (input.BillingMode !== undefined && input.BillingMode !== 'PAY_PER_REQUEST') {
    throw new ServiceError(
      'NotImplemented',
      `${table.name}: the local cloud has tables with BillingMode PAY_PER_REQUEST only`,
      { status: 501 },
    );
  }
  checkStreams(input.StreamSpecification);
  if (input.DeletionProtectionEnabled !== undefined) table.deletionProtection = input.DeletionProtectionEnabled;
  if (input.SSESpecification) table.keyArn = keyArnOf(input.SSESpecification, context);
  if (input.TableClass) table.tableClass = input.TableClass;
  if (input.StreamSpecification)
    table.streams = input.StreamSpecification.StreamEnabled ? input.StreamSpecification : undefined;
  if (!updateOrder(table, input, context)) {
    for (const update of input.ReplicaUpdates ?? []) updateReplica(table, update, context);
  }
  updateIndexes(table, input, context);
  return { TableDescription: descriptionOf(table, context) };
};

function updateReplica(table: Table, update: OnWire<ReplicationGroupUpdate>, context: Context): void {
  refuseUnknown('UpdateTable.ReplicaUpdates', update, ['Create', 'Delete']);
  const { Create, Delete } = update;
  const region = Create?.RegionName ?? Delete?.RegionName;
  if (!region) throw invalid('One or more parameter values were invalid: a replica update names a region');
  const exists = region === context.region || table.replicas.has(region);
  if (Delete) {
    if (!exists || region === context.region) {
      throw invalid(
        `Replica specified in the Replica Update or Replica Delete action of the request was not found: ${region}`,
      );
    }
    dropReplica(table, region, context);
    return;
  }
  refuseUnknown('UpdateTable.ReplicaUpdates.Create', Create!, ['RegionName', 'KMSMasterKeyId']);
  if (exists)
    throw invalid(
      `Failed to create a the new replica of table with name: '${table.name}' because one or more replicas already existed as tables.`,
    );
  addReplica(table, { region, key: Create!.KMSMasterKeyId }, context);
}
