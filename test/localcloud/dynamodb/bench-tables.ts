/** Tables for the tests, and a shorter way to call. */

import type { Gate } from '../../../localcloud/cloud.ts';
import { dynamodb } from '../../../localcloud/dynamodb/index.ts';
import type { Service } from '../../../localcloud/service.ts';
import { type TestCloud, testCloud } from '../bench-cloud.ts';

export interface Tables extends TestCloud {
  /** Calls an action of DynamoDB in eu-west-1. */
  ask<Output = any>(action: string, input?: object): Promise<Output>;
  /** The same in eu-central-1. */
  askFar<Output = any>(action: string, input?: object): Promise<Output>;
}

/** Milliseconds that a transaction takes at most. */
const TRANSACTION = 10;

export function tables(options: { gate?: Gate; seed?: string; others?: readonly Service[] } = {}): Tables {
  const bench = testCloud([dynamodb, ...(options.others ?? [])], options);
  const ask = async (action: string, input: object, region: string) => {
    const asked = bench.call('dynamodb', action, input, { region });
    asked.catch(() => {}); // handed to the caller below
    if (action === 'TransactWriteItems') await bench.pass(TRANSACTION);
    return asked;
  };
  return {
    ...bench,
    ask: (action, input = {}) => ask(action, input, 'eu-west-1'),
    askFar: (action, input = {}) => ask(action, input, 'eu-central-1'),
  };
}

/** `things`: a partition key `id`. */
export const things = {
  TableName: 'things',
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
  KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
};

/** `readings`: a partition key `sensor`, a numeric sort key `at`, and an index by `kind` and `at`. */
export const readings = {
  TableName: 'readings',
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: [
    { AttributeName: 'sensor', AttributeType: 'S' },
    { AttributeName: 'at', AttributeType: 'N' },
    { AttributeName: 'kind', AttributeType: 'S' },
  ],
  KeySchema: [
    { AttributeName: 'sensor', KeyType: 'HASH' },
    { AttributeName: 'at', KeyType: 'RANGE' },
  ],
  GlobalSecondaryIndexes: [
    {
      IndexName: 'by-kind',
      KeySchema: [
        { AttributeName: 'kind', KeyType: 'HASH' },
        { AttributeName: 'at', KeyType: 'RANGE' },
      ],
      Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['value'] },
    },
  ],
};

/** The `message` of a refusal, with its code before it. */
export const refusal = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    (answer) => `not refused: ${JSON.stringify(answer)}`,
    (error) => `${error.code}: ${error.message}`,
  );
