/** DynamoDB: on-demand tables, all item actions, transactions, expiry, and global tables of either consistency. */
import type { Service } from '../service.ts';
import { applyReplicatedWrites } from './apply-replicated-writes.ts';
import { batchGetItem } from './batch-get-item.ts';
import { batchWriteItem } from './batch-write-item.ts';
import { describeContinuousBackups, updateContinuousBackups } from './continuous-backups.ts';
import { createTable } from './create-table.ts';
import { deleteItem } from './delete-item.ts';
import { deleteTable } from './delete-table.ts';
import { describeTable } from './describe-table.ts';
import { getItem } from './get-item.ts';
import { listTables } from './list-tables.ts';
import { putItem } from './put-item.ts';
import { query } from './query.ts';
import { regionReturned } from './region.ts';
import { applyReplicaDeletion, applyReplicaGroup } from './replica-group.ts';
import { replicate, reportReplication } from './replication.ts';
import { deleteResourcePolicy, getResourcePolicy, putResourcePolicy } from './resource-policy.ts';
import { scan } from './scan.ts';
import { createTables, type Tables } from './state.ts';
import { exchangeOrderedWrites, offerOrderedWrites } from './strong/exchange.ts';
import { applyWitness } from './strong/group.ts';
import { showOrderedWrites } from './strong/show.ts';
import { holdOrderedItem } from './strong/turn.ts';
import { sweepExpired } from './sweep-expired.ts';
import { listTagsOfResource, tagResource, untagResource } from './tags.ts';
import { describeTimeToLive, updateTimeToLive } from './time-to-live-actions.ts';
import { transactGetItems } from './transact-get-items.ts';
import { transactWriteItems } from './transact-write-items.ts';
import { updateItem } from './update-item.ts';
import { updateTable } from './update-table.ts';

export const dynamodb: Service<Tables> = {
  name: 'dynamodb',
  create: createTables,
  actions: {
    BatchGetItem: batchGetItem,
    BatchWriteItem: batchWriteItem,
    CreateTable: createTable,
    DeleteItem: deleteItem,
    DeleteResourcePolicy: deleteResourcePolicy,
    DeleteTable: deleteTable,
    DescribeContinuousBackups: describeContinuousBackups,
    DescribeTable: describeTable,
    DescribeTimeToLive: describeTimeToLive,
    GetItem: getItem,
    GetResourcePolicy: getResourcePolicy,
    ListTables: listTables,
    ListTagsOfResource: listTagsOfResource,
    PutItem: putItem,
    PutResourcePolicy: putResourcePolicy,
    Query: query,
    Scan: scan,
    TagResource: tagResource,
    TransactGetItems: transactGetItems,
    TransactWriteItems: transactWriteItems,
    UntagResource: untagResource,
    UpdateContinuousBackups: updateContinuousBackups,
    UpdateItem: updateItem,
    UpdateTable: updateTable,
    UpdateTimeToLive: updateTimeToLive,
    // Not AWS's: between the regions of a global table, and closed to everybody else.
    ApplyReplicaDeletion: applyReplicaDeletion,
    ApplyReplicaGroup: applyReplicaGroup,
    ApplyReplicatedWrites: applyReplicatedWrites,
    ApplyWitness: applyWitness,
    ExchangeOrderedWrites: exchangeOrderedWrites,
    HoldOrderedItem: holdOrderedItem,
  },
  internal: {
    RegionReturned: regionReturned,
    OfferOrderedWrites: offerOrderedWrites,
    Replicate: replicate,
    ReportReplication: reportReplication,
    ShowOrderedWrites: showOrderedWrites,
    SweepExpired: sweepExpired,
  },
  unrecorded: ['ApplyReplicatedWrites', 'ExchangeOrderedWrites', 'HoldOrderedItem'],
};
