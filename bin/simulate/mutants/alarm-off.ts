import type { Mutant } from './mutant.ts';

export const alarmOff: Mutant = {
  name: 'alarm-off',
  summary: 'the alarms on dead letters and quarantine never fire',
  resources: ({ Type, Properties }) => {
    if (Type !== 'AWS::CloudWatch::Alarm' || !/(dead-letters|quarantine)$/.test(Properties.AlarmName)) return false;
    Properties.Threshold = 1_000_000;
    return true;
  },
};
