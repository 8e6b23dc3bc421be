/** What a table is to be, checked. */
import type { CreateTableInput, KeySchemaElement } from '@aws-sdk/client-dynamodb';
import { refuseUnknown, ServiceError } from '../service.ts';
import { type Design, nameOfTable } from './state.ts';
import { invalid, type OnWire } from './values.ts';

const wrong = (message: string) => invalid(`One or more parameter values were invalid: ${message}`);

/** @throws ServiceError ValidationException, or NotImplemented for provisioned capacity */
export function designOf(input: OnWire<CreateTableInput>): Design {
  const name = nameOfTable(input.TableName ?? '');
  if (!/^[A-Za-z0-9_.-]{3,255}$/.test(name)) {
    throw invalid(
      'TableName must be at least 3 characters long and at most 255 characters long, and may contain only the characters a-z, A-Z, 0-9, _, - and .',
    );
  }
  if (input.BillingMode !== 'PAY_PER_REQUEST') {
    throw new ServiceError(
      'NotImplemented',
      `${name}: the local cloud has tables with BillingMode PAY_PER_REQUEST only`,
      { status: 501 },
    );
  }
  checkStreams(input.StreamSpecification);
  const design: Design = {
    name,
    definitions: input.AttributeDefinitions ?? [],
    schema: input.KeySchema ?? [],
    indexes: input.GlobalSecondaryIndexes ?? [],
    streams: input.StreamSpecification?.StreamEnabled ? input.StreamSpecification : undefined,
  };
  checkKeys(design);
  return design;
}

/** Global tables ask for a stream, which replication stands in for; there is none to read. */
export function checkStreams(streams: OnWire<CreateTableInput>['StreamSpecification']): void {
  if (!streams?.StreamEnabled || streams.StreamViewType === 'NEW_AND_OLD_IMAGES') return;
  throw new ServiceError(
    'NotImplemented',
    'the local cloud supports streams for replication only: StreamViewType NEW_AND_OLD_IMAGES',
    {
      status: 501,
    },
  );
}

function checkKeys({ definitions, schema, indexes }: Design): void {
  const types = new Map(definitions.map(({ AttributeName, AttributeType }) => [AttributeName!, AttributeType]));
  for (const [name, type] of types) {
    if (!['S', 'N', 'B'].includes(type!)) {
      throw invalid(`Member must satisfy enum value set: [B, N, S]; the type of ${name} is ${type}`);
    }
  }
  checkSchema(schema, types);
  const used = new Set(schema.map(({ AttributeName }) => AttributeName!));
  const names = new Set<string>();
  for (const index of indexes) {
    refuseUnknown('GlobalSecondaryIndexes', index, ['IndexName', 'KeySchema', 'Projection']);
    if (names.has(index.IndexName!)) throw wrong(`Duplicate index name: ${index.IndexName}`);
    names.add(index.IndexName!);
    checkSchema(index.KeySchema ?? [], types);
    for (const { AttributeName } of index.KeySchema!) used.add(AttributeName!);
    const { ProjectionType } = index.Projection ?? {};
    if (!['ALL', 'KEYS_ONLY', 'INCLUDE'].includes(ProjectionType ?? ''))
      throw wrong(`Unknown ProjectionType: ${ProjectionType}`);
  }
  if (used.size === types.size) return;
  throw wrong(
    `Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions`,
  );
}

function checkSchema(schema: readonly KeySchemaElement[], types: ReadonlyMap<string, unknown>): void {
  const [partition, sort, ...others] = schema;
  if (partition?.KeyType !== 'HASH')
    throw invalid('Invalid KeySchema: The first KeySchemaElement is not a HASH key type');
  if (sort && sort.KeyType !== 'RANGE')
    throw invalid('Invalid KeySchema: The second KeySchemaElement is not a RANGE key type');
  if (others.length > 0) throw invalid('Invalid KeySchema: at most one HASH and one RANGE key type');
  if (partition.AttributeName === sort?.AttributeName) {
    throw invalid('Both the Hash Key and the Range Key element in the KeySchema have the same name');
  }
  for (const { AttributeName } of schema) {
    if (types.has(AttributeName!)) continue;
    throw wrong(
      `Some index key attributes are not defined in AttributeDefinitions. Keys: [${schema.map((key) => key.AttributeName).join(', ')}], AttributeDefinitions: [${[...types.keys()].join(', ')}]`,
    );
  }
}
