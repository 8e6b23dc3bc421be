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

export function tables(options: { gate?: Gate; seed?: string; others?: readonly Service[] } = {}): Tables {
  const bench = testCloud([dynamodb, ...(options.others ?? [])], options);
  return {
    ...bench,
    ask: (action, input = {}) => bench.call('dynamodb', action, input),
    askFar: (action, input = {}) => bench.call('dynamodb', action, input, { region: 'eu-central-1' }),
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
