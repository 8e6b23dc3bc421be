/** Amazon CloudWatch: metrics, alarms, dashboards. Its signing name is `monitoring`. */
import type { Service } from '../service.ts';
import { deleteAlarms, disableAlarmActions, enableAlarmActions, setAlarmState } from './alarm-actions.ts';
import { deleteDashboards, getDashboard, listDashboards, putDashboard } from './dashboards.ts';
import { describeAlarms } from './describe-alarms.ts';
import { describeAlarmsForMetric } from './describe-alarms-for-metric.ts';
import { evaluateAlarms } from './evaluate.ts';
import { getMetricData } from './get-metric-data.ts';
import { getMetricStatistics } from './get-metric-statistics.ts';
import { describeAlarmHistory } from './history.ts';
import { listMetrics } from './list-metrics.ts';
import { putCompositeAlarm } from './put-composite-alarm.ts';
import { putMetricAlarm } from './put-metric-alarm.ts';
import { putMetricData } from './put-metric-data.ts';
import { createMonitoring, type Monitoring } from './state.ts';
import { listTagsForResource, tagResource, untagResource } from './tags.ts';

export const monitoring: Service<Monitoring> = {
  name: 'monitoring',
  create: createMonitoring,
  actions: {
    DeleteAlarms: deleteAlarms,
    DeleteDashboards: deleteDashboards,
    DescribeAlarmHistory: describeAlarmHistory,
    DescribeAlarms: describeAlarms,
    DescribeAlarmsForMetric: describeAlarmsForMetric,
    DisableAlarmActions: disableAlarmActions,
    EnableAlarmActions: enableAlarmActions,
    GetDashboard: getDashboard,
    GetMetricData: getMetricData,
    GetMetricStatistics: getMetricStatistics,
    ListDashboards: listDashboards,
    ListMetrics: listMetrics,
    ListTagsForResource: listTagsForResource,
    PutCompositeAlarm: putCompositeAlarm,
    PutDashboard: putDashboard,
    PutMetricAlarm: putMetricAlarm,
    PutMetricData: putMetricData,
    SetAlarmState: setAlarmState,
    TagResource: tagResource,
    UntagResource: untagResource,
  },
  internal: { EvaluateAlarms: evaluateAlarms },
  unrecorded: ['PutMetricData'],
};
