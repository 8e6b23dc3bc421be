import type { Properties, ResourceContext, ResourceType, Standing } from '../resource-type.ts';
import { pick, tagChanges } from './properties.ts';
import { indexUpdates, setPointInTimeRecovery, setTimeToLive, tableStanding, tagTable } from './tables.ts';

/** Members that the action names as CloudFormation does. */
const SAME = ['BillingMode', 'DeletionProtectionEnabled', 'OnDemandThroughput', 'ProvisionedThroughput', 'TableClass'];

/** `SSEEnabled` is CloudFormation's word for the action's `Enabled`, and a stream that is given is enabled. */
function specifications({ SSESpecification: encryption, StreamSpecification: stream }: Properties) {
  return {
    ...(encryption === undefined
      ? {}
      : {
          SSESpecification: {
            Enabled: encryption.SSEEnabled,
            ...(encryption.SSEEnabled ? { SSEType: encryption.SSEType ?? 'KMS' } : {}),
            ...pick(encryption, ['KMSMasterKeyId']),
          },
        }),
    ...(stream === undefined
      ? {}
      : { StreamSpecification: { StreamEnabled: true, StreamViewType: stream.StreamViewType } }),
  };
}

/** What UpdateTable must be told when a property is removed. */
const WITHOUT: Properties = {
  DeletionProtectionEnabled: false,
  SSESpecification: { Enabled: false },
  StreamSpecification: { StreamEnabled: false },
  TableClass: 'STANDARD',
};

function updateTable(TableName: string, change: { before: Properties; after: Properties }, context: ResourceContext) {
  const { before, after } = change;
  const changed = [...SAME, 'SSESpecification', 'StreamSpecification'].filter(
    (name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]),
  );
  const wanted: Properties = { ...WITHOUT, ...pick(after, SAME), ...specifications(after) };
  const request = pick(wanted, changed);
  if (Object.keys(request).length > 0) context.call('dynamodb', 'UpdateTable', { TableName, ...request });
  const { AttributeDefinitions } = after;
  for (const updates of indexUpdates(before.GlobalSecondaryIndexes, after.GlobalSecondaryIndexes)) {
    context.call('dynamodb', 'UpdateTable', { TableName, AttributeDefinitions, GlobalSecondaryIndexUpdates: updates });
  }
}

/** A table of one region. `Ref` is the name. */
export const dynamodbTable: ResourceType = {
  type: 'AWS::DynamoDB::Table',
  properties: [
    'AttributeDefinitions',
    ...SAME,
    'GlobalSecondaryIndexes',
    'KeySchema',
    'LocalSecondaryIndexes',
    'PointInTimeRecoverySpecification',
    'SSESpecification',
    'StreamSpecification',
    'TableName',
    'Tags',
    'TimeToLiveSpecification',
  ],
  attributes: ['Arn', 'StreamArn'],
  replacement: ['KeySchema', 'LocalSecondaryIndexes', 'TableName'],
  named: 'TableName',
  create(properties, context) {
    const TableName = properties.TableName ?? context.name();
    const keys = ['AttributeDefinitions', 'GlobalSecondaryIndexes', 'KeySchema', 'LocalSecondaryIndexes', 'Tags'];
    context.call('dynamodb', 'CreateTable', {
      TableName,
      ...pick(properties, [...keys, ...SAME]),
      ...specifications(properties),
    });
    context.made({ ref: TableName, attributes: {} });
    setTimeToLive(TableName, { after: properties.TimeToLiveSpecification }, context);
    const recovery = properties.PointInTimeRecoverySpecification;
    if (recovery) setPointInTimeRecovery({ TableName }, recovery, context);
    return standing(TableName, context);
  },
  update(after, { ref: TableName, attributes, properties: before }, context) {
    updateTable(TableName, { before, after }, context);
    const [was, is] = [before.TimeToLiveSpecification, after.TimeToLiveSpecification];
    setTimeToLive(TableName, { before: was, after: is }, context);
    const recovery = after.PointInTimeRecoverySpecification;
    if (JSON.stringify(recovery) !== JSON.stringify(before.PointInTimeRecoverySpecification)) {
      setPointInTimeRecovery({ TableName }, recovery, context);
    }
    tagTable(attributes.Arn, tagChanges(before.Tags, after.Tags), (action, input) =>
      context.call('dynamodb', action, input),
    );
    return standing(TableName, context);
  },
  remove: ({ ref: TableName }, context) => void context.call('dynamodb', 'DeleteTable', { TableName }),
};

function standing(name: string, context: ResourceContext): Standing {
  const { ref, attributes } = tableStanding(name, context);
  return { ref, attributes: { Arn: attributes.Arn, StreamArn: attributes.StreamArn } };
}
