import { alarmType } from './alarms.ts';

/** `Ref` is the name of the alarm. */
export const cloudwatchCompositeAlarm = alarmType('AWS::CloudWatch::CompositeAlarm', 'PutCompositeAlarm', [
  'ActionsEnabled',
  'ActionsSuppressor',
  'ActionsSuppressorExtensionPeriod',
  'ActionsSuppressorWaitPeriod',
  'AlarmActions',
  'AlarmDescription',
  'AlarmName',
  'AlarmRule',
  'InsufficientDataActions',
  'OKActions',
  'Tags',
]);
