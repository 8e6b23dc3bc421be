import { refuseUnknown } from '../../service.ts';
import type { Properties, ResourceContext, ResourceType } from '../resource-type.ts';
import { invalid } from '../template.ts';
import { pick, tagChanges } from './properties.ts';
import {
  indexUpdates,
  setPointInTimeRecovery,
  setTimeToLive,
  type TablePlace,
  tableStanding,
  tagTable,
} from './tables.ts';

const REPLICA = [
  'DeletionProtectionEnabled',
  'PointInTimeRecoverySpecification',
  'Region',
  'SSESpecification',
  'TableClass',
  'Tags',
];

type Replica = Properties & { readonly Region: string };

/** The replicas of a table: the one in the stack's region, which is made first, and the others. */
function replicasOf(properties: Properties, { region, logicalId }: Pick<ResourceContext, 'region' | 'logicalId'>) {
  const replicas: Replica[] = properties.Replicas ?? [];
  for (const replica of replicas) refuseUnknown(`AWS::DynamoDB::GlobalTable ${logicalId} Replicas`, replica, REPLICA);
  const home = replicas.find(({ Region }) => Region === region);
  if (!home) throw invalid(`Replicas of ${logicalId} must have the region of the stack, ${region}`);
  return { home, others: replicas.filter((replica) => replica !== home) };
}

function encryption({ SSESpecification: table }: Properties, home: Replica) {
  if (table === undefined) return {};
  const key = pick(home.SSESpecification ?? {}, ['KMSMasterKeyId']);
  const { SSEEnabled, SSEType = 'KMS' } = table;
  return { SSESpecification: { Enabled: SSEEnabled, ...(SSEEnabled ? { SSEType, ...key } : {}) } };
}

const stream = ({ StreamSpecification: given }: Properties) =>
  given === undefined ? {} : { StreamSpecification: { StreamEnabled: true, StreamViewType: given.StreamViewType } };

const indexes = ({ GlobalSecondaryIndexes: given = [] }: Properties) =>
  given.map((index: Properties) => {
    refuseUnknown('AWS::DynamoDB::GlobalTable GlobalSecondaryIndexes', index, ['IndexName', 'KeySchema', 'Projection']);
    return index;
  });

const addReplica = (replica: Replica) => ({
  Create: {
    RegionName: replica.Region,
    ...pick(replica.SSESpecification ?? {}, ['KMSMasterKeyId']),
    ...(replica.TableClass === undefined ? {} : { TableClassOverride: replica.TableClass }),
  },
});

/** Adds replicas. A strongly consistent table takes all of them, and its witness, in one call (DynamoDB API reference, UpdateTable). */
function addReplicas(
  { TableName, properties, added }: { TableName: string; properties: Properties; added: readonly Replica[] },
  context: ResourceContext,
) {
  if (properties.MultiRegionConsistency === 'STRONG') {
    const witnesses = (properties.GlobalTableWitnesses ?? []) as { Region: string }[];
    context.call('dynamodb', 'UpdateTable', {
      TableName,
      MultiRegionConsistency: 'STRONG',
      ReplicaUpdates: added.map(addReplica),
      ...(witnesses.length === 0
        ? {}
        : { GlobalTableWitnessUpdates: witnesses.map(({ Region }) => ({ Create: { RegionName: Region } })) }),
    });
  } else {
    for (const replica of added)
      context.call('dynamodb', 'UpdateTable', { TableName, ReplicaUpdates: [addReplica(replica)] });
  }
}

/** Drops replicas; those of a strongly consistent table, and its witness, go together as they came. */
function dropReplicas(
  { TableName, properties, dropped }: { TableName: string; properties: Properties; dropped: readonly Replica[] },
  context: ResourceContext,
) {
  const drop = ({ Region }: { Region: string }) => ({ Delete: { RegionName: Region } });
  if (properties.MultiRegionConsistency !== 'STRONG') {
    for (const replica of dropped) {
      context.call('dynamodb', 'UpdateTable', { TableName, ReplicaUpdates: [drop(replica)] });
    }
    return;
  }
  const witnesses = (properties.GlobalTableWitnesses ?? []) as { Region: string }[];
  context.call('dynamodb', 'UpdateTable', {
    TableName,
    ReplicaUpdates: dropped.map(drop),
    ...(witnesses.length === 0 ? {} : { GlobalTableWitnessUpdates: witnesses.map(drop) }),
  });
}

/** What each replica has of its own, set in its region, where it differs from `before`. */
function setReplica(
  place: TablePlace & { region: string },
  change: { before?: Replica | undefined; after: Replica },
  context: ResourceContext,
) {
  const { before, after } = change;
  const isChanged = (name: string) => JSON.stringify(before?.[name]) !== JSON.stringify(after[name]);
  if (isChanged('PointInTimeRecoverySpecification')) {
    setPointInTimeRecovery(place, after.PointInTimeRecoverySpecification, context);
  }
  if (isChanged('DeletionProtectionEnabled')) {
    const request = {
      TableName: place.TableName,
      DeletionProtectionEnabled: after.DeletionProtectionEnabled ?? false,
    };
    context.call('dynamodb', 'UpdateTable', request, { region: place.region });
  }
  if (isChanged('Tags')) {
    const ResourceArn = `arn:aws:dynamodb:${place.region}:${context.account}:table/${place.TableName}`;
    tagTable(ResourceArn, tagChanges(before?.Tags, after.Tags), (action, input) =>
      context.call('dynamodb', action, input, { region: place.region }),
    );
  }
}

