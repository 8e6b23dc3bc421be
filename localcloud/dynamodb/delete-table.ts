import type { DeleteTableInput, DeleteTableOutput } from '@aws-sdk/client-dynamodb';
import { type Action, refuseUnknown } from '../service.ts';
import { descriptionOf } from './describe-table.ts';
import { informReplicas } from './replica-group.ts';
import { describedTable, type Tables } from './state.ts';
import { invalid, type OnWire } from './values.ts';

/**
 * The table is gone at once. A member of a global table leaves its group.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteTable.html
 */
export const deleteTable: Action<Tables, OnWire<DeleteTableInput>, OnWire<DeleteTableOutput>> = (
  input,
  state,
  context,
) => {
  refuseUnknown('DeleteTable', input, ['TableName']);
  const table = describedTable(state, input.TableName!);
  if (table.deletionProtection) {
    throw invalid(
      'Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.',
    );
  }
  if (table.order) {
    throw invalid(
      `${table.name} is strongly consistent between Regions: remove its other members by UpdateTable first`,
    );
  }
  state.byName.delete(table.name);
  informReplicas(table, [...table.replicas.keys()], context);
  return { TableDescription: descriptionOf(table, context, 'DELETING') };
};
