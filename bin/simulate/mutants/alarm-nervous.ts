import type { Mutant } from './mutant.ts';

export const alarmNervous: Mutant = {
  name: 'alarm-nervous',
  summary: 'the alarms on dead letters fire at an empty queue',
  resources: ({ Type, Properties }) => {
    if (Type !== 'AWS::CloudWatch::Alarm' || !/dead-letters$/.test(Properties.AlarmName)) return false;
    Properties.Threshold = 0;
    return true;
  },
};
