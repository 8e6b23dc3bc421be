/** What CloudWatch asks of policies (Service Authorization Reference, "Amazon CloudWatch"). */
import { type Asked, type Authorisation, type Needs, needsOn } from '../policy/demand.ts';
import { ServiceError } from '../service.ts';

const alarm = ({ region, account }: Asked, name: string): string =>
  `arn:aws:cloudwatch:${region}:${account}:alarm:${name}`;

const onAlarm = (asked: Asked): string => alarm(asked, asked.input.AlarmName ?? '*');

/** Each of the alarms that a request names; all of them where it names none. */
const onAlarms =
  (action: string): Needs =>
  (asked) => {
    const names: readonly string[] = asked.input.AlarmNames ?? [];
    const resources = names.length === 0 ? [alarm(asked, '*')] : names.map((name) => alarm(asked, name));
    return resources.map((resource) => ({ action: `cloudwatch:${action}`, resource }));
  };

const dashboards =
  (action: string): Needs =>
  ({ account, input }) =>
    [input.DashboardName, ...(input.DashboardNames ?? [])]
      .filter((name) => name !== undefined)
      .map((name) => ({
        action: `cloudwatch:${action}`,
        resource: `arn:aws:cloudwatch::${account}:dashboard/${name}`,
      }));

/** The services' own metrics are theirs to send. */
const putMetricData: Needs = ({ call, input }) =>
  call.principal.kind === 'service'
    ? []
    : [{ action: 'cloudwatch:PutMetricData', resource: '*', keys: { 'cloudwatch:namespace': input.Namespace } }];

const nothingInParticular = ['GetMetricData', 'GetMetricStatistics', 'ListDashboards', 'ListMetrics'];
const tagged = ['ListTagsForResource', 'TagResource', 'UntagResource'];

export const monitoringAuthorisation: Authorisation = {
  needs: {
    ...needsOn('cloudwatch', nothingInParticular, () => '*'),
    ...needsOn('cloudwatch', tagged, ({ input }) => String(input.ResourceARN)),
    ...needsOn('cloudwatch', ['DescribeAlarmHistory', 'PutMetricAlarm', 'SetAlarmState'], onAlarm),
    ...needsOn('cloudwatch', ['DescribeAlarmsForMetric', 'PutCompositeAlarm'], onAlarm),
    ...Object.fromEntries(
      ['DeleteAlarms', 'DescribeAlarms', 'DisableAlarmActions', 'EnableAlarmActions'].map((action) => [
        action,
        onAlarms(action),
      ]),
    ),
    ...Object.fromEntries(
      ['DeleteDashboards', 'GetDashboard', 'PutDashboard'].map((action) => [action, dashboards(action)]),
    ),
    PutMetricData: putMetricData,
  },
  refuse: (message) => new ServiceError('AccessDenied', message, { status: 403 }),
};
