import type { CreateTableInput, CreateTableOutput } from '@aws-sdk/client-dynamodb';
import { type Action, type Context, refuseUnknown, ServiceError } from '../service.ts';
import { descriptionOf } from './describe-table.ts';
import { designOf } from './design.ts';
import { createTable as emptyTable, type Table, type Tables } from './state.ts';
import { invalid, type OnWire } from './values.ts';

const KNOWN = [
  'TableName',
  'AttributeDefinitions',
  'KeySchema',
  'GlobalSecondaryIndexes',
  'BillingMode',
  'StreamSpecification',
  'SSESpecification',
  'Tags',
  'TableClass',
  'DeletionProtectionEnabled',
  'ResourcePolicy',
];

/**
 * The answer says CREATING, as AWS's does, but the table can be used at once.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html
 */
export const createTable: Action<Tables, OnWire<CreateTableInput>, OnWire<CreateTableOutput>> = (
  input,
  state,
  context,
) => {
  refuseUnknown('CreateTable', input, KNOWN);
  const design = designOf(input);
  if (state.byName.has(design.name))
    throw new ServiceError('ResourceInUseException', `Table already exists: ${design.name}`);
  const table = emptyTable(design, birthOf(design.name, context));
  table.deletionProtection = input.DeletionProtectionEnabled === true;
  table.keyArn = keyArnOf(input.SSESpecification, context);
  table.tableClass = input.TableClass ?? 'STANDARD';
  table.policy = input.ResourcePolicy;
  for (const { Key, Value } of input.Tags ?? []) table.tags.set(Key!, Value!);
  state.byName.set(table.name, table);
  return { TableDescription: descriptionOf(table, context, 'CREATING') };
};

export const birthOf = (name: string, context: Context): Pick<Table, 'arn' | 'id' | 'createdAt'> => ({
  arn: `arn:aws:dynamodb:${context.region}:${context.account}:table/${name}`,
  id: context.dice.uuid('dynamodb', 'table', context.region, name),
  createdAt: context.now,
});

/**
 * The ARN of the customer's key, which a request may give by id, alias or ARN; undefined for the key that AWS owns.
 * @throws ServiceError ValidationException
 */
export function keyArnOf(
  specification: OnWire<CreateTableInput>['SSESpecification'],
  { region, account }: Pick<Context, 'region' | 'account'>,
): string | undefined {
  if (!specification?.Enabled) return undefined;
  if (specification.SSEType !== undefined && specification.SSEType !== 'KMS') {
    throw invalid('One or more parameter values were invalid: SSEType AES256 is not supported');
  }
  const key = specification.KMSMasterKeyId ?? 'alias/aws/dynamodb';
  if (key.startsWith('arn:')) return key;
  return `arn:aws:kms:${region}:${account}:${key.startsWith('alias/') ? key : `key/${key}`}`;
}
