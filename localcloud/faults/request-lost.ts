import { noAnswer } from './errors.ts';
import type { Fault } from './fault.ts';
import { overNetwork } from './places.ts';

/** A request never arrives: the connection breaks, at once or after a while, and the client cannot know that nothing happened. */
export const requestLost: Fault = {
  name: 'request-lost',
  most: 0.1,
  calls: overNetwork,
  before(_call, { struck }) {
    struck();
    throw noAnswer();
  },
  travel: (_call, { between, number }) => ({ there: 0, back: number('slow') < 0.5 ? 0 : between(1, 3000, 'how slow') }),
};
