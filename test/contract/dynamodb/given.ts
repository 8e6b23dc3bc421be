/**
 * Tables and sources for the contract of DynamoDB. On a real account a table takes seconds to make and a replica minutes:
 * run with `--testTimeout=900000` there.
 */
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DeleteTableCommand,
  DescribeTableCommand,
  GetItemCommand,
  PutItemCommand,
  type TableDescription,
  UpdateTableCommand,
} from '@aws-sdk/client-dynamodb';
import { expect } from 'vitest';
import type { Aws, Clients } from '../contract.ts';

/** A page of the API reference. */
export const api = (action: string): string =>
  `https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_${action}.html`;

/** A page of the Developer Guide. */
export const guide = (page: string): string =>
  `https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/${page}.html`;

/** A file of a public suite whose expectations were recorded from AWS. */
export const recorded = (path: string): string =>
  `https://github.com/paritysuite/dynamodb-conformance/blob/main/tests/${path}.test.ts`;

/** The same of another suite, which runs against AWS as well. */
export const dynalite = (file: string): string => `https://github.com/architect/dynalite/blob/main/test/${file}.js`;

export const S = (text: string) => ({ S: text });
export const N = (number: number | string) => ({ N: String(number) });

/** An index of everything by `kind` and `at`. */
export const byKind = {
  IndexName: 'by-kind',
  KeySchema: [
    { AttributeName: 'kind', KeyType: 'HASH' },
    { AttributeName: 'at', KeyType: 'RANGE' },
  ],
  Projection: { ProjectionType: 'ALL' },
} as const;

/** A table by `id`. */
export const byId = {
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
  KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
} as const;

/** What a table needs before it may have replicas. */
export const stream = {
  StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
} as const;

/** A table by `id` and the number `at`. */
export const byIdAndTime = {
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: [
    { AttributeName: 'id', AttributeType: 'S' },
    { AttributeName: 'at', AttributeType: 'N' },
  ],
  KeySchema: [
    { AttributeName: 'id', KeyType: 'HASH' },
    { AttributeName: 'at', KeyType: 'RANGE' },
  ],
} as const;

/** The same with the index {@link byKind}. */
export const indexed = {
  ...byIdAndTime,
  AttributeDefinitions: [...byIdAndTime.AttributeDefinitions, { AttributeName: 'kind', AttributeType: 'S' }],
  GlobalSecondaryIndexes: [byKind],
} as const;

/** For the SDK, whose types have no read-only arrays. */
export const designOf = (design: object): Omit<CreateTableCommandInput, 'TableName'> =>
  structuredClone(design) as Omit<CreateTableCommandInput, 'TableName'>;

/** Makes a table that can be used; it is gone after the test. */
export async function givenTable(aws: Aws, design: object = byId): Promise<string> {
  const TableName = aws.name('table');
  await aws.dynamodb.send(new CreateTableCommand({ TableName, ...designOf(design) }));
  aws.afterwards(() => deleteTable(aws, aws, TableName));
  await active(aws, aws, TableName);
  return TableName;
}

/** The same in two regions; the second is {@link elsewhere}. */
export async function givenGlobalTable(aws: Aws): Promise<{ TableName: string; far: Clients }> {
  const far = elsewhere(aws);
  const TableName = await givenTable(aws, { ...byId, ...stream });
  await addReplica(aws, TableName, far.region);
  aws.afterwards(() => removeReplica(aws, TableName, far.region));
  return { TableName, far };
}

export const elsewhere = (aws: Aws): Clients => aws.in(aws.region === 'eu-central-1' ? 'eu-west-1' : 'eu-central-1');

export async function addReplica(aws: Aws, TableName: string, region: string): Promise<void> {
  const ReplicaUpdates = [{ Create: { RegionName: region } }];
  await aws.dynamodb.send(new UpdateTableCommand({ TableName, ReplicaUpdates }));
  await active(aws, aws, TableName);
  await active(aws, aws.in(region), TableName);
}

export async function removeReplica(aws: Aws, TableName: string, region: string): Promise<void> {
  const ReplicaUpdates = [{ Delete: { RegionName: region } }];
  await aws.dynamodb.send(new UpdateTableCommand({ TableName, ReplicaUpdates }));
  await active(aws, aws, TableName);
}

/** Waits until a table, its indexes and its replicas are ready; resolves with its description. */
export const active = (aws: Aws, { dynamodb }: Clients, TableName: string): Promise<TableDescription> =>
  eventually(aws, async () => {
    const { Table } = await dynamodb.send(new DescribeTableCommand({ TableName }));
    expect(Table!.TableStatus).toBe('ACTIVE');
    for (const { IndexStatus } of Table!.GlobalSecondaryIndexes ?? []) expect(IndexStatus).toBe('ACTIVE');
    for (const { ReplicaStatus } of Table!.Replicas ?? []) expect(ReplicaStatus).toBe('ACTIVE');
    return Table!;
  });

async function deleteTable(aws: Aws, { dynamodb }: Clients, TableName: string): Promise<void> {
  await active(aws, aws, TableName);
  await dynamodb.send(new DeleteTableCommand({ TableName }));
}

/** Tries once a second, for at most ten minutes, until it does not throw. */
export async function eventually<T>(aws: Aws, attempt: () => Promise<T>): Promise<T> {
  for (let second = 0; second < 600; second++) {
    try {
      return await attempt();
    } catch {
      await aws.pass(1000);
    }
  }
  return attempt();
}

type Item = NonNullable<ConstructorParameters<typeof PutItemCommand>[0]['Item']>;

export const put = ({ dynamodb }: Clients, TableName: string, Item: Item) =>
  dynamodb.send(new PutItemCommand({ TableName, Item }));

/** The item as the last write left it. */
export const get = async ({ dynamodb }: Clients, TableName: string, Key: Item): Promise<Item | undefined> =>
  (await dynamodb.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }))).Item;
