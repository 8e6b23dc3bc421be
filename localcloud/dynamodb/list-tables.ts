import type { ListTablesInput, ListTablesOutput } from '@aws-sdk/client-dynamodb';
import { type Action, refuseUnknown } from '../service.ts';
import type { Tables } from './state.ts';
import { invalid, type OnWire } from './values.ts';

const PAGE = 100;

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListTables.html */
export const listTables: Action<Tables, OnWire<ListTablesInput>, OnWire<ListTablesOutput>> = (input, state) => {
  refuseUnknown('ListTables', input, ['ExclusiveStartTableName', 'Limit']);
  const { ExclusiveStartTableName: start, Limit = PAGE } = input;
  if (Limit < 1 || Limit > PAGE) {
    const bound = Limit < 1 ? 'greater than or equal to 1' : `less than or equal to ${PAGE}`;
    throw invalid(
      `1 validation error detected: Value '${Limit}' at 'limit' failed to satisfy constraint: Member must have value ${bound}`,
    );
  }
  const names = [...state.byName.keys()].sort().filter((name) => start === undefined || name > start);
  const TableNames = names.slice(0, Limit);
  return { TableNames, ...(names.length > Limit ? { LastEvaluatedTableName: TableNames.at(-1)! } : {}) };
};
