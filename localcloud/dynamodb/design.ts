/** What a table is to be, checked. */
import type { CreateTableInput, KeySchemaElement } from '@aws-sdk/client-dynamodb';
import { refuseUnknown, ServiceError } from '../service.ts';
import type { Design } from './state.ts';
import { nameOfTable } from './table-names.ts';
import { invalid, type OnWire } from './values.ts';

/** Quota of the Developer Guide. */
const MOST_INDEXES = 20;

const wrong = (message: string) => invalid(`One or more parameter values were invalid: ${message}`);

/** @throws ServiceError ValidationException, or NotImplemented for provisioned capacity */
export function designOf(input: OnWire<CreateTableInput>): Design {
  const name = nameOfTable(input.TableName ?? '');
  if (!/^[A-Za-z0-9_.-]{3,255}$/.test(name)) {
    throw invalid(
      'TableName must be at least 3 characters long and at most 255 characters long, and may contain only the characters a-z, A-Z, 0-9, _, - and .',
    );
  }
  checkBillingMode(input.BillingMode);
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

/** @throws ServiceError ValidationException */
export function checkBillingMode(mode: string | undefined): void {
  if (mode === undefined || mode === 'PROVISIONED' || mode === 'PAY_PER_REQUEST') return;
  throw invalid(
    `1 validation error detected: Value '${mode}' at 'billingMode' failed to satisfy constraint: Member must satisfy enum value set: [PROVISIONED, PAY_PER_REQUEST]`,
  );
}

function checkIndexName(name: string): void {
  const constraint =
    name.length < 3
      ? 'have length greater than or equal to 3'
      : name.length > 255
        ? 'have length less than or equal to 255'
        : /^[a-zA-Z0-9_.-]+$/.test(name)
          ? undefined
          : 'satisfy regular expression pattern: [a-zA-Z0-9_.-]+';
  if (constraint === undefined) return;
  throw invalid(
    `1 validation error detected: Value '${name}' at 'globalSecondaryIndexes.1.member.indexName' failed to satisfy constraint: Member must ${constraint}`,
  );
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

/** @throws ServiceError ValidationException */
export function checkKeys({ definitions, schema, indexes }: Design): void {
  const types = new Map(definitions.map(({ AttributeName, AttributeType }) => [AttributeName!, AttributeType]));
  for (const [at, { AttributeType }] of definitions.entries()) {
    if (['S', 'N', 'B'].includes(AttributeType!)) continue;
    throw invalid(
      `1 validation error detected: Value '${AttributeType}' at 'attributeDefinitions.${at + 1}.member.attributeType' failed to satisfy constraint: Member must satisfy enum value set: [B, N, S]`,
    );
  }
  if (schema.length > 2) {
    throw invalid(
      `1 validation error detected: Value '${JSON.stringify(schema)}' at 'keySchema' failed to satisfy constraint: Member must have length less than or equal to 2`,
    );
  }
  if (schema.length > types.size) throw invalid('Invalid KeySchema: Some index key attribute have no definition');
  checkSchema(schema, types);
  if (indexes.length > MOST_INDEXES) {
    throw wrong(`GlobalSecondaryIndex count exceeds the per-table limit of ${MOST_INDEXES}`);
  }
  const used = new Set(schema.map(({ AttributeName }) => AttributeName!));
  const names = new Set<string>();
  for (const index of indexes) {
    refuseUnknown('GlobalSecondaryIndexes', index, ['IndexName', 'KeySchema', 'Projection']);
    checkIndexName(index.IndexName!);
    if (index.KeySchema && index.KeySchema.length > 2) {
      throw new ServiceError(
        'NotImplemented',
        `${index.IndexName}: the local cloud has indexes with one partition key and at most one sort key only`,
        { status: 501 },
      );
    }
    if (names.has(index.IndexName!)) throw wrong(`Duplicate index name: ${index.IndexName}`);
    names.add(index.IndexName!);
    checkSchema(index.KeySchema ?? [], types);
    for (const { AttributeName } of index.KeySchema!) used.add(AttributeName!);
    const { ProjectionType } = index.Projection ?? {};
    if (!['ALL', 'KEYS_ONLY', 'INCLUDE'].includes(ProjectionType ?? ''))
      throw wrong(`Unknown ProjectionType: ${ProjectionType}`);
  }
  if (used.size === types.size) return;
  if (indexes.length > 0) {
    throw wrong(
      `Some AttributeDefinitions are not used. AttributeDefinitions: [${[...types.keys()].join(', ')}], keys used: [${[...used].join(', ')}]`,
    );
  }
  throw wrong(
    `Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions`,
  );
}

function checkSchema(schema: readonly KeySchemaElement[], types: ReadonlyMap<string, unknown>): void {
  const [partition, sort] = schema;
  if (partition?.KeyType !== 'HASH')
    throw invalid('Invalid KeySchema: The first KeySchemaElement is not a HASH key type');
  if (partition.AttributeName === sort?.AttributeName) {
    throw invalid('Both the Hash Key and the Range Key element in the KeySchema have the same name');
  }
  if (sort && sort.KeyType !== 'RANGE')
    throw invalid('Invalid KeySchema: The second KeySchemaElement is not a RANGE key type');
  for (const { AttributeName } of schema) {
    if (types.has(AttributeName!)) continue;
    throw wrong(
      `Some index key attributes are not defined in AttributeDefinitions. Keys: [${schema.map((key) => key.AttributeName).join(', ')}], AttributeDefinitions: [${[...types.keys()].join(', ')}]`,
    );
  }
}