/** A table with its replicas, all owned by the stack of one region. `Ref` is the name. */
export const dynamodbGlobalTable: ResourceType = {
  type: 'AWS::DynamoDB::GlobalTable',
  properties: [
    'AttributeDefinitions',
    'BillingMode',
    'GlobalSecondaryIndexes',
    'GlobalTableWitnesses',
    'KeySchema',
    'LocalSecondaryIndexes',
    'MultiRegionConsistency',
    'Replicas',
    'SSESpecification',
    'StreamSpecification',
    'TableName',
    'TimeToLiveSpecification',
  ],
  attributes: ['Arn', 'StreamArn', 'TableId'],
  replacement: ['KeySchema', 'LocalSecondaryIndexes', 'MultiRegionConsistency', 'TableName'],
  named: 'TableName',
  create(properties, context) {
    const TableName = properties.TableName ?? context.name();
    const { home, others } = replicasOf(properties, context);
    const GlobalSecondaryIndexes = indexes(properties);
    context.call('dynamodb', 'CreateTable', {
      TableName,
      ...pick(properties, ['AttributeDefinitions', 'BillingMode', 'KeySchema', 'LocalSecondaryIndexes']),
      ...(GlobalSecondaryIndexes.length > 0 ? { GlobalSecondaryIndexes } : {}),
      ...pick(home, ['DeletionProtectionEnabled', 'TableClass', 'Tags']),
      ...encryption(properties, home),
      ...stream(properties),
    });
    context.made({ ref: TableName, attributes: {} });
    addReplicas({ TableName, properties, added: others }, context);
    setTimeToLive(TableName, { after: properties.TimeToLiveSpecification }, context);
    // The home region's protection and tags came with CreateTable; only its recovery is left to set.
    const recovery = home.PointInTimeRecoverySpecification;
    if (recovery) setPointInTimeRecovery({ TableName }, recovery, context);
    for (const replica of others) setReplica({ TableName, region: replica.Region }, { after: replica }, context);
    return tableStanding(TableName, context);
  },
  update(after, { ref: TableName, properties: before }, context) {
    updateTable(TableName, { before, after }, context);
    updateReplicas(TableName, { before, after }, context);
    const [was, is] = [before.TimeToLiveSpecification, after.TimeToLiveSpecification];
    setTimeToLive(TableName, { before: was, after: is }, context);
    return tableStanding(TableName, context);
  },
  remove({ ref: TableName, properties }, context) {
    const { others } = replicasOf(properties, context);
    dropReplicas({ TableName, properties, dropped: others }, context);
    context.call('dynamodb', 'DeleteTable', { TableName });
  },
};

interface TableChange {
  readonly before: Properties;
  readonly after: Properties;
}

function updateTable(TableName: string, { before, after }: TableChange, context: ResourceContext): void {
  const { home } = replicasOf(after, context);
  const { home: oldHome } = replicasOf(before, context);
  const [was, is] = [
    {
      ...pick(before, ['BillingMode']),
      ...pick(oldHome, ['TableClass']),
      ...encryption(before, oldHome),
      ...stream(before),
    },
    { ...pick(after, ['BillingMode']), ...pick(home, ['TableClass']), ...encryption(after, home), ...stream(after) },
  ] as [Properties, Properties];
  const changed = Object.keys(is).filter((name) => JSON.stringify(is[name]) !== JSON.stringify(was[name]));
  if (changed.length > 0) context.call('dynamodb', 'UpdateTable', { TableName, ...pick(is, changed) });
  const { AttributeDefinitions } = after;
  for (const updates of indexUpdates(indexes(before), indexes(after))) {
    context.call('dynamodb', 'UpdateTable', { TableName, AttributeDefinitions, GlobalSecondaryIndexUpdates: updates });
  }
}

function updateReplicas(TableName: string, { before, after }: TableChange, context: ResourceContext): void {
  const was = replicasOf(before, context);
  const is = replicasOf(after, context);
  const find = (replicas: readonly Replica[], region: string) => replicas.find(({ Region }) => Region === region);
  const dropped = was.others.filter((replica) => !find(is.others, replica.Region));
  if (dropped.length > 0) dropReplicas({ TableName, properties: before, dropped }, context);
  const added = is.others.filter((replica) => !find(was.others, replica.Region));
  if (added.length > 0) addReplicas({ TableName, properties: after, added }, context);
  for (const replica of [is.home, ...is.others]) {
    const previous = find([was.home, ...was.others], replica.Region);
    setReplica({ TableName, region: replica.Region }, { before: previous, after: replica }, context);
  }
}
