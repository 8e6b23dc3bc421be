/**
 * What DynamoDB asks of policies (Service Authorization Reference, "Amazon DynamoDB"; Developer Guide, "Using IAM with
 * DynamoDB transactions"). A table under a customer's key is read and written with `kms:Decrypt` of whoever does so: that
 * is whom CloudTrail names as the user who decrypts the table's key (Developer Guide, "DynamoDB encryption at rest"). New
 * table keys DynamoDB makes by a grant.
 */
import { type KeyProblem, keyNeeds } from '../kms/authorisation.ts';
import {
  type Asked,
  type Authorisation,
  type Demand,
  type Needs,
  needsOn,
  type Requirement,
} from '../policy/demand.ts';
import { ServiceError } from '../service.ts';
import { keyArnOf } from './create-table.ts';
import { batch, type Item, keysOf, transaction } from './fine-grained.ts';
import type { Table, Tables } from './state.ts';
import { nameOfTable } from './table-names.ts';

const tableNamed = ({ cloud, region }: Asked, name: string): Table | undefined =>
  cloud.state<Tables>('dynamodb', region).byName.get(nameOfTable(name));

const tableArn = ({ region, account }: Asked, name: string): string =>
  `arn:aws:dynamodb:${region}:${account}:table/${nameOfTable(name)}`;

/** One action on the items of one table, and the key of that table. */
function itemDemand(item: Item, asked: Asked): Demand {
  const { action, request } = item;
  const name = String(request.TableName ?? '');
  const index = request.IndexName === undefined ? '' : `/index/${request.IndexName}`;
  const table = tableNamed(asked, name);
  return {
    action: `dynamodb:${action}`,
    resource: `${tableArn(asked, name)}${index}`,
    policy: table?.policy,
    keys: keysOf(item, table),
  };
}

function itemNeeds(items: readonly Item[], asked: Asked): readonly Requirement[] {
  const tables = new Set(items.map(({ request }) => tableNamed(asked, String(request.TableName ?? ''))));
  return [
    ...items.map((item) => itemDemand(item, asked)),
    ...[...tables].flatMap((table) => (table ? decrypting(table, asked) : [])),
  ];
}

const bound = (name: string, { account }: Asked) => ({
  'aws:dynamodb:tableName': name,
  'aws:dynamodb:subscriberId': account,
});

/** AWS keeps a caller's decrypted table key for five minutes; here every call asks. */
const decrypting = ({ keyArn, name }: Table, asked: Asked): readonly Requirement[] =>
  keyArn === undefined
    ? []
    : keyNeeds(
        { key: keyArn, operations: ['Decrypt'], via: 'dynamodb', bound: bound(name, asked), refuse: keyError },
        asked,
      );

function keyError({ kind, message }: KeyProblem): ServiceError {
  return kind === 'denied'
    ? new ServiceError('AccessDeniedException', `KMS key access denied error: ${message}`)
    : new ServiceError('ValidationException', `KMS validation error: ${message}`);
}

/** "DynamoDB gets permission to use the key on behalf of the principal who makes the selection" (Developer Guide, "Managing encrypted tables"). */
const choosing = [
  'DescribeKey',
  'Encrypt',
  'Decrypt',
  'GenerateDataKey',
  'ReEncryptFrom',
  'ReEncryptTo',
  'CreateGrant',
];

function choosingKey(specification: any, where: { name: string; region: string }, asked: Asked) {
  const key = keyArnOf(specification, { region: where.region, account: asked.account });
  if (key === undefined) return [];
  const { region, name } = where;
  const use = { key, operations: choosing, via: 'dynamodb', bound: bound(name, asked), refuse: keyError };
  return keyNeeds({ ...use, region }, asked);
}

const item =
  (action: string): Needs =>
  (asked) =>
    itemNeeds([{ action, request: asked.input }], asked);

const createTable: Needs = (asked) => {
  const { TableName: name = '', SSESpecification } = asked.input;
  return [
    { action: 'dynamodb:CreateTable', resource: tableArn(asked, name) },
    ...choosingKey(SSESpecification, { name, region: asked.region }, asked),
  ];
};

/** A replica is made by UpdateTable, under permissions of its own and the key of its own region. */
const updateTable: Needs = (asked) => {
  const { TableName: name = '', SSESpecification, ReplicaUpdates: updates = [] } = asked.input;
  const { GlobalTableWitnessUpdates: witnesses = [] } = asked.input;
  const resource = tableArn(asked, name);
  return [
    { action: 'dynamodb:UpdateTable', resource },
    ...choosingKey(SSESpecification, { name, region: asked.region }, asked),
    ...witnesses.flatMap(({ Create, Delete }: any) => [
      ...(Create ? [{ action: 'dynamodb:CreateGlobalTableWitness', resource }] : []),
      ...(Delete ? [{ action: 'dynamodb:DeleteGlobalTableWitness', resource }] : []),
    ]),
    ...updates.flatMap(({ Create, Delete }: any) => [
      ...(Create ? [{ action: 'dynamodb:CreateTableReplica', resource }] : []),
      ...(Delete ? [{ action: 'dynamodb:DeleteTableReplica', resource }] : []),
      ...(Create?.KMSMasterKeyId
        ? choosingKey(
            { Enabled: true, KMSMasterKeyId: Create.KMSMasterKeyId },
            { name, region: Create.RegionName },
            asked,
          )
        : []),
    ]),
  ];
};

const onTable = (asked: Asked): string => tableArn(asked, String(asked.input.TableName ?? ''));
const onArn = ({ input }: Asked): string => String(input.ResourceArn);
const onAny = ({ region, account }: Asked): string => `arn:aws:dynamodb:${region}:${account}:table/*`;

/** The action sees to it that nobody else calls it. */
const onlyReplication: Needs = () => [];

export const dynamodbAuthorisation: Authorisation = {
  needs: {
    ...Object.fromEntries(
      ['DeleteItem', 'GetItem', 'PutItem', 'Query', 'Scan', 'UpdateItem'].map((action) => [action, item(action)]),
    ),
    ...needsOn(
      'dynamodb',
      ['DeleteTable', 'DescribeContinuousBackups', 'DescribeTable', 'DescribeTimeToLive'],
      onTable,
    ),
    ...needsOn('dynamodb', ['UpdateContinuousBackups', 'UpdateTimeToLive'], onTable),
    ...needsOn('dynamodb', ['DeleteResourcePolicy', 'GetResourcePolicy', 'ListTagsOfResource'], onArn),
    ...needsOn('dynamodb', ['PutResourcePolicy', 'TagResource', 'UntagResource'], onArn),
    ...needsOn('dynamodb', ['ListTables'], onAny),
    ApplyReplicaDeletion: onlyReplication,
    ApplyReplicaGroup: onlyReplication,
    ApplyReplicatedWrites: onlyReplication,
    ApplyWitness: onlyReplication,
    ExchangeOrderedWrites: onlyReplication,
    HoldOrderedItem: onlyReplication,
    BatchGetItem: (asked) => itemNeeds(batch('BatchGetItem', asked.input.RequestItems), asked),
    BatchWriteItem: (asked) => itemNeeds(batch('BatchWriteItem', asked.input.RequestItems), asked),
    CreateTable: createTable,
    TransactGetItems: (asked) => itemNeeds(transaction('TransactGetItems', asked.input.TransactItems), asked),
    TransactWriteItems: (asked) => itemNeeds(transaction('TransactWriteItems', asked.input.TransactItems), asked),
    UpdateTable: updateTable,
  },
  refuse: (message) => new ServiceError('AccessDeniedException', message),
};
