import type {
  DescribeTimeToLiveInput,
  DescribeTimeToLiveOutput,
  UpdateTimeToLiveInput,
  UpdateTimeToLiveOutput,
} from '@aws-sdk/client-dynamodb';
import { type Action, refuseUnknown } from '../service.ts';
import { informReplicas } from './replica-group.ts';
import { describedTable, type Tables } from './state.ts';
import { refuseForStrong } from './strong/group.ts';
import { watchAll } from './time-to-live.ts';
import { invalid, type OnWire } from './values.ts';

/** "Any additional UpdateTimeToLive calls for the same table during this one hour duration result in a ValidationException." */
const SETTLING = 3600_000;

/**
 * Holds for all regions of a global table.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTimeToLive.html
 */
export const updateTimeToLive: Action<Tables, OnWire<UpdateTimeToLiveInput>, OnWire<UpdateTimeToLiveOutput>> = (
  input,
  state,
  context,
) => {
  refuseUnknown('UpdateTimeToLive', input, ['TableName', 'TimeToLiveSpecification']);
  const table = describedTable(state, input.TableName!);
  refuseForStrong(table, 'Time to Live');
  const { Enabled, AttributeName } = input.TimeToLiveSpecification!;
  if (!AttributeName) throw invalid('TimeToLiveSpecification.AttributeName must be non empty');
  if (Enabled && table.timeToLive !== undefined) throw invalid('TimeToLive is already enabled');
  if (!Enabled && table.timeToLive === undefined) throw invalid('TimeToLive is already disabled');
  if (!Enabled && table.timeToLive !== AttributeName)
    throw invalid('TimeToLive is active on a different AttributeName');
  if (table.timeToLiveChangedAt !== undefined && context.now < table.timeToLiveChangedAt + SETTLING) {
    throw invalid('Time to live has been modified multiple times within a fixed interval');
  }
  table.timeToLiveChangedAt = context.now;
  table.timeToLive = Enabled ? AttributeName : undefined;
  table.nextSweep = undefined;
  watchAll(table, context);
  const others = [...table.replicas.keys()];
  informReplicas(table, others, context, [context.region, ...others]);
  return { TimeToLiveSpecification: input.TimeToLiveSpecification };
};

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeTimeToLive.html */
export const describeTimeToLive: Action<Tables, OnWire<DescribeTimeToLiveInput>, OnWire<DescribeTimeToLiveOutput>> = (
  input,
  state,
) => {
  refuseUnknown('DescribeTimeToLive', input, ['TableName']);
  const { timeToLive } = describedTable(state, input.TableName!);
  if (timeToLive === undefined) return { TimeToLiveDescription: { TimeToLiveStatus: 'DISABLED' } };
  return { TimeToLiveDescription: { TimeToLiveStatus: 'ENABLED', AttributeName: timeToLive } };
};
