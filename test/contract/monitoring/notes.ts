import type { Notes } from '../coverage.ts';

export const notes: Notes = {
  client: '@aws-sdk/client-cloudwatch',
  neverRaised: {
    InternalServiceFault: 'CloudWatch itself does not fail; a fault may make a call fail by the name of its choice',
    ConcurrentModificationException: 'calls are worked off one after the other: none sees another half done',
    ConflictException: 'putting what exists replaces it, and calls do not overlap: there is nothing to conflict with',
    LimitExceededFault: 'there is no quota on alarms',
    'DeleteAlarms!ResourceConflict': 'it is about log alarms and their scheduled queries, which are refused by name',
    'DeleteAlarms!ResourceNotFound':
      'names that no alarm has are passed over, as AWS was captured to do (radkawar/stackd, alarm_controls) and as its page says',
  },
  differences: [
    'Metrics are kept by the minute, for 25 hours; AWS keeps minutes for 15 days and coarser periods for 15 months. High resolution is accepted and kept by the minute; periods of less than a minute are refused by name.',
    'What was measured can be read at once; AWS needs seconds to minutes, and up to 15 minutes until ListMetrics knows a new metric.',
    'Percentiles are the nearest rank of the exact samples; AWS estimates them. Trimmed means and the other further statistics are refused by name.',
    'Of metric math there are the operators, METRICS, SUM, AVG, MIN, MAX, IF, FILL and RUNNING_SUM; other functions, SEARCH, Metrics Insights and several series as one answer are refused by name, as are several periods in one request with an expression.',
    'Alarms are evaluated on the minute, when the last period is just over; AWS evaluates once a minute too, at a second of its own, and looks at that period when its data is there.',
    'An alarm looks two periods beyond its evaluation range for missing data; AWS does not say how many it looks at, and its tables show two.',
    'ANOMALY_DETECTION_BAND is the threshold of an alarm only, and a flat band: mean ± width × standard deviation of the 24 hours before, from twelve points on; until then the alarm has INSUFFICIENT_DATA. AWS trains a model on up to two weeks, with hours, days and weeks in it. Thus ours says whether such an alarm is wired, not how well it would judge.',
    'SetAlarmState: a metric alarm goes back at its next evaluation, up to a period later; on AWS within seconds.',
    'Actions are SNS topics; Lambda functions, Systems Manager, EC2 and Auto Scaling actions are refused by name, as are EvaluateLowSampleCountPercentile `ignore`, action suppression, log alarms, mute rules, anomaly detectors, insight rules and metric streams.',
    'Composite alarms follow their children within the same call; a circle of them goes round once and stops.',
    'The text of StateReason for composite alarms and the data of ConfigurationUpdate in the history are shorter than those of AWS.',
    'Dashboards: the body must be a JSON object; its widgets are not validated, and no validation message ever warns.',
    'Errors about what does not exist say what it is; AWS leaves their message empty.',
    'Tokens of lists are positions.',
  ],
};
