import type { Mutant } from './mutant.ts';

/** The metrics of a function that nobody calls are silent, and so are those of a breaker that is closed. */
export const alarmStuck: Mutant = {
  name: 'alarm-stuck',
  summary: 'alarms take the silence of a metric for bad news, and stay on when all is over',
  resources: ({ Type, Properties }) => {
    if (Type !== 'AWS::CloudWatch::Alarm') return false;
    Properties.TreatMissingData = 'breaching';
    return true;
  },
};
