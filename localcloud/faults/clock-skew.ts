import type { Fault } from './fault.ts';

/**
 * The clock of an environment is ahead or behind: by milliseconds usually, by a minute at worst. AWS keeps its clocks
 * together (Amazon Time Sync Service), and nothing should hang on it.
 */
export const clockSkew: Fault = {
  name: 'clock-skew',
  most: 1,
  skew({ struck, number, between }) {
    struck();
    const most = [20, 1000, 60_000][between(0, 2, 'magnitude')]!;
    const skew = between(1, most, 'how much');
    return number('direction') < 0.5 ? skew : -skew;
  },
};
