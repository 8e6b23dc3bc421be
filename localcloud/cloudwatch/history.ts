/** What happened to alarms. */
import type {
  AlarmHistoryItem,
  DescribeAlarmHistoryInput,
  DescribeAlarmHistoryOutput,
  HistoryItemType,
} from '@aws-sdk/client-cloudwatch';
import { type Action, refuseUnknown } from '../service.ts';
import { page } from './pages.ts';
import type { Monitoring, StoredAlarm } from './state.ts';
import { DAY, milliseconds } from './time.ts';

/** AWS keeps alarm history for 30 days. */
const KEPT = 30 * DAY;

export function remember(
  state: Monitoring,
  alarm: StoredAlarm,
  event: { type: HistoryItemType; summary: string; data: object; now: number },
): void {
  const old = event.now - KEPT;
  if ((state.history[0]?.Timestamp?.getTime() ?? event.now) < old) {
    state.history = state.history.filter((item) => item.Timestamp!.getTime() >= old);
  }
  state.history.push({
    AlarmName: alarm.name,
    AlarmType: alarm.kind === 'metric' ? 'MetricAlarm' : 'CompositeAlarm',
    Timestamp: new Date(event.now),
    HistoryItemType: event.type,
    HistorySummary: event.summary,
    HistoryData: JSON.stringify({ version: '1.0', ...event.data }),
  });
}

/** An alarm was created, changed or deleted. */
export function rememberUpdate(
  state: Monitoring,
  alarm: StoredAlarm,
  { what, now }: { what: 'created' | 'updated' | 'deleted'; now: number },
): void {
  const type = { created: 'Create', updated: 'Update', deleted: 'Delete' }[what];
  const summary = `Alarm "${alarm.name}" ${what}`;
  remember(state, alarm, { type: 'ConfigurationUpdate', summary, data: { type }, now });
}

const MEMBERS = [
  'AlarmName',
  'AlarmTypes',
  'HistoryItemType',
  'StartDate',
  'EndDate',
  'MaxRecords',
  'NextToken',
  'ScanBy',
];

/** DescribeAlarmHistory: of metric alarms unless asked otherwise, the newest first. */
export const describeAlarmHistory: Action<Monitoring, DescribeAlarmHistoryInput, DescribeAlarmHistoryOutput> = (
  input,
  state,
) => {
  refuseUnknown('monitoring:DescribeAlarmHistory', input, MEMBERS);
  const { AlarmName: name, AlarmTypes: types = ['MetricAlarm'], HistoryItemType: type, MaxRecords: size = 100 } = input;
  const start = input.StartDate === undefined ? 0 : milliseconds(input.StartDate, 'StartDate');
  const end = input.EndDate === undefined ? Number.POSITIVE_INFINITY : milliseconds(input.EndDate, 'EndDate');
  const wanted = (item: AlarmHistoryItem): boolean => {
    const at = item.Timestamp!.getTime();
    return (
      (name === undefined ? types.includes(item.AlarmType!) : item.AlarmName === name) &&
      (type === undefined || item.HistoryItemType === type) &&
      at >= start &&
      at <= end
    );
  };
  const found = state.history.filter(wanted);
  if (input.ScanBy !== 'TimestampAscending') found.reverse();
  const { items, rest } = page(found, input.NextToken, { size });
  return { AlarmHistoryItems: items, ...rest };
};
