import type { ListTablesInput, ListTablesOutput } from '@aws-sdk/client-dynamodb';
import { type Action, refuseUnknown } from '../service.ts';
import type { Tables } from './state.ts';
import type { OnWire } from './values.ts';

const PAGE = 100;

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListTables.html */
export const listTables: Action<Tables, OnWire<ListTablesInput>, OnWire<ListTablesOutput>> = (input, state) => {
  refuseUnknown('ListTables', input, ['ExclusiveStartTableName', 'Limit']);
  const { ExclusiveStartTableName: start, Limit = PAGE } = input;
  const names = [...state.byName.keys()].sort().filter((name) => start === undefined || name > start);
  const TableNames = names.slice(0, Limit);
  return { TableNames, ...(names.length > Limit ? { LastEvaluatedTableName: TableNames.at(-1)! } : {}) };
};
