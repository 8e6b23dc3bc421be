/** Adding and removing global secondary indexes. The items that are there are in a new index at once, where AWS takes minutes. */
import type { GlobalSecondaryIndexUpdate, UpdateTableInput } from '@aws-sdk/client-dynamodb';
import { type Context, refuseUnknown, ServiceError } from '../service.ts';
import { checkKeys } from './design.ts';
import { setDesign } from './indexes.ts';
import { informReplicas } from './replica-group.ts';
import type { Design, Table } from './state.ts';
import { invalid, type OnWire } from './values.ts';

type Input = OnWire<UpdateTableInput>;

/** @throws ServiceError ValidationException, ResourceNotFoundException, LimitExceededException */
export function updateIndexes(table: Table, input: Input, context: Context): void {
  const updates = input.GlobalSecondaryIndexUpdates ?? [];
  if (updates.length === 0) return;
  if (updates.length > 1) {
    throw new ServiceError(
      'LimitExceededException',
      'Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table',
    );
  }
  setDesign(table, changed(table, updates[0]!, input.AttributeDefinitions ?? []));
  const others = [...table.replicas.keys()];
  informReplicas(table, others, context, [context.region, ...others]);
}

function changed({ design }: Table, update: OnWire<GlobalSecondaryIndexUpdate>, given: Design['definitions']): Design {
  refuseUnknown('UpdateTable.GlobalSecondaryIndexUpdates', update, ['Create', 'Delete']);
  const { Create, Delete } = update;
  const exists = design.indexes.some(({ IndexName }) => IndexName === (Create ?? Delete)?.IndexName);
  if (Create && exists) throw invalid('Attempting to create an index which already exists');
  if (Delete && !exists) throw new ServiceError('ResourceNotFoundException', 'Requested resource not found');
  const indexes = Create
    ? [...design.indexes, Create as Design['indexes'][number]]
    : design.indexes.filter(({ IndexName }) => IndexName !== Delete?.IndexName);
  const used = new Set([design.schema, ...indexes.map(({ KeySchema }) => KeySchema ?? [])].flat().map(nameOf));
  const definitions = new Map([...given, ...design.definitions].map((definition) => [nameOf(definition), definition]));
  const next = { ...design, indexes, definitions: [...definitions.values()].filter((one) => used.has(nameOf(one))) };
  checkKeys(next);
  return next;
}

const nameOf = ({ AttributeName }: { readonly AttributeName?: string | undefined }) => AttributeName!;
