import type { ScanInput, ScanOutput } from '@aws-sdk/client-dynamodb';
import { type Action, refuseUnknown } from '../service.ts';
import { readingOf, readPage, startOf, targetOf } from './pages.ts';
import type { Tables } from './state.ts';
import { type Entry, scan as entriesAfter, hash } from './storage.ts';
import { catchUp } from './strong/show.ts';
import { invalid, type OnWire } from './values.ts';

const KNOWN = [
  'TableName',
  'IndexName',
  'Select',
  'Limit',
  'ConsistentRead',
  'ExclusiveStartKey',
  'Segment',
  'TotalSegments',
  'ReturnConsumedCapacity',
  'ProjectionExpression',
  'FilterExpression',
  'ExpressionAttributeNames',
  'ExpressionAttributeValues',
];

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Scan.html */
export const scan: Action<Tables, OnWire<ScanInput>, OnWire<ScanOutput>> = (input, state, context) => {
  refuseUnknown('Scan', input, KNOWN);
  const target = targetOf(state, input);
  if (input.ConsistentRead) catchUp(target.table, context);
  const reading = readingOf(input, target);
  const entries = entriesAfter(target.entries, startOf(input, target));
  return readPage(segmentOf(entries, input), input, { target, reading });
};

/** Items of one partition key are in one segment. */
function segmentOf(entries: Iterable<Entry>, { Segment, TotalSegments }: OnWire<ScanInput>): Iterable<Entry> {
  if (Segment === undefined && TotalSegments === undefined) return entries;
  if (TotalSegments === undefined) {
    throw invalid(
      'The TotalSegments parameter is required but was not present in the request when Segment parameter is present',
    );
  }
  if (Segment === undefined) {
    throw invalid(
      'The Segment parameter is required but was not present in the request when parameter TotalSegments is present',
    );
  }
  if (Segment >= TotalSegments) {
    throw invalid(
      `The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: ${Segment} is not less than TotalSegments: ${TotalSegments}`,
    );
  }
  return only(entries, ({ partition }) => hash(partition) % TotalSegments === Segment);
}

function* only(entries: Iterable<Entry>, wanted: (entry: Entry) => boolean): Generator<Entry> {
  for (const entry of entries) if (wanted(entry)) yield entry;
}
